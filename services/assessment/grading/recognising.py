"""Learning that was shown elsewhere: recognised, and never passed by that alone. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, Self

from services.assessment.facts.circumstances import Recognition
from services.assessment.facts.tries import Try
from services.assessment.grading.marking import exact, fraction
from shared.contracts.policy import Component, RecognitionRule


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What of a component was shown elsewhere; `mark` in percent where one was carried over, `score` what counts."""

    state: Literal["recognised", "excused", "contributes", "not recognisable", "beyond the share"]
    reason: str
    mark: Fraction | None = None
    score: Fraction | None = None

    @property
    def stands(self) -> bool:
        """Whether it is recognised here."""
        return self.state in {"recognised", "excused", "contributes"}

    def under(self, rule: RecognitionRule | None) -> Self:
        """Return what the policy makes of it."""
        if rule is not None and rule.effect == "excuse":
            return replace(self, state="excused")
        without = exact(rule.percent) if rule is not None and rule.percent is not None else None
        score = self.mark if self.mark is not None else without
        return replace(self, state="contributes", score=score)


def recognised(component: Component, recognitions: Iterable[Recognition], brought: Sequence[Try]) -> Elsewhere | None:
    """Return what was shown elsewhere of a component that the learner has no mark of their own at."""
    granted = sorted(
        (each for each in recognitions if each.component in {None, component.id}), key=lambda each: (each.time, each.id)
    )
    marks = [fraction(each.attempt.score, each.attempt.max_score) for each in brought if each.attempt.score is not None]
    if not granted and not marks:
        return None
    reason = granted[-1].reason if granted else "mark carried over"
    state: Literal["recognised", "not recognisable"] = "recognised" if component.recognisable else "not recognisable"
    return Elsewhere(state, reason, max(marks, default=None))
