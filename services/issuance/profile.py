"""Institutions as documents: Open Badges 3.0 Profile (section B.1), for issuers, creators and parents alike."""

from collections.abc import Sequence
from typing import Any

from services.issuance.wording import given
from shared.contracts.profile import Address, Issuer, Organisation, OtherIdentifier, Profile

Document = dict[str, Any]


def issuer(profile: Issuer, did: str) -> Document:
    """Return the issuer of a credential, who is named by a DID."""
    return {
        **_profile(profile, did),
        **given(
            parentOrg=organisation(profile.parent) if profile.parent else None,
            endorsement=list(profile.endorsements),
        ),
    }


def organisation(profile: Organisation) -> Document:
    """Return an institution that is named by its own address."""
    return _profile(profile, profile.id)


def image(address: str | None, caption: str | None) -> Document | None:
    """Return an image, if there is one."""
    return given(id=address, type="Image", caption=caption) if address else None


def other_identifiers(identifiers: Sequence[OtherIdentifier]) -> list[Document]:
    """Return other names of the same thing; each once, for two that say the same are one statement."""
    return [
        given(type="IdentifierEntry", identifier=each.identifier, identifierType=each.identifier_type)
        for each in dict.fromkeys(identifiers)
    ]


def _profile(profile: Profile, name: str) -> Document:
    return given(
        id=name,
        type=["Profile"],
        name=profile.name,
        url=str(profile.url) if profile.url else None,
        email=profile.email,
        phone=profile.phone,
        description=profile.description,
        image=image(profile.image, profile.image_caption),
        address=_address(profile.address) if profile.address else None,
        official=profile.official,
        otherIdentifier=other_identifiers(profile.other_identifiers),
    )


def _address(address: Address) -> Document | None:
    members = given(
        streetAddress=address.street,
        postOfficeBoxNumber=address.post_office_box,
        postalCode=address.postal_code,
        addressLocality=address.locality,
        addressRegion=address.region,
        addressCountry=address.country,
        addressCountryCode=address.country_code,
    )
    return {"type": ["Address"], **members} if members else None
