"""The file of registered platforms: what it may hold, and faults that give no secret away."""

import copy
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import orjson
import pytest
from joserfc.jwk import OctKey

from services.enrolment.door.registered import read_platforms
from services.enrolment.settings import Settings
from shared.kit.settings import SettingsError, load_settings
from tests.unit.enrolment.platforms.registry import CLIENT, FILE, SECRET, jwks, key
from tests.unit.enrolment.tokens import SECRET as TOKEN_SECRET

#: A public key of 1,024 bits.
SHORT = {
    "kty": "RSA",
    "kid": "k",
    "e": "AQAB",
    "n": urlsafe_b64encode(b"\xc1" + bytes(126) + b"\x01").decode().rstrip("="),
}


def changed(index: int, **members: Any) -> dict[str, Any]:
    file = copy.deepcopy(FILE)
    file["platforms"][index].update(members)
    return file


def with_keys(*keys: Any) -> dict[str, Any]:
    return changed(2, canvas={"root_account_uuid": "x", "jwks": {"keys": keys}})


def read(path: Path, content: Any) -> Any:
    path.write_bytes(content if isinstance(content, bytes) else orjson.dumps(content))
    return read_platforms(path)


def test_platforms_are_found_by_their_name_and_tools_by_their_client_id(tmp_path: Path) -> None:
    known = read(tmp_path / "f", FILE)
    assert set(known.by_name) == {each["name"] for each in FILE["platforms"]}
    assert known.by_client[CLIENT].name == "ou-quiz"


def test_no_secret_is_shown(tmp_path: Path) -> None:
    assert SECRET not in repr(read(tmp_path / "f", FILE))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "JSON"),
        (b"[]", "object"),
        (changed(0, name="Has Blanks"), "name"),
        (changed(0, name="ou-relay"), "two platforms have the name ou-relay"),
        (changed(0, tenant="No Tenant"), "tenant"),
        (changed(0, webhook=None), "give one of webhook, canvas and lti"),
        (changed(0, lti=FILE["platforms"][3]["lti"]), "give one of webhook, canvas and lti"),
        (changed(0, webhook={"secrets": []}), "secrets"),
        (changed(0, webhook={"secrets": ["whsec_c2hvcnQ="]}), "24 to 64 bytes"),
        (changed(0, webhook={"secrets": [SECRET], "format": "morse"}), "format"),
        (changed(0, colour="red"), "colour"),
        (with_keys(), "jwks"),
        (changed(2, canvas={"root_account_uuid": "x", "jwks": {"keys": 7}}), "jwks"),
        (changed(2, canvas={"root_account_uuid": "x", "jwks": {}}), "jwks"),
        (with_keys(key("k").as_dict(private=True)), "public"),
        (with_keys(OctKey.generate_key(256).as_dict()), "public"),
        (with_keys(SHORT), "2048 bits"),
        (changed(2, canvas={"jwks": jwks("canvas-1")}), "root_account_uuid"),
        (changed(2, canvas=None, lti=FILE["platforms"][3]["lti"]), f"two platforms have the client_id {CLIENT}"),
    ],
)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_fault_is_told_with_its_place_and_without_secrets(tmp_path: Path, content: Any, why: str) -> None:
    with pytest.raises(ValueError, match="f: ") as refused:
        read(tmp_path / "f", content)
    assert why in str(refused.value)
    assert SECRET not in str(refused.value)


def test_a_file_that_is_not_there_is_told_at_the_start(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(TOKEN_SECRET)
    with pytest.raises(SettingsError, match="MICROCRED_PLATFORMS_FILE: cannot read"):
        load_settings(Settings, token_secret_file=secret, platforms_file=tmp_path / "nowhere")


def test_without_a_file_nobody_is_registered(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(TOKEN_SECRET)
    assert not load_settings(Settings, token_secret_file=secret).platforms.by_name
