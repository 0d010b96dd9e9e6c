"""A learner's progress on one offering: the facts as they came in, whatever their order. Pure."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple, Self

from services.assessment.domain import Attempt, Policy, Ratio, grade, scores
from services.assessment.facts.circumstances import NOTHING, Circumstances, F, Word
from services.assessment.facts.tries import Try, tries_of


class Placement(NamedTuple):
    """The learner got or lost a place; `time` in microseconds since 1970. The latest by time, then id, stands."""

    time: int
    registration_id: str
    enrolled: bool


class Study(NamedTuple):
    """As what a learner takes an offering, and in which term, where the platform says so."""

    role: str | None
    term: str | None


NO_STUDY = Study(None, None)
Evidence = Mapping[str, str]
"""One piece of evidence as the platform reported it, by the names of the contract."""


class Progress(NamedTuple):
    """All facts about one learner on one offering, and what was said about them.

    `policy_version` is the one that was in force when they first got a place, or that they were migrated to: none until
    that place and the offering are both known. `ordinal` counts the passes said; the last stands while `passed`.
    `evidence` is by attempt or recognition, `studies` by registration; most have none. `around` is what else is known,
    where anything is.
    """

    tenant: str
    learner_ref: str
    offering: str
    placements: tuple[Placement, ...] = ()
    attempts: Mapping[str, Attempt] = MappingProxyType({})
    voided: frozenset[str] = frozenset()
    policy_version: str | None = None
    passed: bool = False
    ordinal: int = 0
    evidence: Mapping[str, tuple[Evidence, ...]] = MappingProxyType({})
    studies: Mapping[str, Study] = MappingProxyType({})
    around: Circumstances | None = None

    @classmethod
    def new(cls, key: str) -> Self:
        """Return the progress of a learner of whom nothing is known; `key` as `key_of` makes it."""
        tenant, learner_ref, offering = key.split("/", 2)
        return cls(tenant, learner_ref, offering)

    @property
    def key(self) -> str:
        """What identifies this document."""
        return f"{self.tenant}/{self.learner_ref}/{self.offering}"

    @property
    def ever_enrolled(self) -> bool:
        """Whether the learner had a place at any time: from then on attempts are graded."""
        # A loop, for this is asked at every event: a generator takes four times as long.
        for placement in self.placements:  # noqa: SIM110
            if placement.enrolled:
                return True
        return False

    @property
    def first(self) -> int:
        """When the learner first got a place, in microseconds since 1970; only of one who ever had any."""
        return min(placement.time for placement in self.placements if placement.enrolled)

    @property
    def enrolled(self) -> bool:
        """Whether the learner has a place now."""
        return bool(self.placements) and max(self.placements).enrolled

    @property
    def study(self) -> Study:
        """As what and in which term the learner got the place that they have now."""
        held = max((each for each in self.placements if each.enrolled), default=None)
        return self.studies.get(held.registration_id, NO_STUDY) if held else NO_STUDY

    @property
    def began(self) -> int:
        """When the learner first got a place or handed in something that counts, in microseconds since 1970."""
        return min([each.time for each in self.placements if each.enrolled] + [each.time for each in self.counted])

    def evidence_of(self, attempts: Iterable[Attempt], elsewhere: Collection[str] = ()) -> list[Evidence]:
        """Return the evidence of these attempts, the oldest first, and of what was shown elsewhere of components."""
        if not self.evidence:
            return []
        tries = self.tries
        alike = {each.attempt.id: each.ids for each in tries}
        brought = [each.attempt for each in tries if each.carried_over and each.attempt.component in elsewhere]
        granted = [each for each in (self.around or NOTHING).recognitions.values() if each.id not in self.voided]
        shown = [(each.time, each.id) for each in (*attempts, *brought)]
        shown += [(each.time, each.id) for each in granted if each.stands_in(elsewhere)]
        ids = [id_ for _, shown_id in sorted(shown) for id_ in alike.get(shown_id, (shown_id,))]
        return [each for id_ in ids for each in self.evidence.get(id_, ())]

    @property
    def pieces(self) -> int:
        """How many pieces of evidence this document holds."""
        return sum(map(len, self.evidence.values()))

    @property
    def waiting_for(self) -> str | None:
        """The offering that must become known before anything can be graded."""
        waits = self.policy_version is None or (self.around is not None and self.around.awaits)
        return f"{self.tenant}/{self.offering}" if waits and self.ever_enrolled else None

    @property
    def facts(self) -> int:
        """How many facts this document holds."""
        held = len(self.attempts) + len(self.voided) + len(self.placements)
        return held if self.around is None else held + self.around.facts

    def holds(self, id_: str) -> bool:
        """Tell whether a circumstance of this event id is known."""
        return self.around is not None and self.around.holds(id_)

    def counts(self, attempt: Attempt) -> bool:
        """Tell whether an attempt has a mark that nobody took back."""
        return attempt.score is not None and attempt.id not in self.voided

    @property
    def counted(self) -> Iterable[Attempt]:
        """The attempts that count."""
        if self.around is not None and self.around.words:
            return [each.attempt for each in self.tries if each.attempt.score is not None and each.final]
        marked = [each for each in self.attempts.values() if each.score is not None]
        return [each for each in marked if each.id not in self.voided] if self.voided else marked

    @property
    def tries(self) -> list[Try]:
        """The attempts that nobody took back, whatever their state."""
        return tries_of(self.attempts, self.voided, (self.around or NOTHING).words)

    def grade(self, policy: Policy) -> Ratio:
        """Return the grade as the facts stand, in percent."""
        return grade(policy, scores(policy, self.counted))

    def placed(self, placement: Placement, study: Study | None = None) -> Self:
        """Return the progress with a place given or ended; the same object if that is known already."""
        if placement in self.placements:
            return self
        after = self._replace(placements=(*self.placements, placement))
        registration = placement.registration_id
        if study is None or study == self.studies.get(registration, NO_STUDY):
            return after
        words = (each for each in self.placements if each.registration_id == registration)
        if any(each.enrolled and each.time > placement.time for each in words):
            return after  # a registration is said again, later, where more came to light of it
        others = {id_: each for id_, each in self.studies.items() if id_ != registration}
        return after._replace(studies=others if study == NO_STUDY else {**others, registration: study})

    def with_attempt(self, attempt: Attempt, evidence: tuple[Evidence, ...] = (), word: Word | None = None) -> Self:
        """Return the progress with one more attempt; the same object if its id is known already."""
        if attempt.id in self.attempts:
            return self
        after = self._replace(attempts={**self.attempts, attempt.id: attempt})
        if word is not None:
            held = self.around or NOTHING
            after = after._replace(around=held._replace(words={**held.words, attempt.id: word}))
        return after._replace(evidence={**self.evidence, attempt.id: evidence}) if evidence else after

    def with_fact(self, fact: F, evidence: tuple[Evidence, ...] = ()) -> Self:
        """Return the progress with one more circumstance; the same object if its id is known already."""
        held = self.around or NOTHING
        around = held.noted(fact)
        if around is held:
            return self
        after = self._replace(around=around)
        return after._replace(evidence={**self.evidence, fact.id: evidence}) if evidence else after

    def without_result(self, result_id: str) -> Self:
        """Return the progress with a result voided, known or still to come; the same object if it was."""
        if result_id in self.voided:
            return self
        return self._replace(voided=self.voided | {result_id})

    def standing(self, policy_version: str, *, passed: bool) -> Self:
        """Return the progress with this standing; a pass that begins is counted; the same object if it stands so."""
        if passed == self.passed and policy_version == self.policy_version:
            return self
        ordinal = self.ordinal + (passed and not self.passed)
        return self._replace(policy_version=policy_version, passed=passed, ordinal=ordinal)
