"""What certificates, exams and checks of identity of Open edX become."""

from datetime import UTC, datetime

import pytest

from shared.contracts.platform import (
    IdentityChecked,
)
from shared.testing.openedx_data import WHEN
from tests.unit.enrolment.bus import OTHER_RUN, Bus
from tests.unit.enrolment.openedx.signals import PASSING, facts

# --- certificates, exams, identity -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "state", "passed"),
    [
        ("created", "downloadable", True),
        ("changed", "downloadable", True),
        ("changed", "notpassing", False),
        ("revoked", "unavailable", False),
        ("revoked", "downloadable", False),
        *((name, state, None) for name in ("created", "changed") for state in ("generating", "unverified")),
        ("changed", "audit_passing", None),
        ("changed", "unavailable", None),
    ],
)
def test_a_certificate_is_a_verdict_where_its_state_is_one(bus: Bus, name: str, state: str, *, passed: bool | None):
    if passed is None:
        assert bus.says_nothing(f"certificate.{name}.v1", state=state)
    else:
        assert facts(bus.says(f"certificate.{name}.v1", state=state))["passed"] is passed


def test_a_certificate_that_is_created_and_changed_at_once_is_one_verdict(bus: Bus):
    created, status = bus.says("certificate.created.v1"), bus.says(PASSING)
    assert created == bus.says("certificate.changed.v1")
    assert (created.data.by, status.data.by) == ("certificate", "passing status")
    assert created.id != status.id


@pytest.mark.parametrize(("end", "verified"), [("verified", True), ("rejected", False), ("reset", False)])
def test_an_exam_that_was_proctored_is_a_check_of_who_sat_it(bus: Bus, end: str, *, verified: bool):
    event = bus.says(f"exam.attempt.{end}.v1")
    assert facts(event) == {
        "type": IdentityChecked,
        "time": WHEN,
        "offering": "data",
        "component": "exam",
        "verified": verified,
        "method": "proctored",
    }


def test_an_exam_that_is_no_component_of_its_own_counts_for_the_whole(bus: Bus):
    event = bus.says("exam.attempt.verified.v1", course=OTHER_RUN, block="block-v1:A+B+C+type@sequential+block@x")
    assert (event.data.component, event.data.attempt) == ("whole", OTHER_RUN)


@pytest.mark.parametrize("name", ["exam.attempt.submitted.v1", "exam.attempt.errored.v1", "idv_attempt.pending.v1"])
def test_what_decides_nothing_yet_says_nothing(bus: Bus, name: str):
    assert bus.says_nothing(name)


def test_an_identity_that_was_approved_has_an_end_and_names_no_offering(bus: Bus):
    assert facts(bus.says("idv_attempt.approved.v1")) == {
        "type": IdentityChecked,
        "time": WHEN,
        "attempt": "idv/9",
        "verified": True,
        "method": "idv",
        "expires": datetime(2028, 3, 2, tzinfo=UTC),
    }
    assert bus.says("idv_attempt.approved.v1", expires=None).data.expires is None
    assert bus.says("idv_attempt.denied.v1").data.verified is False
