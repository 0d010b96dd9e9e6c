"""What happens to made-up learners, without an end: for each service what it hears first, and then while faults strike.

Across topics Kafka defines no order, so what must be known first is published and folded in quiet phases; under fire
each learner's events stand on one topic, or their order does not matter (analytics).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from deploy.cli.demo_data.courses import courses
from shared.contracts.assessment import GradedAttempt, LearnerAssessed, LearnerPassed, Pass, PassWithdrawn, Withdrawal
from shared.contracts.enrolment import Enrolment, LearnerEnrolled, Offering, OfferingPublished
from shared.contracts.envelope import Event, utc
from shared.contracts.issuance import CredentialIssued, IssuedCredential
from shared.contracts.platform import (
    LearnerRegistered,
    LearnerUnregistered,
    Registration,
    Result,
    ResultReported,
    ResultVoided,
    Voiding,
)
from shared.contracts.topics import PASSED, PLATFORM_EVENTS
from shared.testing.counting import numbered_result

TENANT = "uni"
_START = utc("2025-01-01T00:00:00Z")
_POOL = 400
_SPREAD = 40


@dataclass(frozen=True, slots=True)
class Story:
    """What one service hears: quiet phases, then a stream; `burst` of it in each quarter of a second.

    `fire` is the topic that the stream, or the part of it that counts most, goes to.
    """

    phases: tuple[tuple[Event, ...], ...]
    stream: Iterator[Event]
    burst: int
    fire: str = PLATFORM_EVENTS.name


def story_of(service: str, seed: int) -> Story:
    """Return a service's story; the same seed tells the same one."""
    rng = Random(f"{seed}/{service}")
    catalogue = tuple(published(each) for each in _offerings())
    match service:
        case "counting":
            return Story((), _numbered(), 60)
        case "enrolment":
            return Story((catalogue,), _registrations(rng), 40)
        case "assessment":
            return Story((catalogue, tuple(_places())), _results(rng), 40)
        case "issuance":
            return Story((catalogue,), _passes(rng), 12, PASSED.name)
        case "analytics":
            return Story((catalogue,), _journeys(rng), 30, PASSED.name)
    raise ValueError(f"no story is told to {service}")


def published(offering: Offering) -> OfferingPublished:
    """Return the publication of an offering."""
    return OfferingPublished(
        id=f"published-{offering.offering}", source="chaos", time=_START, tenant=TENANT, data=offering
    )


def _offerings() -> list[Offering]:
    return [course.offering for course in courses()]


def _at(number: int) -> datetime:
    return _START + timedelta(seconds=number % 20_000_000)


def _told(kind: str, number: int, learner: int) -> dict[str, Any]:
    return {
        "id": f"{kind}-{number}",
        "source": "chaos",
        "time": _at(number),
        "tenant": TENANT,
        "learner_ref": f"learner-{learner}",
    }


def _numbered() -> Iterator[Event]:
    for number in count():
        yield numbered_result(f"learner-{number % _POOL}", number // _POOL)


def _registrations(rng: Random) -> Iterator[Event]:
    """Let learners come and go; now and then a platform reports the same thing twice."""
    names = [each.offering for each in _offerings()]
    for number in count():
        # A few learners at a time, and new ones all the time, so that documents stay small.
        learner = number // 240 * _SPREAD + rng.randrange(_SPREAD)
        kind = LearnerRegistered if rng.random() < 0.6 else LearnerUnregistered
        event = kind(**_told("place", number, learner), data=Registration(offering=names[learner % len(names)]))
        yield event
        if rng.random() < 0.05:
            yield event


def _places() -> Iterator[Event]:
    names = [each.offering for each in _offerings()]
    for learner in range(_POOL * 3):
        data = Enrolment(offering=names[learner % len(names)], registration_id=f"place-{learner}")
        yield LearnerEnrolled(**_told("enrolled", learner, learner), data=data)


def _results(rng: Random) -> Iterator[Event]:
    """Let enrolled learners hand in work; some results are voided, some told twice."""
    offerings = _offerings()
    for number in count():
        learner = rng.randrange(_POOL * 3)
        offering = offerings[learner % len(offerings)]
        if number % 11 == 10:
            voided = Voiding(offering=offering.offering, result_id=f"result-{learner}-{rng.randrange(30)}")
            yield ResultVoided(**_told("voided", number, learner), data=voided)
            continue
        component = rng.choice(offering.policy.components).id
        score = None if rng.random() < 0.1 else float(rng.randrange(101))
        told = _told("result", number, learner) | {"id": f"result-{learner}-{number}"}
        data = Result(offering=offering.offering, component=component, score=score)
        event = ResultReported(**told, data=data)
        yield event
        if rng.random() < 0.05:
            yield event


def _passes(rng: Random) -> Iterator[Event]:
    """Let learners pass; every seventh pass is taken back a little later."""
    names = [each.offering for each in _offerings()]
    for number in count():
        event = _passed(number, names[number % len(names)])
        yield event
        if rng.random() < 0.05:
            yield event
        if number % 7 == 6:
            back = number - rng.randrange(6)
            data = Withdrawal(offering=names[back % len(names)], pass_id=f"pass-{back}", reason="result voided")
            yield PassWithdrawn(**_told("withdrawn", back, back), data=data)


def _passed(number: int, offering: str) -> LearnerPassed:
    data = Pass(offering=offering, grade_percent=70, policy_version="0" * 12, ordinal=1)
    return LearnerPassed(**_told("pass", number, number), data=data)


def _journeys(rng: Random) -> Iterator[Event]:
    """Tell analytics all that the others say; the order across topics does not matter to it."""
    names = [each.offering for each in _offerings()]
    for number in count():
        told, offering = _told("journey", number, number), names[number % len(names)]
        place = Enrolment(offering=offering, registration_id=f"place-{number}")
        yield LearnerEnrolled(**told | {"id": f"enrolled-{number}"}, data=place)
        graded = GradedAttempt(
            offering=offering,
            component="exam",
            result_id=f"result-{number}",
            score_percent=70,
            grade_percent=70,
            policy_version="0" * 12,
        )
        yield LearnerAssessed(**told | {"id": f"assessed-{number}"}, data=graded)
        if rng.random() < 0.7:
            yield _passed(number, offering)
            issued = IssuedCredential(
                offering=offering,
                credential_id=f"credential-{number}",
                pass_id=f"pass-{number}",
                status_list="list",
                status_index=number,
            )
            yield CredentialIssued(**told | {"id": f"issued-{number}"}, data=issued)
