"""What goes through the door: any format's items, with one look-up, and refusals by index and field."""

from typing import Any

import pytest

from services.enrolment.commands import Log
from services.enrolment.door.course_shelf import CourseShelf
from services.enrolment.door.door import Door, Taken
from services.enrolment.door.identity import Identities
from services.enrolment.door.intake import one_or_many
from services.enrolment.door.speaker import Speaker
from services.enrolment.errors import FieldError
from services.enrolment.learners.domain import Learner, Link, Mark
from services.enrolment.learners.store import LEARNERS, REMEMBERED_S, Standings
from services.enrolment.platforms.door import Account, Sender, Translated
from services.enrolment.platforms.formats import Format
from services.enrolment.vault.box import VAULT, Vault
from services.enrolment.vault.ring import KeyRing
from shared.contracts.envelope import derived_id
from shared.contracts.platform import ResultReported
from shared.contracts.wire import MalformedEvent
from shared.testing.memory import MemoryPublisher
from tests.unit.enrolment import facts as a
from tests.unit.enrolment.door.test_courses import RUN, Counted, offer, run

HOME = "https://lms.example"


def quizzes(raw: Any, sender: Sender) -> Translated:
    """Translate a made-up format: a mark for a quiz in a run, with the learner's name."""
    if raw.get("mark") is None:
        raise MalformedEvent("mark", "send one")
    whole = sender.courses.course(raw["run"])
    part = sender.courses.activity(raw["quiz"], raw["run"])
    ref = sender.learner_ref(Account(HOME, raw["user"]))
    event = ResultReported.model_validate(
        {
            "id": derived_id("quizzes", raw["id"]),
            "source": HOME,
            "time": raw.get("at", a.at(0)),
            "tenant": raw.get("tenant", sender.tenant),
            "platform": sender.platform,
            "learner_ref": ref,
            "data": {"offering": whole.offering, "component": part.component, "score": raw["mark"]},
        }
    )
    return Translated((event,), {ref: {"name": raw["name"]}} if "name" in raw else {})


QUIZZES = Format("quizzes", quizzes, one_or_many)
RING = KeyRing.of("first:" + "A" * 43)
SPEAKER = Speaker("ou", "lms-1")


def mark(id_: str = "m1", **changed: Any) -> dict[str, Any]:
    return {"id": id_, "run": RUN, "quiz": "q", "user": "4711", "mark": 50, **changed}


@pytest.fixture
def store() -> Counted:
    store = Counted()
    offer(store, "data", [run(activities={"q": "quiz"})])
    return store


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def door(store: Counted, publisher: MemoryPublisher, clock: list[float]) -> Door:
    identities = Identities(b"a secret of an installation, long enough")
    standings = Standings(store, lambda: clock[0])
    return Door(identities, CourseShelf(store), standings, Vault(store, RING), Log(publisher, 1))


async def through(door: Door, *items: Any, speaker: Speaker = SPEAKER) -> Taken:
    return await door.take(items, QUIZZES, speaker, a.at(60))


async def test_items_become_events_with_one_look_up(door: Door, store: Counted, publisher: MemoryPublisher):
    taken = await through(door, mark("m1"), mark("m2", user="4712"), mark("m3"))
    assert [event.data.component for event in publisher.events] == ["quiz"] * 3
    first, second, third = (event.learner_ref for event in taken.events)
    assert first == third != second
    assert taken.events == publisher.events
    assert store.asked == 2  # courses, and who is linked or erased
    await through(door, mark("m4"))
    assert store.asked == 2


async def test_what_cannot_be_taken_is_refused_by_index_and_field(door: Door, publisher: MemoryPublisher):
    bad = [
        mark("b1", run="nobody's"),
        mark("b2", mark=None),
        mark("b3", at="2999-01-01T00:00:00Z"),
        mark("b4", tenant="x"),
    ]
    taken = await through(door, bad[0], mark("m1"), *bad[1:])
    assert [(each.index, each.id, each.field) for each in taken.refused] == [
        (0, "b1", "course"),
        (2, "b2", "mark"),
        (3, "b3", "time"),
        (4, "b4", "tenant"),
    ]
    assert len(publisher.events) == 1


async def test_the_same_item_for_another_institution_is_about_somebody_else(door: Door, store: Counted):
    offer(store, "data", [run(activities={"q": "quiz"})], tenant="other")
    (ours,) = (await through(door, mark())).events
    (theirs,) = (await through(door, mark(), speaker=Speaker("other"))).events
    assert ours.learner_ref != theirs.learner_ref
    assert (ours.tenant, theirs.tenant, theirs.platform) == ("ou", "other", None)


async def test_a_format_that_never_ends_asking_is_stopped(door: Door):
    asked: list[int] = []

    def endless(raw: Any, sender: Sender) -> Translated:
        asked.append(0)
        sender.courses.course(f"run-{len(asked)}")
        return Translated()

    with pytest.raises(FieldError, match="deeper than is looked up"):
        await door.take([{}], Format("endless", endless, one_or_many), SPEAKER, a.at(60))


def know(store: Counted, learner: Learner) -> None:
    store.put(LEARNERS.collection, {"_id": learner.key, **LEARNERS.dump(learner)})


async def test_names_go_to_the_vault_and_nowhere_else(door: Door, store: Counted, publisher: MemoryPublisher):
    (event,) = (await through(door, mark(name="Aroha T"))).events
    assert await door.vault.open("ou", event.learner_ref) == {"name": "Aroha T"}
    assert "Aroha" not in repr(publisher.log) + repr(store.collections)


async def test_a_linked_learner_goes_as_the_other_one_and_facts_keep_their_ids(
    door: Door, store: Counted, clock: list[float]
):
    (before,) = (await through(door, mark())).events
    know(store, Learner("ou", before.learner_ref, link=Link(1, "l", "lrn-2")))
    know(store, Learner("ou", "lrn-2", link=Link(1, "l", "lrn-3")))
    clock[0] = REMEMBERED_S
    await through(door, mark("other"))
    (after,) = (await through(door, mark(name="Aroha T"))).events
    assert (after.learner_ref, after.id) == ("lrn-3", before.id)
    assert await door.vault.open("ou", "lrn-3") == {"name": "Aroha T"}


async def test_what_comes_of_an_erased_learner_goes_on_without_their_name(
    door: Door, store: Counted, clock: list[float]
):
    (before,) = (await through(door, mark(name="Aroha T"))).events
    await door.vault.erase("ou", [before.learner_ref], a.at(61))
    await through(door, mark("m2", name="Aroha Tane"))
    assert set(store.collections[VAULT][f"ou/{before.learner_ref}"]) == {"_id", "erased"}
    # A vault from an old backup is not filled either: the log knows.
    store.take(VAULT, f"ou/{before.learner_ref}")
    know(store, Learner("ou", before.learner_ref, erased=Mark(1, "e")))
    clock[0] = REMEMBERED_S
    assert len((await through(door, mark("m4", name="Somebody"))).events) == 1
    assert store.collections[VAULT] == {}
