"""Two accounts are one person: in the end everything is as if one account had been used from the start.

Enrolment and assessment fold the same log in memory, with the carrier beside them, however chunks are cut and whenever
the link is said.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.assessment.stream import worker as assessment
from services.enrolment.learners.carrying import Carrier
from services.enrolment.learners.domain import Learner, Link, standing
from services.enrolment.learners.handlers import fact_reported, learner_carried, learner_erased, learner_linked
from services.enrolment.learners.store import LEARNERS
from services.enrolment.store import ENROLMENTS
from services.enrolment.stream import worker as enrolment
from shared.contracts.assessment import LearnerPassed, PassWithdrawn
from shared.contracts.enrolment import Offering, OfferingPublished
from shared.contracts.envelope import Event
from shared.contracts.learners import Asked, Carried, LearnerCarried, LearnerErased, LearnerLinked
from shared.contracts.learners import Link as Into
from shared.contracts.platform import ResultReported, ResultVoided
from shared.contracts.rulings import ExtensionGranted, LearnerMigrated, ResultsReleased
from shared.contracts.topics import PLATFORM_EVENTS, Topic
from shared.contracts.wire import HEADERS
from shared.kit.chunk import commit
from shared.kit.fold import said
from shared.kit.ledger import Batch, Record, Saying
from shared.kit.teller import Teller
from shared.kit.worker import Worker
from shared.testing.memory import MemoryStore
from tests.unit.enrolment import facts as a

ONE, OTHER = "lrn-one", "lrn-other"
NOW = int(a.at(600).timestamp() * 1000)


class World:
    """Two services on one log."""

    def __init__(self) -> None:
        self.log: dict[str, list[Record]] = {}
        self.stores = {worker.service: MemoryStore() for worker in (enrolment, assessment)}
        self.read: dict[tuple[str, str], int] = {}

    async def publish(self, events: Sequence[Event]) -> None:
        await self.say([said(event) for event in events])

    async def say(self, sayings: Sequence[Saying]) -> None:
        for saying in sayings:
            log = self.log.setdefault(saying.topic, [])
            log.append(Record(len(log), NOW, saying.key, saying.value, HEADERS))

    async def close(self) -> None:
        """Nothing is open."""

    def scan(self, topic: Topic, until: Mapping[int, int], keys: Collection[bytes]) -> Iterable[Record]:
        return [record for record in self.log.get(topic.name, [])[: until.get(0, 0)] if record.key in keys]

    async def settle(self) -> None:
        """Fold until nothing is new, and nobody has to be told anything."""
        while any([await self._fold(worker) for worker in (enrolment, assessment)]) or await self._tell():
            pass

    async def _tell(self) -> int:
        return await Teller(assessment.telling[0], self.stores["assessment"], self).sweep()

    async def carry(self) -> int:
        return await Carrier(self.stores["enrolment"], self, self.scan).carry()

    async def _fold(self, worker: Worker) -> bool:
        batches = []
        for topic in worker.topics:
            log, read = self.log.get(topic.name, []), self.read.get((worker.service, topic.name), 0)
            if log[read:]:
                batches.append(Batch(topic.name, topic.name, 0, read, log[read:]))
                self.read[worker.service, topic.name] = len(log)
        if batches:
            done = await commit(worker, batches, self.stores[worker.service])
            assert not done.refused
            await self.say(done.says)
        return bool(batches)

    def said(self, topic: str) -> list[tuple[str, str]]:
        """Return type and learner of each event of a topic."""
        values = [orjson.loads(each.value or b"") for each in self.log.get(topic, [])]
        return [(value["type"], value["learnerref"]) for value in values]

    def place(self, learner: str) -> dict[str, Any]:
        """Return a learner's enrolment."""
        held = self.stores["enrolment"].collections.get(ENROLMENTS.collection, {})
        return held.get(f"ou/{learner}/{a.OFFERING}", {})


def published(id_: str, minute: int, mark: int, **rules: Any) -> OfferingPublished:
    policy = {"components": [{"id": "exam", "weight": 1, "due": a.at(5)}], "pass_mark": mark, **rules}
    definition = {**a.DEFINITION, "offering": a.OFFERING, "policy": policy}
    event: OfferingPublished = a.published(id_, minute)
    return event.model_copy(update={"data": Offering.model_validate(definition)})


#: One policy until the fourth minute, then another: what a result is worth depends on the day of enrolment.
VERSIONS = (published("p", 0, 40), published("p2", 4, 70))
LATE = {"percent": 30, "step_hours": 1}
#: The same, where it counts what the institution rules on a learner.
RULED = (published("p", 0, 40, late=LATE), published("p2", 4, 70, late=LATE, awaits_release=True))


