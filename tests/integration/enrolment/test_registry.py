"""The bridge against a real schema registry: Apicurio by its Confluent API. What ran is printed with the results."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from services.enrolment.bridge.registry import Registry, SchemaUnknown
from services.enrolment.platforms.avro import name_of
from shared.contracts.topics import PLATFORM_EVENTS
from shared.contracts.wire import decode
from shared.testing.openedx import ROOT, record, schemas
from shared.testing.registry import APICURIO, RegistryMissing, register, registry
from tests.integration.enrolment.bridging import Bridged
from tests.integration.kit.rig import until

CREATED, GRADED = "course.enrollment.created.v1", "course.persistent_grade_summary.changed.v1"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    try:
        with registry() as address:
            print(f"schema registry: Apicurio {APICURIO}")  # noqa: T201 - a test says what it ran on
            yield address
    except RegistryMissing as error:
        pytest.skip(f"no schema registry can run here, so only the committed schemas are tested: {error}")


@pytest.fixture
def numbers(url: str) -> dict[str, int]:
    """The schemas as Open edX registers them: by topic and record name."""
    return {
        name: register(url, f"theirs-{ROOT}{name}.CloudEvent", json.dumps(schemas()[ROOT + name]))
        for name in (CREATED, GRADED)
    }


async def test_schemas_are_found_by_number_and_unknown_numbers_are_the_records_fault(url: str, numbers: dict[str, int]):
    ours = Registry(url, patience_s=10)
    for name, number in numbers.items():
        assert name_of(await ours.of(number, ROOT + name)) == f"{ROOT}{name}.CloudEvent"
    with pytest.raises(SchemaUnknown):
        await ours.of(987_654, ROOT + CREATED)


@pytest.fixture
async def site(bootstrap: str, mongo_url: str, fresh_name: str, tmp_path: Path) -> AsyncIterator[Bridged]:
    async with Bridged(bootstrap, mongo_url, fresh_name, tmp_path) as made:
        yield made


async def test_the_bridge_reads_what_the_registry_names(url: str, numbers: dict[str, int], site: Bridged):
    sent = site.send(record(name, number, user=user) for user in range(1, 11) for name, number in numbers.items())
    sent += site.send([record(CREATED, 987_654)])
    async with site.running(site.worker(schema_registry_url=url)):

        async def passed() -> bool:
            return await site.taken() >= sent

        await until(passed, 30, f"the bridge did not take {sent} records")
    log = await site.said(PLATFORM_EVENTS.name, 20)
    assert len({decode(PLATFORM_EVENTS, each.value).id for each in log}) == 20
    (letter,) = await site.store.find("foreign_letters", {})
    assert letter["error"] == "SchemaUnknown"
