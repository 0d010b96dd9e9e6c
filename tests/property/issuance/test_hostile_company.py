"""Whatever stands where endorsements, newer forms, lists and envelopes stand: never an error of ours."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
from hypothesis import given, reject
from hypothesis import strategies as st

from services.issuance.checking.endorsing import endorsements_of
from services.issuance.checking.refreshing import REFRESH, refreshed
from services.issuance.checking.stated import as_badge, plain
from services.issuance.checking.verifier import check, check_jwt
from services.issuance.errors import CredentialRefused, FetchFailed, StatusUnknown
from services.issuance.fetching.revocations import WebRevocations
from services.issuance.interfaces.enveloped import fault_of_envelope, presentation_in
from services.issuance.interfaces.resources import require_resources
from services.issuance.interfaces.verifying import Expected
from services.issuance.jsonld.contexts import CREDENTIALS_V2
from tests.property.issuance.test_hostile_proofs import altered, texts, values
from tests.unit.issuance.interfaces.asking import enveloped
from tests.unit.issuance.proving import ports, proved
from tests.unit.issuance.test_endorsing import unsigned

Document = dict[str, Any]
ENDORSEMENT = proved(document=unsigned("credential"))
BADGE = proved()
URL = "https://issuer.example/list"


class Answering:
    """A server that answers with this, or not at all."""

    def __init__(self, content: bytes | None) -> None:
        self.content = content

    async def fetch(self, url: str, *, accept: str, max_bytes: int = 0) -> bytes:
        if self.content is None:
            raise FetchFailed(f"{url} does not answer {accept} of {max_bytes}")
        return self.content


async def examine(shown: Any, used: Any, reads: Any) -> Any:
    return await (check_jwt(shown, used, reads) if isinstance(shown, str) else check(shown, used, reads))


changes = st.dictionaries(
    st.sampled_from([*ENDORSEMENT, "@type", "validUntil", "credentialStatus"]), values, max_size=3
)
answers = st.one_of(st.none(), st.binary(max_size=20), st.builds(orjson.dumps, st.dictionaries(texts, st.booleans())))


@given(st.one_of(st.builds(lambda each: altered(ENDORSEMENT, each), changes), st.none(), st.integers()), values, values)
async def test_endorsements(endorsement: Any, subject: Any, issuer: Any) -> None:
    document = {**BADGE, "endorsement": [endorsement], "issuer": issuer, "credentialSubject": subject}

    for step in await endorsements_of({**document, "issuer": {"endorsement": endorsement}}, ports(), examine):
        assert step.words
    assert isinstance(await endorsements_of(document, ports(), examine), tuple)


@given(
    st.one_of(values, st.just({"type": REFRESH, "id": URL})),
    answers,
    st.dictionaries(st.sampled_from([*BADGE]), values),
)
async def test_newer_forms(service: Any, answer: bytes | None, changed: Document) -> None:
    document = {**BADGE, "refreshService": service}
    stated = plain(BADGE)
    for content in (answer, json.dumps(changed | {"@context": BADGE["@context"]}).encode()):

        async def fetched(url: str, content: bytes | None = content) -> bytes:
            return await Answering(content).fetch(url, accept="")

        newer = await refreshed(document, stated, replace(ports(), refreshed=fetched), as_badge)
        assert newer is None


@given(answers, st.dictionaries(st.sampled_from(["issuer", "revokedCredentials", "id"]), values), st.lists(values))
async def test_lists_of_revocations(answer: bytes | None, members: Document, entries: list[Any]) -> None:
    whole = json.dumps({"issuer": "did:a:b", "revokedCredentials": entries, **members}).encode()
    for content in (answer, whole):
        try:
            found = await WebRevocations(Answering(content)).is_revoked(URL, "did:a:b", "urn:a:1")
        except StatusUnknown:
            continue
        assert not found


@given(
    st.dictionaries(st.sampled_from(["alg", "kid", "typ", "cty", "crit"]), values, max_size=2),
    st.dictionaries(st.sampled_from(["iss", "aud", "nonce", "nbf", "exp", "holder", "@context", "type"]), values),
    st.dictionaries(st.sampled_from(["@context", "id", "type"]), values, max_size=1),
)
async def test_envelopes(header: Document, claims: Document, changed: Document) -> None:
    try:
        shown = {**enveloped(header=header, **claims), **changed}
    except TypeError:
        reject()  # A number for which the writer of this test has no JSON.
    try:
        found = presentation_in(shown)
    except CredentialRefused:
        return
    if found is not None:
        now = replace(ports(), now=lambda: datetime(2026, 6, 1, tzinfo=UTC))
        assert isinstance(await fault_of_envelope(found, Expected("c1", "verifier.example"), now), str)


@given(st.one_of(values, st.dictionaries(st.sampled_from(["id", "digestSRI", "digestMultibase"]), values)), texts)
def test_resources(resource: Any, digest: str) -> None:
    built_in = {
        "id": CREDENTIALS_V2,
        "digestMultibase": f"u{digest}{'A' * 30}",
        "digestSRI": f"sha256-{digest}{'A' * 30}",
    }
    for each in (resource, [resource, built_in], built_in):
        try:
            require_resources({"relatedResource": each})
        except CredentialRefused:
            continue
