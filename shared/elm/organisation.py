"""Institutions in the terms of the European Learning Model: Organisation, Location, Accreditation."""

from collections.abc import Iterable
from typing import Any

from shared.contracts.profile import Address, Organisation, OtherIdentifier, Profile
from shared.contracts.standing import Quality
from shared.elm.concepts import country, own
from shared.elm.words import given, midnight, note, page, said

Document = dict[str, Any]
#: The identifier of the electronic seal, which a sealed credential's issuer must have.
_SEAL = "ext:eIDASIdentifier"


def organisation(profile: Profile, name: str, language: str, accreditation: Iterable[Document] = ()) -> Document:
    """Return an institution under a name of its own; without a country it has no location."""
    seal = next((each for each in profile.other_identifiers if each.identifier_type == _SEAL), None)
    others = [each for each in profile.other_identifiers if each is not seal]
    return given(
        id=name,
        type="Organisation",
        legalName=said(profile.name, language),
        location=_location(profile.address, name, language),
        homepage=page(_part(name, "homepage"), str(profile.url) if profile.url else None, language),
        contactPoint=_contact(profile.email, name),
        identifier=[_identifier(each, name, place) for place, each in enumerate(others)],
        eIDASIdentifier=_seal(seal, profile.address, name) if seal else None,
        accreditation=list(accreditation),
    )


def accreditation(quality: Quality, name: str, by_itself: Profile, by_name: str, language: str) -> Document:
    """Return an assurance of quality; what nobody else assures, the institution assures itself."""
    agency: Profile = quality.agency or by_itself
    return given(
        id=name,
        type="Accreditation",
        title=said(quality.title, language),
        dcType=own("quality-assurance", f"{quality.kind} quality assurance"),
        accreditingAgent=organisation(agency, agency.id if isinstance(agency, Organisation) else by_name, language),
        landingPage=page(f"{name}-page", quality.url, language),
        report=page(f"{name}-statement", quality.statement.url if quality.statement else None, language),
        expiryDate=midnight(quality.until) if quality.until else None,
    )


def _location(address: Address | None, name: str, language: str) -> Document | None:
    place = country(address.country_code) if address and address.country_code else None
    if address is None or place is None:
        return None
    lines = [address.street, address.postal_code, address.locality, address.region, address.country]
    full = note(_part(name, "full-address"), ", ".join(filter(None, lines)), language)
    inner = given(id=_part(name, "address"), type="Address", countryCode=place, fullAddress=full)
    return {"id": _part(name, "location"), "type": "Location", "address": inner}


def _contact(email: str | None, name: str) -> Document | None:
    if not email:
        return None
    mailbox = {"id": f"mailto:{email}", "type": "Mailbox"}
    return {"id": _part(name, "contact"), "type": "ContactPoint", "emailAddress": mailbox}


def _identifier(other: OtherIdentifier, name: str, place: int) -> Document:
    scheme = other.identifier_type.removeprefix("ext:")
    return {
        "id": _part(name, f"identifier-{place}"),
        "type": "Identifier",
        "notation": other.identifier,
        "schemeName": scheme,
    }


def _seal(seal: OtherIdentifier, address: Address | None, name: str) -> Document:
    spatial = country(address.country_code) if address and address.country_code else None
    return given(id=_part(name, "seal"), type="LegalIdentifier", notation=seal.identifier, spatial=spatial)


def _part(name: str, part: str) -> str:
    # An IRI has one fragment.
    return f"{name}-{part}" if "#" in name else f"{name}#{part}"
