"""Finding a credential, verifying it with the issuance service, and showing what that says step by step."""

from dataclasses import dataclass
from typing import Any

from rich.markup import escape
from rich.table import Table

from deploy.cli.client import Http
from deploy.cli.reading import read_topic
from shared.contracts.issuance import CredentialIssued, CredentialRevoked, CredentialSuspended
from shared.contracts.topics import ISSUED

COLOURS = {"passed": "green", "failed": "red", "unknown": "yellow", "skipped": "dim"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a credential may be relied on, and how each step and endorsement went: name, outcome, words."""

    verified: bool
    steps: tuple[tuple[str, str, str], ...]


def verify_credential(http: Http, credential: Any) -> Verdict:
    """Return what the service says of a credential; raises `RequestRefused` when it takes it for none."""
    answer = http.call("POST", "/credentials/verify", json=_unwrapped(credential)).json()
    told = [*answer.get("steps", []), *answer.get("endorsements", [])]
    steps = [(each["step"], each["outcome"], each["words"]) for each in told]
    # What is wrapped for VC-API, a JWT above all, is answered in VC-API's words.
    problems = [(each["code"], "failed", each["detail"]) for each in answer.get("problemDetails", [])]
    return Verdict(bool(answer["verified"]), (*steps, *problems))


def _unwrapped(credential: Any) -> Any:
    """Return the credential that an answer of VC-API holds, and any other as it is."""
    inner = credential.get("verifiableCredential") if isinstance(credential, dict) else None
    return inner if isinstance(inner, dict) and "@context" not in credential else credential


def standing_credential(bootstrap: str, tenant: str, prefix: str = "") -> str | None:
    """Return the id of an institution's credential that was never revoked or suspended, the first by id, or None."""
    issued: set[str] = set()
    fallen: set[str] = set()
    for event in read_topic(bootstrap, ISSUED, prefix):
        if event.tenant == tenant and isinstance(event, CredentialIssued):
            issued.add(event.data.credential_id)
        elif event.tenant == tenant and isinstance(event, CredentialRevoked | CredentialSuspended):
            fallen.add(event.data.credential_id)
    return min(issued - fallen, default=None)


def read_credential(http: Http, credential_id: str) -> Any:
    """Return a credential as it was issued."""
    return http.call("GET", f"/credentials/{credential_id}").json()


def steps_table(verdict: Verdict) -> Table:
    """Return one row for each step."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for step, outcome, words in verdict.steps:
        colour = COLOURS.get(outcome, "white")
        table.add_row(step, f"[{colour}]{outcome}[/]", escape(words))
    return table


def summary(credential: Any) -> dict[str, object]:
    """Return what a person wants to know of a credential, whatever it is made of."""
    credential = _unwrapped(credential)
    rows = {
        "credential": _at(credential, "id"),
        "achievement": _at(credential, "credentialSubject", "achievement", "name"),
        "issuer": _at(credential, "issuer", "name"),
        "issuer's id": _at(credential, "issuer", "id") or _at(credential, "issuer"),
        "valid from": _at(credential, "validFrom"),
        "proof": _at(credential, "proof", "cryptosuite"),
    }
    return {name: value or "not given" for name, value in rows.items()}


def _at(document: Any, *path: str) -> Any:
    """Return what stands at a path, of a list the first; None for nothing."""
    for name in path:
        document = document[0] if isinstance(document, list) and document else document
        document = document.get(name) if isinstance(document, dict) else None
    return document
