"""Rotating keys: which one signs when, what stays published, and what a compromised key is worth."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from services.issuance.did import KnownIssuers, did_document, method_of
from services.issuance.errors import KeyFileRefused, KeyUnknown, NoKey
from services.issuance.handlers import Issuing
from services.issuance.keys.__main__ import main
from services.issuance.keys.entries import FIRST
from services.issuance.keys.folder import KeyFolder, Remote
from services.issuance.keys.jwk import fragment_of, jwk, public_key_of
from services.issuance.keys.signer import make_key
from services.issuance.proofs.vcjwt import opened
from services.issuance.store import OFFERINGS, Registry
from shared.testing.memory import MemoryStore
from tests.unit.issuance.builders import NAMES, ORDER, award, beside, offering, passed
from tests.unit.issuance.desk import started
from tests.unit.issuance.proving import RSA

MOMENT = passed().time
TICK = timedelta(seconds=1)
ANY = {"Content-Type": "application/octet-stream"}


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    """Two keys for everybody, the second from one moment on, and one that an institution has for itself."""
    made = KeyFolder(tmp_path / "issuer-key")
    made.rotate("second", MOMENT, tenant=None, algorithm="Ed25519")
    made.rotate("own", MOMENT + TICK, tenant="ou", algorithm="Ed25519")
    return made


def signing(folder: KeyFolder, tenant: str, moment: datetime) -> str:
    ring = folder.ring()
    chosen = ring.signer_at(tenant, moment)
    return next(key.id for key in ring.keys if key.signer is chosen)


def test_the_key_follows_from_institution_and_moment(folder: KeyFolder) -> None:
    moments = (MOMENT - TICK, MOMENT, MOMENT + TICK)

    assert [signing(folder, "ou", each) for each in moments] == ["first", "second", "own"]
    assert [signing(folder, "elsewhere", each) for each in moments] == ["first", "second", "second"]


def test_a_credential_names_the_key_of_its_date(folder: KeyFolder) -> None:
    ring = folder.ring()
    documents = [
        orjson.loads(
            Issuing(ring, NAMES, ORDER).passed(award(), event, beside(offering())).state.credentials[0].document
        )
        for event in (passed(), passed().model_copy(update={"time": MOMENT - TICK}))
    ]
    methods = [document["proof"][0]["verificationMethod"] for document in documents]

    assert methods == [method_of(NAMES, "ou", key.signer) for key in (ring.keys[1], ring.keys[0])]


def test_old_keys_stay_published_and_a_compromised_one_is_marked(folder: KeyFolder) -> None:
    folder.mark("second", retired=MOMENT)
    folder.mark(FIRST, compromised=MOMENT)

    document = did_document(NAMES, "ou", folder.ring())

    first, second, own = document["verificationMethod"]
    assert first["revoked"] == "2026-03-02T10:30:00Z"
    assert document["assertionMethod"] == [second["id"], own["id"]]
    assert len(did_document(NAMES, "elsewhere", folder.ring())["verificationMethod"]) == 2


async def test_what_a_retired_key_signed_is_believed_and_what_a_compromised_one_signed_is_not(
    folder: KeyFolder,
) -> None:
    methods = [method_of(NAMES, "ou", key.signer) for key in folder.ring().keys]
    folder.mark(FIRST, compromised=MOMENT)
    folder.mark("second", retired=MOMENT)
    folder.path_of(FIRST).unlink()
    folder.path_of("second").unlink()
    store = MemoryStore()
    store.put(OFFERINGS.collection, {"_id": "ou/AAA/2014J", **OFFERINGS.dump(offering())})
    issuers = KnownIssuers(NAMES, folder.ring(), Registry(store))

    assert await issuers.key_of(NAMES.issuer("ou"), methods[1]) == folder.ring().keys[1].signer.public_key
    with pytest.raises(KeyUnknown, match="other hands on 02 March 2026"):
        await issuers.key_of(NAMES.issuer("ou"), methods[0])


async def test_what_a_p256_key_signs_passes_our_own_check(tmp_path: Path) -> None:
    KeyFolder(tmp_path / "keys" / "issuer.pem").rotate("own", MOMENT - TICK, tenant="ou", algorithm="P-256")
    service = await started(tmp_path)
    [credential] = service.hear(passed()).credentials

    async with service.client() as client:
        token = (await client.get(f"/credentials/{credential.credential_id}.jwt")).content
        reports = [
            (await client.post("/credentials/verify", content=content, headers=ANY)).json()
            for content in (credential.document, token)
        ]

    assert service.document()["proof"][0]["cryptosuite"] == "ecdsa-rdfc-2019"
    assert [report["verified"] for report in reports] == [True, True], reports


async def test_an_rsa_key_signs_the_jwts_from_its_moment_on_and_no_proof(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "keys" / "issuer.pem")
    folder.rotate("rsa", MOMENT, tenant=None, algorithm="RS256")
    service = await started(tmp_path)
    before = passed(2).model_copy(update={"time": MOMENT - TICK})
    credentials = service.hear(passed(), before).credentials

    async with service.client() as client:
        tokens = [(await client.get(f"/credentials/{each.credential_id}.jwt")).text for each in credentials]
        report = (await client.post("/credentials/verify", content=tokens[0], headers=ANY)).json()
        did = (await client.get("/issuers/ou/did.json")).json()
        offered = (await client.get("/.well-known/openid-credential-issuer/issuers/ou")).json()

    rsa = did["verificationMethod"][1]
    assert [opened(token).header["alg"] for token in tokens] == ["RS256", "EdDSA"]
    assert report["verified"], report
    assert service.document()["proof"][0]["cryptosuite"] == "eddsa-rdfc-2022"
    assert opened(tokens[0]).header == {"alg": "RS256", "kid": rsa["id"], "typ": "JWT"}
    assert rsa["type"] == "JsonWebKey"
    assert rsa["id"] == f"{NAMES.issuer('ou')}#{rsa['publicKeyJwk']['kid']}"
    assert opened(tokens[0]).holds(public_key_of(rsa["publicKeyJwk"]))
    assert rsa["publicKeyJwk"].keys() == {"kty", "n", "e", "alg", "kid"}
    assert did["assertionMethod"] == [each["id"] for each in did["verificationMethod"]]
    configurations = offered["credential_configurations_supported"].items()
    signing = {name: each["credential_signing_alg_values_supported"] for name, each in configurations}
    assert signing["OpenBadge_jwt_vc_json"] == ["RS256", "EdDSA"]
    assert signing["OpenBadge_ldp_vc"] == ["eddsa-rdfc-2022"]


def test_the_first_key_is_none_that_signs_jwts_only(tmp_path: Path) -> None:
    make_key(tmp_path / "issuer.pem", "RS256")

    with pytest.raises(KeyFileRefused, match="microcred keys rotate --algorithm RS256"):
        KeyFolder(tmp_path / "issuer.pem").ring()


def test_an_rsa_key_that_is_elsewhere_is_told_as_a_jwk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "issuer-key"
    key = {**jwk(RSA.public_key), "alg": "RS256"}

    assert main(["--key-file", str(path), "rotate", "--id", "hsm", "--remote", json.dumps(key)]) == 0
    assert main(["--key-file", str(path), "rotate", "--id", "no", "--remote", '{"kty": "oct", "k": "AAAA"}']) == 1

    told = capsys.readouterr()
    assert f"RSA key {fragment_of(RSA.public_key)}" in told.out
    assert "AAAA" not in told.err
    remote = Remote.model_validate({"url": "http://signer.example", "token": "t"})
    ring = KeyFolder(path).ring(remote)
    assert ring.jwt_signer_at("ou", datetime.max.replace(tzinfo=UTC)).public_key == RSA.public_key
    assert ring.signer_at("ou", datetime.max.replace(tzinfo=UTC)) is ring.keys[0].signer


def test_what_is_older_than_every_key_that_is_left_is_signed_by_the_first_of_them(folder: KeyFolder) -> None:
    folder.mark(FIRST, compromised=MOMENT)

    assert signing(folder, "ou", MOMENT - TICK) == "second"


def test_without_any_key_that_may_sign_nothing_is_signed(folder: KeyFolder) -> None:
    for key in (FIRST, "second", "own"):
        folder.mark(key, compromised=MOMENT)

    with pytest.raises(NoKey, match="microcred keys rotate"):
        folder.ring().signer_at("ou", MOMENT)


def test_a_ring_whose_keys_are_not_there_is_refused_with_the_cure(folder: KeyFolder) -> None:
    folder.rotate("hsm", MOMENT, tenant=None, algorithm="P-256", remote_key=folder.entries()[0].public_key)
    with pytest.raises(KeyFileRefused, match="MICROCRED_SIGNER_URL"):
        folder.ring()
    remote = Remote.model_validate({"url": "http://signer.example", "token": "t"})
    assert folder.ring(remote).keys[3].id == "hsm"

    folder.path_of("second").write_bytes(folder.path_of("own").read_bytes())
    with pytest.raises(KeyFileRefused, match="another key than the ring says"):
        folder.ring(remote)
    folder.path_of("second").unlink()
    with pytest.raises(KeyFileRefused, match="is missing"):
        folder.ring(remote)


def test_the_command_line_rotates_and_never_prints_a_secret(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "issuer-key"
    where = ["--key-file", str(path)]

    assert main([*where, "rotate", "--tenant", "ou", "--algorithm", "P-256", "--id", "own"]) == 0
    assert main([*where, "retire", "first"]) == 0
    assert main([*where, "list"]) == 0
    assert main([*where, "retire", "unknown"]) == 1

    told = capsys.readouterr()
    assert "takes it up within 2 seconds" in told.out
    assert told.out.splitlines()[-2].startswith("first  all institutions  from always  file  retired since")
    assert "zDna" in told.out.splitlines()[-1]
    assert "the ring has no key unknown; it has first, own" in told.err
    assert "PRIVATE" not in told.out
    assert datetime.now(UTC) < (KeyFolder(path).entries()[1].signs_from or MOMENT)
