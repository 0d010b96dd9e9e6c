"""Institutions as they appear on credentials (Open Badges 3.0, Profile), and what others signed about them."""

import base64
import json
from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from pydantic import AfterValidator, Field, StringConstraints

from shared.contracts.envelope import Contract
from shared.contracts.texts import Image, Link, PlainLink, Text, Title

MAX_ENDORSEMENT_BYTES = 16_384
_MEMBERS = ("@context", "id", "type", "name", "issuer", "validFrom", "credentialSubject")
_TYPES = ("VerifiableCredential", "EndorsementCredential")


def _endorses(document: dict[str, Any]) -> dict[str, Any]:
    """Refuse what has not the shape of a signed EndorsementCredential; whether it holds is for verifiers to find."""
    size = len(json.dumps(document, ensure_ascii=False).encode(errors="surrogatepass"))
    if size > MAX_ENDORSEMENT_BYTES:
        raise ValueError(f"an endorsement of {size} bytes; at most {MAX_ENDORSEMENT_BYTES} are taken")
    return _shaped(document, (*_MEMBERS, "proof"))


def endorsement_in(jwt: str) -> dict[str, Any]:
    """Return the EndorsementCredential that a VC-JWT holds (Open Badges 3.0, section 8.2); nothing of it is believed.

    Raises:
        ValueError: it holds none.

    """
    header, payload, _ = jwt.split(".")
    algorithm, document = (_object(part) for part in (header, payload))
    match algorithm:
        case {"alg": str(name)} if name and name != "none":
            return _shaped(document, _MEMBERS)
    raise ValueError("a JWT without alg; give the endorsement as it was signed")


def _endorses_as_jwt(jwt: str) -> str:
    endorsement_in(jwt)
    return jwt


def _object(part: str) -> dict[str, Any]:
    try:
        # orjson, since it bounds how deep a text is nested.
        value = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError as error:
        raise ValueError("no JWT: its first two parts are JSON in base64url") from error
    match value:
        case dict():
            return value
    raise ValueError("no JWT: its first two parts are JSON objects")


def _shaped(document: dict[str, Any], members: Sequence[str]) -> dict[str, Any]:
    missing = [name for name in members if not document.get(name)]
    if missing:
        raise ValueError(f"an EndorsementCredential without {', '.join(missing)}; give it as it was signed")
    if not isinstance(document["type"], list) or not set(_TYPES) <= {str(each) for each in document["type"]}:
        raise ValueError(f"type: an EndorsementCredential has the types {' and '.join(_TYPES)}")
    match document["credentialSubject"]:
        case {"id": str()}:
            return document
    raise ValueError("credentialSubject: an EndorsementCredential names by `id` what it endorses")


Endorsement = Annotated[
    dict[str, Any],
    AfterValidator(_endorses),
    Field(description="An EndorsementCredential as its endorser signed it, of at most 16 KiB."),
]
Endorsements = Annotated[tuple[Endorsement, ...], Field(max_length=5)]
EndorsementJwt = Annotated[
    str,
    StringConstraints(max_length=MAX_ENDORSEMENT_BYTES, pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"),
    AfterValidator(_endorses_as_jwt),
    Field(description="An EndorsementCredential as its endorser signed it in the form VC-JWT, of at most 16 KiB."),
]
EndorsementJwts = Annotated[tuple[EndorsementJwt, ...], Field(max_length=5)]
IdentifierType = Annotated[
    str,
    StringConstraints(
        pattern=r"^(name|sourcedId|systemId|productId|userName|accountId|emailAddress|nationalIdentityNumber|isbn|issn"
        r"|lisSourcedId|oneRosterSourcedId|sisSourcedId|ltiContextId|ltiDeploymentId|ltiToolId|ltiPlatformId|ltiUserId"
        r"|identifier|ext:[A-Za-z0-9._-]{1,100})$"
    ),
    Field(description="A kind of identifier as Open Badges 3.0 lists them; any other begins with `ext:`."),
]


class OtherIdentifier(Contract):
    """Another name of the same thing (Open Badges 3.0, IdentifierEntry)."""

    identifier: Title
    identifier_type: IdentifierType = "identifier"


class Address(Contract):
    """Where an institution is (Open Badges 3.0, Address)."""

    street: Title | None = None
    post_office_box: Title | None = None
    postal_code: Title | None = None
    locality: Title | None = None
    region: Title | None = None
    country: Title | None = None
    country_code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None


class Profile(Contract):
    """What every institution may say of itself; `official` is the office that answers for it, never a person."""

    name: Title
    url: Link | None = None
    email: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    phone: Annotated[str, StringConstraints(max_length=40, pattern=r"^\+?[0-9 ().-]+$")] | None = None
    description: Text | None = None
    image: Image | None = None
    image_caption: Title | None = None
    address: Address | None = None
    official: Title | None = None
    other_identifiers: Annotated[tuple[OtherIdentifier, ...], Field(max_length=10)] = ()


class Organisation(Profile):
    """An institution that does not issue here; `id` is the address that names it."""

    id: PlainLink


class Issuer(Profile):
    """The institution as it appears on credentials; its id is the DID that the issuing service publishes."""

    parent: Organisation | None = None
    endorsements: Endorsements = ()
    endorsement_jwts: EndorsementJwts = ()
