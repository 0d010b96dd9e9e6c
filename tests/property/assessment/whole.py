"""The whole of grading computed from scratch: a list of events in, plain loops, no order but that of times."""

from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from shared.contracts.enrolment import LearnerEnrolled, OfferingPublished
from shared.contracts.envelope import Event
from shared.contracts.platform import IdentityChecked, LearningRecognised, ResultReported, ResultVoided, VerdictReported
from shared.contracts.policy import Component, Policy
from shared.contracts.rulings import (
    AllMigrated,
    AllReleased,
    ExtensionGranted,
    LearnerMigrated,
    ResultsReleased,
)
from tests.property.assessment import naive

NOTHING = Fraction(0)


def version_of_the_day(events: Iterable[Event], published: Iterable[OfferingPublished]) -> str:
    """Return the version of the last publication by the first enrolment, else of the first publication."""
    ordered = sorted(published, key=lambda each: (each.time, each.id))
    places = [each.time for each in events if isinstance(each, LearnerEnrolled)]
    by_then = [each for each in ordered if not places or each.time <= min(places)]
    return [*ordered[:1], *by_then][-1].data.policy.version


class Whole:
    """What one learner's events and the rulings come to under the versions that were published."""

    def __init__(self, events: list[Event], published: list[OfferingPublished]) -> None:
        gone = {each.data.result_id for each in events if isinstance(each, ResultVoided)}
        taken_back = ResultReported | VerdictReported | LearningRecognised | IdentityChecked
        unique = {each.id: each for each in events}.values()
        self.places = [each for each in unique if not isinstance(each, taken_back)]
        self.events: list[Any] = [each for each in unique if not (isinstance(each, taken_back) and each.id in gone)]
        self.events.sort(key=lambda each: (each.time, each.id))
        versions = {each.data.policy.version: each.data.policy for each in published}
        self.began = version_of_the_day(self.events, published)
        self.version = self._version(versions)
        self.policy = versions[self.version]
        self.repeated: dict[str, list[Any]] = {}
        self.scores: dict[str, Fraction] = {}
        self.worth: dict[str, list[Fraction]] = {}
        self.recognised: dict[str, Fraction | None] = {}
        for component in self.policy.components:
            self._component(component)
        self._share()
        self._groups()

    def kind(self, *kinds: type[Event]) -> list[Any]:
        return [each for each in self.events if isinstance(each, kinds)]

    def _version(self, versions: dict[str, Policy]) -> str:
        first = min((each.time for each in self.kind(LearnerEnrolled)), default=None)
        current = self.began
        for each in self.kind(LearnerMigrated, AllMigrated):
            late = isinstance(each, AllMigrated) and (first is None or first > each.time)
            if not late and each.data.from_version in {None, current} and each.data.policy_version in versions:
                current = each.data.policy_version
        return current

    def _attempts(self, component: str) -> list[list[Any]]:
        """Return the results of each attempt, oldest word first; attempts by their first word's time."""
        named: dict[Any, list[Any]] = {}
        for each in self.kind(ResultReported):
            if each.data.component == component:
                named.setdefault(each.data.attempt or ("alone", each.id), []).append(each)
        standing = named.get("grade", [])
        own = [words for name, words in named.items() if isinstance(name, str)]
        alike = [words for words in own if standing and self._same(standing[-1], words[-1])]
        if alike:
            self.repeated[component] = max(alike, key=lambda words: (words[0].time, words[-1].id))
            del named["grade"]
        return sorted(named.values(), key=lambda words: (words[0].time, words[-1].id))

    @staticmethod
    def _same(standing: ResultReported, other: ResultReported) -> bool:
        """Tell whether a gradebook repeats the mark of an attempt that has a name of its own."""
        if other.data.attempt == "grade" or None in {standing.data.score, other.data.score}:
            return False
        marks = naive.percent(standing), naive.percent(other)
        alike = marks[0] == marks[1] and standing.data.carried_over == other.data.carried_over
        return alike and other.data.final >= standing.data.final

    def released(self, component: str | None, moment: Any) -> bool:
        if not self.policy.awaits_release:
            return True
        rulings = self.kind(ResultsReleased, AllReleased)
        return any(moment <= each.time and each.data.component in {None, component} for each in rulings)

    def _component(self, component: Component) -> None:
        words = self._attempts(component.id)
        own = [each for each in words if not each[-1].data.carried_over]
        worth = []
        for number, each in enumerate(own):
            if self._counts(component, own, number):
                worth.append(self._worth(component, each, number))
        self.worth[component.id] = worth
        if worth:
            mean = sum(worth, NOTHING) / len(worth)
            self.scores[component.id] = {"best": max(worth), "last": worth[-1], "mean": mean}[self.policy.attempts]
            return
        brought = [
            naive.percent(each[-1])
            for each in words
            if each[-1].data.carried_over and each[-1].data.final and each[-1].data.score is not None
            and self.released(component.id, each[-1].time)
        ]  # fmt: skip
        granted = [each for each in self.kind(LearningRecognised) if each.data.component in {None, component.id}]
        if component.recognisable and (brought or granted):
            self.recognised[component.id] = max(brought, default=None)

    def _counts(self, component: Component, own: list[list[Any]], number: int) -> bool:
        latest = own[number][-1]
        if self.policy.attempts_limit is not None and number >= self.policy.attempts_limit:
            return False
        if latest.data.score is None or not latest.data.final or not self.released(component.id, latest.time):
            return False
        return not component.identity or self._verified(component, own, number)

    def _verified(self, component: Component, own: list[list[Any]], number: int) -> bool:
        verified = False
        for check in self.kind(IdentityChecked):
            if check.data.component != component.id:
                continue
            if check.data.attempt is not None:
                about = [place for place, words in enumerate(own) if words[0].data.attempt == check.data.attempt]
                if check.data.attempt == "grade" and component.id in self.repeated:
                    about = [place for place, words in enumerate(own) if words is self.repeated[component.id]]
            else:
                about = [place for place, words in enumerate(own) if words[0].time <= check.time][-1:] or [0]
            if number in about:
                verified = check.data.verified
        return verified

    def _worth(self, component: Component, words: list[Any], number: int) -> Fraction:
        worth = naive.percent(words[-1])
        due, late = component.due, self.policy.late
        for each in self.kind(ExtensionGranted):
            if each.data.component == component.id:
                due = each.data.due
        if late is not None and due is not None and words[0].time > due:
            behind, steps = due, 0
            while behind < words[0].time:
                behind, steps = behind + timedelta(hours=late.step_hours), steps + 1
            worth = max(worth - steps * Fraction(late.percent), NOTHING)
            if late.cut_off_hours is not None and words[0].time > due + timedelta(hours=late.cut_off_hours):
                worth = NOTHING
        if self.policy.resit_cap is not None and number > 0:
            worth = min(worth, Fraction(self.policy.resit_cap))
        return worth

    def _share(self) -> None:
        rule = self.policy.recognition
        weights = {each.id: Fraction(each.weight) for each in self.policy.components}
        grouped = {each: group for group in self.policy.groups for each in group.components}
        whole = sum((weight for name, weight in weights.items() if name not in grouped), NOTHING)
        whole += sum((group.best * weights[group.components[0]] for group in self.policy.groups), NOTHING)
        room = whole * Fraction(rule.most_percent if rule else 100) / 100
        self.excused: set[str] = set()
        self.credited: set[str] = set()
        for name, mark in self.recognised.items():
            if weights[name] > room:
                continue
            room -= weights[name]
            self.credited.add(name)
            if rule is not None and rule.effect == "excuse":
                self.excused.add(name)
            elif mark is not None:
                self.scores[name] = mark
            elif rule is not None and rule.percent is not None:
                self.scores[name] = Fraction(rule.percent)

    def _groups(self) -> None:
        self.counting = [each.id for each in self.policy.components if each.id not in self.excused]
        for group in self.policy.groups:
            members = [name for name in self.counting if name in group.components]
            places = group.best - len([name for name in group.components if name in self.excused])
            while len(members) > max(places, 0):
                lowest = min(members, key=lambda name: (self.scores.get(name, -1), -self.counting.index(name)))
                members.remove(lowest)
                self.counting.remove(lowest)

    @property
    def grade(self) -> Fraction:
        weights = {each.id: Fraction(each.weight) for each in self.policy.components}
        whole = sum((weights[name] for name in self.counting), NOTHING)
        points = sum((weights[name] * self.scores.get(name, NOTHING) for name in self.counting), NOTHING)
        return points / whole if whole else NOTHING

    @property
    def stands(self) -> bool:
        return naive.is_enrolled(self.places) and (
            self._by_platform() if self.policy.decided_by == "platform" else self._by_grade()
        )

    def _by_grade(self) -> bool:
        weights = {each.id: each.weight for each in self.policy.components}
        shown = any(self.worth[name] and weights[name] for name in self.counting)
        reached = all(
            each.must_reach is None
            or each.id in self.excused
            or self.scores.get(each.id, Fraction(-1)) >= Fraction(each.must_reach)
            for each in self.policy.components
        )
        return self.grade >= Fraction(self.policy.pass_mark) and reached and (shown or not self.credited)

    def _by_platform(self) -> bool:
        said = self._decisions()
        if not said or not said[-1].data.passed:
            return False
        if self.policy.awaits_release:
            rulings = self.kind(ResultsReleased, AllReleased)
            if not any(said[-1].time <= each.time and each.data.component is None for each in rulings):
                return False
        return all(self._sat(each.id) for each in self.policy.components if each.identity)

    def _decisions(self) -> list[Any]:
        """Return the verdicts without those that say what the one before them of the same kind says."""
        every = self.kind(VerdictReported)
        earlier = {kind: [each for each in every if each.data.by == kind] for kind in {each.data.by for each in every}}
        repeats = [
            later.id
            for kind, told in earlier.items()
            for before, later in pairwise(told)
            if kind is not None and before.data.passed == later.data.passed
        ]
        return [each for each in every if each.id not in repeats]

    def _sat(self, component: str) -> bool:
        latest = {each.data.attempt: each for each in self.kind(IdentityChecked) if each.data.component == component}
        return any(each.data.verified for each in latest.values())
