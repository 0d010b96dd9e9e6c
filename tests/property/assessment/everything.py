"""Everything that can be reported of one learner, ruled on them and laid down in a policy, in small numbers."""

from typing import Any

from hypothesis import strategies as st

from shared.contracts.enrolment import OfferingPublished
from shared.contracts.envelope import Event
from tests.unit.assessment import facts as an
from tests.unit.assessment import more
from tests.unit.assessment.facts import at

COMPONENTS = ("tma", "exam", "quiz", "essay")
ABOUT = st.sampled_from(["exam", "exam", "exam", *COMPONENTS])
#: Minutes that meet often; a step of lateness has 60 of them.
MINUTES = st.sampled_from([0, 1, 2, 3, 61, 200])
MARKS = st.sampled_from([None, 0, 30, 39.999, 40, 70, 100])
SAYERS = st.sampled_from([None, "passing status", "certificate"])
PERCENTS = st.sampled_from(["0", "30", "40", "70"])
NAMES = st.sampled_from([None, "a", "b", "grade"])
IDS = ("result", "verdict", "recognised", "checked")


#: The rules that a policy may add, one by one; most are off in most policies, so that what one does can be seen.
RULES: dict[str, st.SearchStrategy[Any]] = {
    "attempts": st.sampled_from(["last", "mean"]),
    "attempts_limit": st.sampled_from([1, 2]),
    "groups": st.just([{"id": "g", "components": ["quiz", "essay"], "best": 1}]),
    "late": st.fixed_dictionaries(
        {"percent": PERCENTS, "step_hours": st.just(1), "cut_off_hours": st.sampled_from([None, 1, 2])}
    ),
    "resit_cap": PERCENTS,
    "awaits_release": st.just(True),
    "recognition": st.fixed_dictionaries(
        {
            "effect": st.sampled_from(["excuse", "contribute"]),
            "percent": st.none() | PERCENTS,
            "most_percent": st.sampled_from(["30", "50", "100"]),
        }
    ),
    "decided_by": st.just("platform"),
}
OF_COMPONENTS: dict[str, st.SearchStrategy[Any]] = {
    "must_reach": PERCENTS,
    "due": MINUTES.map(at),
    "identity": st.just(True),
    "recognisable": st.just(False),
}


@st.composite
def some_of(draw: st.DrawFn, rules: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """Return none, one, or a few of these rules."""
    names = draw(st.lists(st.sampled_from(sorted(rules)), max_size=3, unique=True))
    return {name: draw(rules[name]) for name in names}


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    """Return a policy, as content: the exam is what most is about."""
    weights = draw(st.sampled_from([("0", "1", "1", "1"), ("1", "1", "1", "1"), ("2.5", "1", "0", "0")]))
    parts: list[dict[str, Any]] = [
        {"id": name, "weight": weight} for name, weight in zip(COMPONENTS, weights, strict=True)
    ]
    parts[1] |= draw(some_of(OF_COMPONENTS))
    if draw(st.booleans()):
        parts = [each | draw(some_of(OF_COMPONENTS)) for each in parts]
    rules = draw(some_of(RULES))
    if "groups" not in rules and draw(st.booleans()):
        parts = [each for each in parts if each["id"] == "exam" and each["weight"] != "0"]
    bands = [{"name": "Merit", "starts_at": 60}]
    return {"components": parts, "pass_mark": draw(st.sampled_from(["30", "40", "50"])), "bands": bands, **rules}


def published(policy: dict[str, Any], minute: int = 0) -> OfferingPublished:
    rules = {name: value for name, value in policy.items() if name != "components"}
    return more.offering(*policy["components"], minute=minute, **rules)


@st.composite
def reports(draw: st.DrawFn, id_: str) -> Event:
    """Return one thing that a platform reports besides places; the kind is in its id, so that an id has one content."""
    minute, component = draw(MINUTES), draw(ABOUT)
    if id_.startswith("verdict"):
        return more.verdict(id_, passed=draw(st.booleans()), minute=minute, by=draw(SAYERS))
    if id_.startswith("recognised"):
        return more.recognised(id_, draw(st.sampled_from([component, None])), minute)
    if id_.startswith("checked"):
        return more.checked(id_, draw(NAMES), verified=draw(st.booleans()), component=component, minute=minute)
    told: dict[str, Any] = {"attempt": draw(NAMES), "final": draw(st.sampled_from([True, True, False]))}
    carried = draw(st.sampled_from([False, False, True]))
    return an.result(id_, draw(MARKS), component=component, minute=minute, carried_over=carried, **told)


@st.composite
def rulings(draw: st.DrawFn, number: int, versions: list[str]) -> Event:
    minute, component = draw(MINUTES), draw(st.sampled_from([None, "exam", *COMPONENTS]))
    version, replaces = draw(st.sampled_from(versions)), draw(st.sampled_from([None, *versions]))
    made = (
        lambda: more.released(f"ruling{number}", component, minute),
        lambda: more.all_released(f"ruling{number}", component, minute),
        lambda: more.extended(f"ruling{number}", draw(MINUTES), component or "exam", minute),
        lambda: more.migrated(f"ruling{number}", version, minute, replaces),
        lambda: more.all_migrated(f"ruling{number}", version, minute, replaces),
    )
    return draw(st.sampled_from(made))()


@st.composite
def histories(draw: st.DrawFn, versions: list[str]) -> list[Event]:
    """Return what happens to one learner: places, reports, rulings, and some of the reports taken back."""
    places: list[Event] = [
        an.enrolled(draw(MINUTES), f"r{n}") for n in range(draw(st.sampled_from([1, 1, 1, 1, 0, 2])))
    ]
    places += [an.unenrolled(draw(MINUTES), f"u{n}") for n in range(draw(st.sampled_from([0, 0, 0, 1])))]
    ids = [f"{draw(st.sampled_from([*IDS, 'result', 'checked']))}-{n}" for n in range(draw(st.integers(0, 9)))]
    told = [draw(reports(id_)) for id_ in ids]
    ruled = [draw(rulings(number, versions)) for number in range(draw(st.integers(0, 4)))]
    back = draw(st.lists(st.sampled_from(ids), max_size=2, unique=True)) if ids else []
    return [*places, *told, *ruled, *(an.voided(id_) for id_ in back)]
