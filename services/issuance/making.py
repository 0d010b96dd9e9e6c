"""Making credentials, and bringing them up to what the facts say. Pure.

The signer is a port that signs the same content alike every time, and which key signs follows from the date of what is
signed (`keys/ring.py`), so a handler with one is as pure as one without.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from services.issuance.credential import Names, expiry, shape_of, skeleton_of, subject_id
from services.issuance.did import method_of
from services.issuance.domain import Award, Credential
from services.issuance.errors import CredentialRefused, SkeletonUnfit
from services.issuance.keys.ring import KeyRing
from services.issuance.life import Form, form, revoked, says, suspended
from services.issuance.passes import Entry, Offering, Pass
from services.issuance.proofs.proof import secured
from services.issuance.shape import Filling, Said, values_for
from services.issuance.wording import timestamp
from shared.kit.errors import RecordRefused


class _Subject(NamedTuple):
    """What a document is about, whatever it says today."""

    credential_id: str
    passed: Pass
    issued: datetime


@dataclass(frozen=True, slots=True)
class Making:
    """The keys and the names that credentials are made with."""

    keys: KeyRing
    names: Names

    def made(  # noqa: PLR0913 - what a credential is made of
        self, award: Award, offering: Offering, credential_id: str, *, passed: Pass, issued: datetime, entry: Entry
    ) -> Credential:
        """Return a new credential, as it is issued."""
        expires = expiry(offering, issued)
        saying = Form(issued, expires, entry, (), passed.grade_percent)
        return Credential(
            credential_id,
            passed,
            issued,
            entry,
            entry,
            issued,
            self._signed(award, offering, _Subject(credential_id, passed, issued), saying),
            publication=offering.event_id,
            expires=expires,
            valid_until=expires,
        )

    def lived(self, award: Award, credential: Credential, offering: Offering | None) -> Credential:
        """Return a credential as the facts have it: whether it stands, and what it says."""
        lived = replace(credential, revoked=revoked(award, credential), suspended=suspended(award, credential))
        saying = form(award, credential)
        if offering is None or says(credential, saying):
            return lived
        return replace(
            lived,
            valid_from=saying.valid_from,
            valid_until=saying.valid_until,
            entry=saying.entry,
            replaced=saying.replaced,
            publication=offering.event_id,
            document=self._signed(
                award, offering, _Subject(credential.credential_id, credential.passed, credential.issued), saying
            ),
        )

    def _signed(self, award: Award, offering: Offering, about: _Subject, saying: Form) -> bytes:
        """Return the signed document of a credential.

        Raises:
            RecordRefused: what the pass says cannot stand on a credential.

        """
        filling = Filling(
            url=self.names.credential(about.credential_id),
            subject=subject_id(award.tenant, award.learner_ref),
            list_url=self.names.status_list(saying.entry.status_list),
            index=saying.entry.index,
            awarded=about.issued,
            valid_from=saying.valid_from,
            valid_until=saying.valid_until,
            grade_percent=saying.grade_percent,
        )
        signer = self.keys.signer_at(award.tenant, saying.valid_from)
        method, created = method_of(self.names, award.tenant, signer), timestamp(saying.valid_from)
        said = Said.by(about.passed)
        shape = shape_of(offering, said, ends=saying.valid_until is not None)
        try:
            skeleton, values = skeleton_of(offering, self.names, shape), values_for(said, filling)
            return secured(skeleton, values, signer, created=created, method=method)
        except (SkeletonUnfit, CredentialRefused) as error:
            raise RecordRefused("data", f"no credential can be made of it: {error}") from error
