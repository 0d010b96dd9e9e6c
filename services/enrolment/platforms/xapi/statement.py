"""The shape of an xAPI 1.0.3 statement, as far as it is read (xAPI Data, section 2); everything else is left out.

Decoded by msgspec straight into these types: what is not read costs nothing, and a fault names its path.
"""

import re
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

from shared.contracts.wire import MalformedEvent

_CMI5 = "https://w3id.org/xapi/cmi5/"
_PLACE = re.compile(r"(?P<reason>.*) - at `\$\.?(?P<path>[^`]*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]*)`")
_INDEX = re.compile(r"\[(\d+|\.\.\.)\]")
UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
Text = Annotated[str, Meta(max_length=2000)]
Iri = Annotated[str, Meta(min_length=3, max_length=2000)]


class Account(Struct, rename="camel", frozen=True, gc=False):
    """An account on a system (section 2.4.2.4)."""

    home_page: Iri
    name: Annotated[str, Meta(min_length=1, max_length=2000)]


class Actor(Struct, rename={"object_type": "objectType"}, frozen=True, gc=False):
    """An Agent or a Group (section 2.4.2), with whatever identifies it."""

    object_type: str = "Agent"
    name: Text = ""
    mbox: Text = ""
    mbox_sha1sum: Text = ""
    openid: Text = ""
    account: Account | None = None


class Verb(Struct, frozen=True, gc=False):
    """What was done (section 2.4.3)."""

    id: Iri


class ActivityExtensions(Struct, frozen=True, gc=False):
    """Of an activity's extensions, as what a learner takes a course: whatever stands there, an extension is free."""

    mode: Any = field(default=None, name="https://w3id.org/xapi/acrossx/extensions/type")


class Definition(Struct, frozen=True, gc=False):
    """What an activity is (section 2.4.4.1)."""

    type: Text = ""
    extensions: ActivityExtensions | None = None


_UNDEFINED = Definition()


class Object(Struct, rename="camel", frozen=True, gc=False):
    """What it was done to (section 2.4.4): an activity, another statement, or something that says nothing to us."""

    object_type: str = "Activity"
    id: Text = ""
    definition: Definition = _UNDEFINED


class Score(Struct, frozen=True, gc=False):
    """A mark (section 2.4.5.1)."""

    scaled: Annotated[float, Meta(ge=-1, le=1)] | None = None
    raw: float | None = None
    min: float | None = None
    max: float | None = None


class ResultExtensions(Struct, frozen=True, gc=False):
    """Of a result's extensions, why an assignable unit was waived (cmi5, section 9.5.5.2)."""

    reason: str = field(default="", name=_CMI5 + "result/extensions/reason")


class Result(Struct, frozen=True, gc=False):
    """What came of it (section 2.4.5)."""

    score: Score | None = None
    success: bool | None = None
    completion: bool | None = None
    duration: Text = ""
    extensions: ResultExtensions = field(default_factory=ResultExtensions)


Activities = list[Object] | Object


class ContextActivities(Struct, frozen=True, gc=False):
    """Activities that the object has to do with (section 2.4.6.2)."""

    parent: Activities = field(default_factory=list)
    grouping: Activities = field(default_factory=list)
    category: Activities = field(default_factory=list)


class ContextExtensions(Struct, frozen=True, gc=False):
    """Of a context's extensions, those of cmi5 (section 9.6.3) and the one that Open edX's transformer leaves."""

    session: str = field(default="", name=_CMI5 + "context/extensions/sessionid")
    mastery_score: float | None = field(default=None, name=_CMI5 + "context/extensions/masteryscore")
    transformer: str = field(default="", name="https://w3id.org/xapi/openedx/extension/transformer-version")


class Context(Struct, rename="camel", frozen=True, gc=False):
    """What it happened in (section 2.4.6)."""

    registration: str = ""
    context_activities: ContextActivities = field(default_factory=ContextActivities)
    extensions: ContextExtensions = field(default_factory=ContextExtensions)


class Statement(Struct, frozen=True, gc=False):
    """One statement; `id` and `timestamp` may be left to whoever takes it (section 2.4)."""

    actor: Actor
    verb: Verb
    object: Object
    id: str = ""
    timestamp: datetime | None = None
    result: Result | None = None
    context: Context = field(default_factory=Context)
    version: str = "1.0.0"


_ONE = msgspec.json.Decoder(Statement)
_MANY = msgspec.json.Decoder(list[Statement])


def decode(body: bytes) -> tuple[list[Statement], bool]:
    """Return the statements of a body, and whether it was a batch.

    Raises:
        MalformedEvent: what is wrong with the first that is no statement, by its place in the batch.

    """
    is_batch = body.lstrip()[:1] == b"["
    try:
        return (_MANY.decode(body), True) if is_batch else ([_ONE.decode(body)], False)
    except msgspec.DecodeError as error:
        raise malformed(error) from error


def activities(given: Activities) -> list[Object]:
    """Return context activities as a list: a single one may stand without."""
    return given if isinstance(given, list) else [given]


class NotJson(MalformedEvent):
    """A body that is no JSON at all."""


def malformed(error: msgspec.DecodeError) -> MalformedEvent:
    """Return a fault of decoding as our own error, with the path to the field."""
    if not isinstance(error, msgspec.ValidationError):
        return NotJson("body", f"not JSON in UTF-8: {error}")
    told = str(error)
    found = _PLACE.fullmatch(told)
    reason, place = (found["reason"], found["path"]) if found else (told, "")
    path = _INDEX.sub(r".\1", place)
    if missing := _MISSING.fullmatch(reason):
        path, reason = f"{path}.{missing['field']}", "missing"
    return MalformedEvent(path.strip(".") or "body", reason)
