"""The official JSON Schema of Open Badges 3.0, compiled once: some 15 µs for a credential.

The schema is 1EdTech's own text, unchanged (`schemas/README.md`): where it and we disagree, it is right.
"""

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from services.issuance.errors import CredentialRefused

Document = dict[str, Any]

OFFICIAL = Path(__file__).parent / "schemas" / "ob_v3p0_achievementcredential_schema.json"
_LONGEST = 200


def require_official(document: Document) -> None:
    """Refuse a credential that the official schema refuses.

    Raises:
        CredentialRefused: with the path of the member at fault.

    """
    error = next(_validator().iter_errors(document), None)
    if error is None:
        return
    fault = _deepest(error)
    reason = fault.message if len(fault.message) <= _LONGEST else f"{fault.message[:_LONGEST]}…"
    raise CredentialRefused(".".join(map(str, fault.instance_path)), reason)


@cache
def _validator() -> jsonschema_rs.Draft201909Validator:
    return jsonschema_rs.Draft201909Validator(orjson.loads(OFFICIAL.read_bytes()), validate_formats=True)


def _deepest(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """Return the fault that lies deepest: of a choice that nothing fits, the branch that fits furthest down."""
    branches = [_deepest(each) for branch in getattr(error.kind, "context", ()) for each in branch]
    return max([error, *branches], key=lambda each: len(each.instance_path))
