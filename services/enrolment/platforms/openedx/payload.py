"""Reading a decoded Open edX payload by paths: what is wrong is named and never quoted, since it may name people."""

from collections.abc import Mapping
from typing import Any, TypeVar

from shared.contracts.wire import MalformedEvent

T = TypeVar("T", bool, float, str)
_REQUIRED: Any = object()
_LONGEST = 500
_LONGEST_TERM = 200
_KINDS: Mapping[type, str] = {bool: "true or false", float: "a number", str: "text"}


def value(payload: Mapping[str, Any], path: str, kind: type[T], *, absent: T = _REQUIRED) -> T:
    """Return what stands at a path such as `grade.percent_grade`; `absent` where nothing does, if that is given.

    Raises:
        MalformedEvent: nothing stands there, or something of another kind.

    """
    found = _at(payload, path)
    if found is None and absent is not _REQUIRED:
        return absent
    if kind is float and type(found) is int:
        found = float(found)
    if type(found) is not kind:
        raise MalformedEvent(path, f"{_KINDS[kind]} is expected")
    if kind is str and len(str(found)) > _LONGEST:
        raise MalformedEvent(path, f"longer than {_LONGEST} characters")
    return found


def text(payload: Mapping[str, Any], path: str) -> str:
    """Return the text at a path.

    Raises:
        MalformedEvent: there is none, or an empty one.

    """
    found = value(payload, path, str)
    if not found.strip():
        raise MalformedEvent(path, "is empty")
    return found


def whole_number(payload: Mapping[str, Any], path: str) -> int:
    """Return the number at a path that names an account or an attempt.

    Raises:
        MalformedEvent: there is none above 0.

    """
    found = _at(payload, path)
    if type(found) is not int or found <= 0:
        raise MalformedEvent(path, "a whole number above 0 is expected")
    return found


def person(learner_ref: str, payload: Mapping[str, Any], path: str) -> dict[str, dict[str, str]]:
    """Return the personal data of the user at a path, for the vault: by learner, what is not empty of it."""
    pii = _at(payload, f"{path}.pii")
    if not isinstance(pii, dict):
        return {}
    kept = {name: found[:_LONGEST] for name in ("name", "email", "username") if isinstance(found := pii.get(name), str)}
    known = {name: found for name, found in kept.items() if found.strip()}
    return {learner_ref: known} if known else {}


def term_of(course_key: str) -> str | None:
    """Return the run of a course key: the last part of `course-v1:Org+Course+Run`, or of the older `Org/Course/Run`."""
    run = course_key.rpartition("+" if course_key.startswith("course-v1:") else "/")[2].strip()
    return run if run and run != course_key and len(run) <= _LONGEST_TERM else None


def _at(payload: Mapping[str, Any], path: str) -> Any:
    found: Any = payload
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found
