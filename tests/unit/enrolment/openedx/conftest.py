"""The event bus."""

import pytest

from tests.unit.enrolment.bus import Bus


@pytest.fixture
def bus() -> Bus:
    return Bus()
