"""The passes that issuing is measured with rest on all that an offering gives; a wrong award ends the bench."""

from typing import Any

import orjson
import pytest

from bench import awarded, graduates, shipped
from bench.errors import EffectsLost
from services.issuance.credential import Names
from services.issuance.domain import Award
from services.issuance.handlers import Issuing
from services.issuance.keys.ring import KeyRing
from services.issuance.store import AWARDS
from shared.contracts.assessment import LearnerPassed
from shared.contracts.topics import ISSUED
from shared.kit.bindings import Beside, Place
from tests.unit.issuance.builders import ORDER, SIGNER

NAMES = Names("https://credentials.example")
KEYS = KeyRing.of(SIGNER)
ISSUING = Issuing(KEYS, NAMES, ORDER)


def stored(event: LearnerPassed, offset: int = 0) -> dict[str, Any]:
    """Return the award of a pass of the rich offering, as it stands in the database."""
    offering = ISSUING.offering_published(None, graduates.rich()).state
    beside = Beside(offering, Place("topic-1", 3, offset))
    award = ISSUING.passed(Award(event.tenant, event.learner_ref, event.data.offering), event, beside).state
    return {"_id": award.key, **AWARDS.dump(award)}


def test_a_rich_pass_has_marks_for_all_components_work_to_show_dates_and_a_term() -> None:
    (event,) = graduates.passes(graduates.rich(), 1)
    data = event.data

    assert [each.title for each in data.components] == ["Quiz 1", "Quiz 2", "Report", "Project"]
    assert None not in [each.score_percent for each in data.components]
    assert [each.genre for each in data.evidence] == ["report", "project"]
    assert None not in (data.started, data.ended, data.term, data.pass_mark)


def test_a_plain_pass_has_its_marks_and_nothing_to_show() -> None:
    (event,) = graduates.passes(shipped.offering(), 1)

    assert [(each.title, each.score_percent is None) for each in event.data.components] == [(None, False)] * 4
    assert (event.data.evidence, event.data.term) == ((), None)


def test_every_learner_passes_and_at_every_run_the_same_passes_come() -> None:
    some = list(graduates.passes(graduates.rich(), 50))

    assert len({each.learner_ref for each in some}) == 50
    assert len({each.data.grade_percent for each in some}) > 10
    assert some == list(graduates.passes(graduates.rich(), 50))


def test_the_truth_is_one_credential_for_each_pass_as_the_service_announces_it() -> None:
    truth = awarded.Truth()
    (event,) = truth.taking(graduates.passes(graduates.rich(), 1))
    offering = ISSUING.offering_published(None, graduates.rich()).state
    award = Award(event.tenant, event.learner_ref, event.data.offering)

    folded = ISSUING.passed(award, event, Beside(offering, Place("topic-1", 3, 0)))

    assert truth.said == {ISSUED.name: {each.id for each in folded.says}}
    assert list(truth.passes) == [award.key]


@pytest.mark.parametrize(
    "twist",
    [
        lambda award: award | {"credentials": []},
        lambda award: award | {"credentials": award["credentials"] * 2},
        lambda award: award | {"held": [award["credentials"][0]["passed"]]},
        lambda award: with_document(award, lambda text: text.replace(b'"statusListIndex":"', b'"statusListIndex":"1')),
        lambda award: with_document(award, lambda text: text.replace(b'"value":"', b'"value":"1', 1)),
        lambda award: with_document(award, lambda text: text.replace(b"urn:uuid:", b"urn:uuid:1")),
    ],
)
def test_a_missing_a_doubled_and_a_different_credential_are_not_right(twist: Any) -> None:
    (event,) = graduates.passes(graduates.rich(), 1)
    award = stored(event)

    assert awarded.is_right(award, event, NAMES)
    assert not awarded.is_right(twist(award), event, NAMES)


@pytest.mark.parametrize("twist", [lambda awards: awards[1:], lambda awards: [*awards[:1], *awards[:1]]])
def test_a_missing_award_and_one_status_entry_for_two_end_the_bench(twist: Any) -> None:
    truth = awarded.Truth()
    awards = [stored(event, n) for n, event in enumerate(truth.taking(graduates.passes(graduates.rich(), 2)))]

    awarded.check_awards("ours", awards, truth, NAMES, KEYS)
    with pytest.raises(EffectsLost, match="status entries"):
        awarded.check_awards("ours", twist(awards), truth, NAMES, KEYS)


def test_others_accept_what_is_issued_and_refuse_it_with_another_signature() -> None:
    (event,) = graduates.passes(graduates.rich(), 1)
    credential = orjson.loads(stored(event)["credentials"][0]["document"])
    accepts = awarded.accepts(NAMES, KEYS)

    assert accepts(credential)
    assert not accepts(credential | {"validFrom": "2026-01-02T00:00:00Z"})


def with_document(award: dict[str, Any], change: Any) -> dict[str, Any]:
    """Return an award whose one document is another one."""
    (kept,) = award["credentials"]
    return award | {"credentials": [kept | {"document": change(kept["document"])}]}
