"""Events as they could be, written by hand from the text of the contracts and not from the models' bounds."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from shared.contracts.achievement import Achievement
from shared.contracts.assessment import GradedAttempt, LearnerAssessed, LearnerPassed, Pass
from shared.contracts.enrolment import Offering, OfferingPublished
from shared.contracts.envelope import Event
from shared.contracts.examples.offering import LEARNING, STANDING, TERMS
from shared.contracts.platform import LearnerRegistered, Registration, Result, ResultReported
from shared.contracts.policy import Band, Component, LatePenalty, Policy, RecognitionRule
from shared.contracts.profile import Issuer
from shared.contracts.rulings import AllMigrated, Extension, ExtensionGranted, Migration
from shared.contracts.schema import wire_form

_LETTERS = "abcXYZ019._-~"
IDENTIFIERS = st.text(_LETTERS + ":@+%/", min_size=1, max_size=200)
LEARNERS = st.text(_LETTERS, min_size=1, max_size=128)
TENANTS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
_OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=_OFFSETS | st.just(UTC))  # noqa: DTZ001 - the zone is drawn
GRADES = st.floats(0, 100)
VERSIONS = st.text("0123456789abcdef", min_size=12, max_size=12)
TITLES = st.text(min_size=1, max_size=200).map(str.strip).filter(lambda text: text and text.isprintable())


def _some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def _event(kind: type[Event], data: st.SearchStrategy[Any], **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Event]:
    envelope = {
        "id": IDENTIFIERS,
        "source": st.text(min_size=1, max_size=300),
        "time": MOMENTS,
        "tenant": TENANTS,
        "platform": _some(IDENTIFIERS),
        "traceparent": _some(st.from_regex(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", fullmatch=True)),
    }
    return st.builds(kind, data=data, **envelope, **more)


@st.composite
def results(draw: st.DrawFn) -> Result:
    maximum = draw(st.floats(0, 1_000_000, exclude_min=True))
    return Result(
        offering=draw(IDENTIFIERS),
        component=draw(IDENTIFIERS),
        attempt=draw(_some(IDENTIFIERS)),
        final=draw(st.booleans()),
        score=draw(_some(st.floats(0, maximum))),
        max_score=maximum,
        carried_over=draw(st.booleans()),
    )


_PERCENTS = st.decimals(0, 100, places=2)
_WEIGHTS = st.decimals(Decimal("0.01"), 1000, places=2)
POLICIES = st.builds(
    Policy,
    components=st.lists(
        st.builds(
            Component,
            id=IDENTIFIERS,
            title=_some(TITLES),
            weight=_WEIGHTS,
            must_reach=_some(_PERCENTS),
            due=_some(MOMENTS),
            identity=st.booleans(),
        ),
        min_size=1,
        max_size=5,
        unique_by=lambda component: component.id,
    ).map(tuple),
    pass_mark=_PERCENTS,
    attempts=st.sampled_from(["best", "last", "mean"]),
    attempts_limit=_some(st.integers(1, 1000)),
    late=_some(st.builds(LatePenalty, percent=_PERCENTS, cut_off_hours=_some(st.integers(1, 8760)))),
    resit_cap=_some(_PERCENTS),
    bands=st.lists(st.builds(Band, name=TITLES, starts_at=_PERCENTS), max_size=1).map(tuple),
    awaits_release=st.booleans(),
    recognition=_some(st.builds(RecognitionRule, percent=_some(_PERCENTS), most_percent=_PERCENTS)),
    decided_by=st.sampled_from(["grade", "platform"]),
)
OFFERINGS = st.builds(
    Offering,
    offering=IDENTIFIERS,
    achievement=st.builds(Achievement, name=TITLES, description=TITLES, criteria=TITLES),
    issuer=st.builds(Issuer, name=TITLES),
    policy=POLICIES,
    learning=_some(st.just(LEARNING)),
    standing=_some(st.just(STANDING)),
    terms=_some(st.just(TERMS)),
)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    _event(LearnerRegistered, st.builds(Registration, offering=IDENTIFIERS), learnerref=LEARNERS),
    _event(ResultReported, results(), learnerref=LEARNERS),
    _event(
        LearnerAssessed,
        st.builds(
            GradedAttempt,
            offering=IDENTIFIERS,
            component=IDENTIFIERS,
            result_id=IDENTIFIERS,
            score_percent=GRADES,
            grade_percent=GRADES,
            policy_version=VERSIONS,
        ),
        learnerref=LEARNERS,
    ),
    _event(
        LearnerPassed,
        st.builds(
            Pass,
            offering=IDENTIFIERS,
            grade_percent=GRADES,
            policy_version=VERSIONS,
            ordinal=st.integers(1, 2**31),
        ),
        learnerref=LEARNERS,
    ),
    _event(OfferingPublished, OFFERINGS),
    _event(
        ExtensionGranted,
        st.builds(Extension, offering=IDENTIFIERS, by=TITLES, component=IDENTIFIERS, due=MOMENTS),
        learnerref=LEARNERS,
    ),
    _event(AllMigrated, st.builds(Migration, offering=IDENTIFIERS, by=TITLES, policy_version=VERSIONS)),
)

_NOT_THIS: dict[str, list[Any]] = {
    "id": ["", "a b", "ü", 7, True, "x" * 201],
    "source": ["", 1, "x" * 301],
    "time": [1_700_000_000, "yesterday", "2026-01-01T00:00:00"],
    "specversion": ["0.3", 1.0],
    "datacontenttype": ["text/xml"],
    "tenant": ["", "Upper", "-a", "a" * 64, "a.b"],
    "platform": ["", [], {}],
    "traceparent": ["00-0-0-00", "01-" + "0" * 32 + "-" + "0" * 16 + "-00"],
    "data": [{}, [], "text", 0],
}


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[type[Event], bytes, Any]:
    """A written event with one attribute that is not as the contract says."""
    event = draw(EVENTS)
    name = draw(st.sampled_from(sorted(_NOT_THIS)))
    content = wire_form(event) | {name: draw(st.sampled_from(_NOT_THIS[name]))}
    return type(event), json.dumps(content).encode(), content
