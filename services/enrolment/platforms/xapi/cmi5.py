"""What cmi5 asks of a statement that says it is one of its own (cmi5, sections 9.3 to 9.6), as far as one can show it.

What only several statements show (one `passed` for a registration and an assignable unit, nothing failed after it) is
left to the names of the attempts: what passed and what failed under a registration are two attempts at the unit, and
of each the latest word stands. So a second `passed` adds nothing, and what fails afterwards does not undo a pass.
`satisfied` alone is no evidence: a unit whose moveOn is NotApplicable is satisfied when the learner registers.
"""

import re
from collections.abc import Callable
from datetime import timedelta

from services.enrolment.platforms.xapi.statement import Statement, activities
from shared.contracts.wire import MalformedEvent

CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
MOVE_ON = "https://w3id.org/xapi/cmi5/context/categories/moveon"
WAIVED = "https://w3id.org/xapi/adl/verbs/waived"
_ADL = "http://adlnet.gov/expapi/verbs/"
PASSED, FAILED, COMPLETED, TERMINATED = (f"{_ADL}{verb}" for verb in ("passed", "failed", "completed", "terminated"))
#: Section 9.5.5.2: why a unit was waived.
REASONS = frozenset({"Tested Out", "Equivalent AU", "Equivalent Outside Activity", "Administrative"})
_DURATION = re.compile(r"P(?=.)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?)")
_UTC = timedelta(0)
_LASTS = frozenset({PASSED, FAILED, COMPLETED, TERMINATED})
_SUCCESS = {PASSED: True, WAIVED: True, FAILED: False}
_COMPLETES = frozenset({COMPLETED, WAIVED})


def categories(statement: Statement) -> set[str]:
    """Return the ids of a statement's categories."""
    return {each.id for each in activities(statement.context.context_activities.category)}


def check(statement: Statement, categories: set[str]) -> None:
    """Refuse a statement that breaks a rule of cmi5.

    Raises:
        MalformedEvent: with the field, and the rule.

    """
    for rule in _RULES:
        rule(statement, categories)


def attempt_of(statement: Statement) -> str:
    """Return the name of the attempt at a unit: its registration, and how it ended."""
    ended = statement.verb.id.rpartition("/")[2]
    return f"{statement.context.registration.lower()}/{ended}"


def reason_of(statement: Statement) -> str:
    """Return why a unit was waived; `check` has seen that it is said."""
    return statement.result.extensions.reason if statement.result else ""


def _is_placed(statement: Statement, _: set[str]) -> None:
    if statement.actor.account is None:
        raise MalformedEvent("actor.account", "cmi5 names actors by an account (section 9.2)")
    if not statement.context.registration:
        raise MalformedEvent("context.registration", "missing; cmi5 requires it (section 9.6.1)")
    if not statement.context.extensions.session:
        raise MalformedEvent("context.extensions", "no session id; cmi5 requires it (section 9.6.3.1)")
    if statement.timestamp is None or statement.timestamp.utcoffset() != _UTC:
        raise MalformedEvent("timestamp", "missing, or not in UTC; cmi5 requires it (section 9.7)")


def _moves_on(statement: Statement, categories: set[str]) -> None:
    result = statement.result
    has_outcome = result is not None and (result.success is not None or result.completion is not None)
    if has_outcome is not (MOVE_ON in categories):
        field = "context.contextActivities.category"
        raise MalformedEvent(field, f"{MOVE_ON} goes with success or completion, and only there (section 9.6.2.2)")


def _has_its_outcome(statement: Statement, _: set[str]) -> None:
    verb, result = statement.verb.id, statement.result
    wanted = _SUCCESS.get(verb)
    if (result.success if result else None) is not wanted:
        told = {True: "true", False: "false", None: "absent"}[wanted]
        raise MalformedEvent("result.success", f"must be {told} with this verb (section 9.5.2)")
    if (result.completion if result else None) is not (True if verb in _COMPLETES else None):
        told = "true" if verb in _COMPLETES else "absent"
        raise MalformedEvent("result.completion", f"must be {told} with this verb (section 9.5.3)")


def _lasts(statement: Statement, _: set[str]) -> None:
    if statement.verb.id in _LASTS:
        duration = statement.result.duration if statement.result else ""
        if not _DURATION.fullmatch(duration):
            raise MalformedEvent("result.duration", "missing, or no ISO 8601 duration (section 9.5.4.1)")


def _scores(statement: Statement, _: set[str]) -> None:
    score = statement.result.score if statement.result else None
    if score is None:
        return
    if statement.verb.id not in {PASSED, FAILED}:
        raise MalformedEvent("result.score", "only passed and failed have one (section 9.5.1)")
    if score.scaled is not None and score.scaled < 0:
        raise MalformedEvent("result.score.scaled", f"{score.scaled:g} is below 0 (section 9.5.1)")
    if score.raw is not None and (score.min is None or score.max is None):
        raise MalformedEvent("result.score.raw", "comes with min and max only (section 9.5.1)")


def _masters(statement: Statement, _: set[str]) -> None:
    mastery = statement.context.extensions.mastery_score
    if mastery is None:
        return
    if not 0 <= mastery <= 1 or round(mastery, 4) != mastery:
        field = "context.extensions.masteryscore"
        raise MalformedEvent(field, f"{mastery!r} is not between 0 and 1 with at most 4 decimals (section 9.6.3.2)")
    score = statement.result.score if statement.result else None
    if score is None or score.scaled is None:
        return
    if (statement.verb.id == PASSED) is (score.scaled < mastery):
        side = "below" if score.scaled < mastery else "not below"
        raise MalformedEvent(
            "result.score.scaled", f"{score.scaled:g} is {side} the mastery score {mastery:g} (section 9.3.4, 9.3.5)"
        )


def _says_why(statement: Statement, _: set[str]) -> None:
    if statement.verb.id == WAIVED and reason_of(statement) not in REASONS:
        known = ", ".join(sorted(REASONS))
        raise MalformedEvent("result.extensions.reason", f"say why it was waived: {known} (section 9.5.5.2)")


_RULES: tuple[Callable[[Statement, set[str]], None], ...] = (
    _is_placed,
    _moves_on,
    _has_its_outcome,
    _lasts,
    _scores,
    _masters,
    _says_why,
)
