"""The first look at a stranger's document: whether it is JSON, and small enough to be looked at closer.

Linear in the document, without recursion, so that no document costs more than its bytes.
"""

import json
import re
from typing import Any, NoReturn

from services.issuance.errors import CredentialRefused
from services.issuance.jsonld.contexts import CREDENTIALS_V2, context
from services.issuance.jsonld.terms import listed

Document = dict[str, Any]

MAX_BYTES = 256 * 1024
MAX_DEPTH = 24
MAX_NODES = 2_000
MAX_BLANK_NODES = 300
MAX_CONTEXTS = 8
#: How the halves of a character beyond the first 65,536 are escaped.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def parsed(body: bytes) -> Document:
    """Return the document of a JSON text that reads the same for everybody.

    Raises:
        CredentialRefused: not JSON, not an object, a name stands twice in one object, or a character stands half.

    """
    try:
        text = body.decode("utf-8-sig")
        document = json.loads(text, object_pairs_hook=_unambiguous, parse_constant=_no_number)
        if _HALF.search(text):
            # Two halves make a character; one of them alone is in no text that could be answered.
            json.dumps(document, ensure_ascii=False).encode()
    except RecursionError as error:
        raise CredentialRefused("body", f"is nested deeper than {MAX_DEPTH} levels") from error
    except UnicodeEncodeError as error:
        raise CredentialRefused("body", "has half a character") from error
    except UnicodeDecodeError as error:
        raise CredentialRefused("body", "is not UTF-8") from error
    except ValueError as error:
        raise CredentialRefused("body", f"is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise CredentialRefused("body", "is not a JSON object")
    return document


def require_modest(document: Document) -> None:
    """Refuse a document that no honest issuer would write: too deep, too many nodes, or contexts not built in.

    Raises:
        CredentialRefused: with the bound.
        UnknownContext: with the context.

    """
    nodes = blank = 0
    level: list[Any] = [document]
    for _ in range(MAX_DEPTH):
        objects = [each for each in level if isinstance(each, dict)]
        nodes += len(objects)
        blank += sum("id" not in each for each in objects)
        if nodes > MAX_NODES or blank > MAX_BLANK_NODES:
            raise CredentialRefused("", f"has more than {MAX_NODES} objects, or {MAX_BLANK_NODES} without an id")
        level = [child for each in level for child in _children(each)]
        if not level:
            break
    else:
        raise CredentialRefused("", f"is nested deeper than {MAX_DEPTH} levels")
    _require_contexts(document)


def _require_contexts(document: Document) -> None:
    contexts = listed(document.get("@context", []))
    if len(contexts) > MAX_CONTEXTS:
        raise CredentialRefused("@context", f"has more than {MAX_CONTEXTS} entries")
    for url in contexts:
        context(url)
    if not contexts or contexts[0] != CREDENTIALS_V2:
        raise CredentialRefused("@context", f"does not begin with {CREDENTIALS_V2}, so it is not a VC 2.0 credential")


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _unambiguous(pairs: list[tuple[str, Any]]) -> Document:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return members


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
