"""The components of a policy as they are judged. Pure."""

from dataclasses import dataclass
from fractions import Fraction

from services.assessment.grading.marking import Marked, exact
from services.assessment.grading.recognising import Elsewhere
from shared.contracts.policy import Component


@dataclass(frozen=True, slots=True)
class Part:
    """One component as it is judged; `score` is what it counts in the grade, `own` whether the learner has a mark."""

    component: Component
    marked: tuple[Marked, ...]
    score: Fraction | None
    own: bool
    due: int | None
    elsewhere: Elsewhere | None = None
    dropped: bool = False

    @property
    def excused(self) -> bool:
        """Whether its weight leaves the grade because the learning was recognised."""
        return self.elsewhere is not None and self.elsewhere.state == "excused"

    @property
    def recognised(self) -> bool:
        """Whether it is recognised, and not shown here."""
        return self.elsewhere is not None and self.elsewhere.stands

    @property
    def reached(self) -> bool:
        """Whether the mark without which nobody passes is there."""
        mark = self.component.must_reach
        return mark is None or self.excused or (self.score is not None and self.score >= exact(mark))

    @property
    def shown_here(self) -> bool:
        """Whether the learner has a mark of their own that counts in the grade."""
        return self.own and not self.dropped and bool(self.component.weight)