def result(id_: str, minute: int, **changed: Any) -> ResultReported:
    data = {"offering": a.OFFERING, "component": "exam", "score": changed.pop("score", 50)}
    return ResultReported.model_validate(a.envelope(id_, minute, **changed, data=data))


def voided(id_: str, minute: int, result_id: str, **changed: Any) -> ResultVoided:
    return ResultVoided.model_validate(
        a.envelope(id_, minute, **changed, data={"offering": a.OFFERING, "result_id": result_id})
    )


def linked(minute: int, learner: str = OTHER, into: str = ONE) -> LearnerLinked:
    return LearnerLinked.model_validate(
        a.envelope(f"link-{learner}", minute, learner_ref=learner, data=Into(by="x", into=into))
    )


def ruled(kind: type[Event], id_: str, minute: int, **given: Any) -> Event:
    about = {name: given.pop(name) for name in ("component", "due", "policy_version") if name in given}
    return kind.model_validate(a.envelope(id_, minute, **given, data={"offering": a.OFFERING, "by": "office", **about}))


@st.composite
def rulings(draw: st.DrawFn, id_: str, who: dict[str, Any]) -> Event:
    """Return what an institution may rule on one learner."""
    due, version = a.at(draw(st.integers(0, 9))), draw(st.sampled_from([*VERSIONS, *RULED])).data.policy.version
    made = (
        lambda: ruled(ResultsReleased, id_, 0, **who),
        lambda: ruled(ExtensionGranted, id_, 0, component="exam", due=due, **who),
        lambda: ruled(LearnerMigrated, id_, 0, policy_version=version, **who),
    )
    return draw(st.sampled_from(made))()


KINDS = ("registered", "registered", "unregistered", "result", "result", "result", "voided", "ruled", "ruled")


@st.composite
def reports(draw: st.DrawFn) -> list[Event]:
    """Return facts about either account, some of them twice."""
    events: list[Event] = []
    for number in range(draw(st.integers(0, 7))):
        learner, minute = draw(st.sampled_from([ONE, OTHER])), draw(st.integers(0, 9))
        kind = draw(st.sampled_from(KINDS))
        # A time of its own for each: what stands of two words of one microsecond is decided by their ids.
        who = {"learner_ref": learner, "time": a.at(minute).replace(microsecond=10 * number)}
        if kind == "result":
            events.append(result(f"e{number}", 0, score=draw(st.sampled_from([10, 60, 80])), **who))
        elif kind == "ruled":
            events.append(draw(rulings(f"e{number}", who)))
        elif kind == "voided":
            events.append(voided(f"e{number}", 0, f"e{draw(st.integers(0, 7))}", **who))
        else:
            events.append(getattr(a, kind)(f"e{number}", 0, **who))
    return [*events, *draw(st.lists(st.sampled_from(events), max_size=2))] if events else []


def has_passed(world: World, learner: str) -> bool:
    """Tell whether a pass stands, by the word of assessment."""
    says = [kind for kind, key in world.said("passed") if key == learner]
    return bool(says) and says[-1] == LearnerPassed.TYPE


def essence(world: World, learner: str) -> Any:
    place = world.place(learner)
    return has_passed(world, learner), place.get("status", "unenrolled"), sorted(place.get("history", []))


async def lived(
    events: Sequence[Event], cuts: Collection[int], known: int = 0, versions: Sequence[OfferingPublished] = VERSIONS
) -> World:
    """Let events happen; the second version becomes known before the one of this number."""
    world = World()
    await world.publish(versions[:1])
    for place, event in enumerate(events):
        if place == min(known, len(events) - 1):
            await world.publish(versions[1:])
        await world.publish([event])
        if place in cuts:
            await world.settle()
    await world.settle()
    while await world.carry():
        await world.settle()
    return world


@given(reports(), st.data())
@settings(max_examples=150)
def test_in_the_end_one_account_has_it_all(events: list[Event], data: st.DataObject):
    place = data.draw(st.integers(0, len(events)))
    cuts = data.draw(st.sets(st.integers(0, len(events))))
    known = data.draw(st.integers(0, len(events)))
    versions = data.draw(st.sampled_from([VERSIONS, RULED]))
    world = asyncio.run(lived([*events[:place], linked(20), *events[place:]], cuts, known, versions))
    as_one = [event.model_copy(update={"learner_ref": ONE}) for event in events]
    wished = asyncio.run(lived(as_one, cuts, known, versions))
    assert essence(world, ONE) == essence(wished, ONE)
    assert not has_passed(world, OTHER)
    assert world.place(OTHER).get("status", "unenrolled") == "unenrolled"


