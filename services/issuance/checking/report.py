"""What a check found out: six steps, each with its outcome and what that means to whoever was shown the credential."""

from dataclasses import dataclass
from enum import StrEnum

STEPS = ("format", "schema", "proof", "issuer", "dates", "status")


class Outcome(StrEnum):
    """How a step went; `unknown` is what could not be found out, and is neither good nor bad."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


class Code(StrEnum):
    """What became of a step, where a program must tell more apart than its outcome does."""

    VALID = "valid"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    STATUS_UNREACHABLE = "status_unreachable"
    STATUS_UNKNOWN = "status_unknown"
    ISSUER_UNREACHABLE = "issuer_unreachable"
    ISSUER_UNKNOWN = "issuer_unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """One step, how it went, and what that means."""

    step: str
    outcome: Outcome
    words: str
    cause: Code | None = None

    @property
    def code(self) -> str:
        """The outcome for programs: its cause where one is told apart, else `<step>_<outcome>`."""
        return self.cause or f"{self.step}_{self.outcome}"


@dataclass(frozen=True, slots=True)
class Report:
    """All six steps, in their order, and beside them what others say: that is no part of the verdict."""

    steps: tuple[Step, ...]
    endorsements: tuple[Step, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether the credential may be relied on: everything passed; only a missing status entry may be skipped."""
        outcomes = {step.step: step.outcome for step in self.steps}
        status = outcomes.pop("status")
        return status in {Outcome.PASSED, Outcome.SKIPPED} and set(outcomes.values()) == {Outcome.PASSED}


def stopped(*steps: Step) -> Report:
    """Return the report of a check that ended at its last step: what comes after it makes no sense."""
    words = f"Not looked at, because the {steps[-1].step} is wrong."
    return Report((*steps, *(Step(name, Outcome.SKIPPED, words) for name in STEPS[len(steps) :])))