def test_a_pass_moves_with_its_results():
    events = [a.registered("r", 1, learner_ref=OTHER), result("x", 2, learner_ref=OTHER), linked(3)]
    world = asyncio.run(lived(events, {0, 1, 2}))
    assert sorted(world.said("passed")) == [
        (LearnerPassed.TYPE, ONE),
        (LearnerPassed.TYPE, OTHER),
        (PassWithdrawn.TYPE, OTHER),
    ]


def test_what_was_ruled_on_the_other_account_before_and_after_the_link_counts_for_the_one():
    events = [a.registered("r", 5, learner_ref=OTHER), result("x", 30, score=80, learner_ref=OTHER)]
    extended = ruled(ExtensionGranted, "ext", 6, component="exam", due=a.at(40), learner_ref=OTHER)
    released = ruled(ResultsReleased, "rel", 50, learner_ref=OTHER)
    for order in ([*events, extended, linked(35), released], [*events, linked(35), released, extended]):
        world = asyncio.run(lived(order, {0, 1, 2, 3}, versions=RULED))
        assert [has_passed(world, learner) for learner in (ONE, OTHER)] == [True, False]
    for one in (extended, released):
        assert not has_passed(asyncio.run(lived([*events, linked(35), one], {0}, versions=RULED)), ONE)


def test_a_link_keeps_the_version_of_the_day_of_enrolment():
    events = [a.registered("r", 1, learner_ref=OTHER), result("x", 2, learner_ref=OTHER)]
    world = asyncio.run(lived([*events, linked(20)], {0, 1}, known=2))
    assert [has_passed(world, learner) for learner in (ONE, OTHER)] == [True, False]


def test_a_chain_of_links_ends_at_its_end():
    events = [a.registered("r", 1, learner_ref=OTHER), result("x", 2, learner_ref=OTHER), linked(3)]
    world = asyncio.run(lived([*events, linked(4, ONE, "lrn-third")], {0, 2}))
    assert [has_passed(world, learner) for learner in (OTHER, ONE, "lrn-third")] == [False, False, True]


def test_links_in_a_circle_end_and_one_of_them_has_all():
    events = [a.registered("r", 1, learner_ref=OTHER), result("x", 2, learner_ref=OTHER), linked(3)]
    world = asyncio.run(lived([*events, linked(3, ONE, OTHER)], {0, 1}))
    assert len(world.log[PLATFORM_EVENTS.name]) < 40


LEARNER = Learner("ou", OTHER)
ABOUT = st.sampled_from(
    [
        LearnerErased.model_validate(a.envelope("e1", 1, learner_ref=OTHER, data=Asked(by="x"))),
        LearnerErased.model_validate(a.envelope("e2", 2, learner_ref=OTHER, data=Asked(by="y"))),
        linked(5),
        LearnerLinked.model_validate(a.envelope("l2", 4, learner_ref=OTHER, data=Into(by="x", into="lrn-3"))),
        LearnerCarried.model_validate(a.envelope("c", 5, learner_ref=OTHER, data=Carried(into=ONE))),
        a.registered("r", 1, learner_ref=OTHER),
        result("x", 2, learner_ref=OTHER),
    ]
)
HANDLERS: dict[type[Event], Any] = {
    LearnerErased: learner_erased,
    LearnerLinked: learner_linked,
    LearnerCarried: learner_carried,
}


@given(st.lists(ABOUT, max_size=8), st.randoms(use_true_random=False))
def test_what_is_known_of_a_learner_depends_on_no_order(events: list[Event], chance: Any):
    def folded(events: Sequence[Event]) -> Learner:
        state = LEARNER
        for event in events:
            handler = HANDLERS.get(type(event), fact_reported)
            after = handler(state, event)
            again = handler(after.state, event)
            assert (again.state, again.says) == (after.state, ())
            state = LEARNERS.load({"_id": state.key, **LEARNERS.dump(after.state)})
            assert state == after.state
        return state

    other = chance.sample(events, len(events))
    one, two = folded(events), folded(other)
    # What is forwarded depends on what came before the link; the carrier sees to the rest.
    assert (one.erased, one.link, one.carried) == (two.erased, two.link, two.carried)


REFS = st.sampled_from(["a", "b", "c", "d", "e"])


@given(st.dictionaries(REFS, REFS), REFS)
def test_links_lead_to_one_end_from_everywhere(links: dict[str, str], ref: str):
    known = {each: Learner("ou", each, link=Link(0, "l", into)) for each, into in links.items()}
    end = standing(ref, known.get).learner_ref
    assert standing(links.get(ref, ref), known.get).learner_ref == end
    assert standing(end, known.get).learner_ref == end
