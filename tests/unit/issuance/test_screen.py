"""The first look: what is too much, too deep or ambiguous goes no further."""

from typing import Any

import pytest

from services.issuance.checking.screen import parsed, require_modest
from services.issuance.errors import CredentialRefused
from services.issuance.jsonld.contexts import CREDENTIALS_V2


def nested(depth: int) -> dict[str, Any]:
    document: dict[str, Any] = {"id": "urn:x"}
    for _ in range(depth - 1):
        document = {"id": "urn:x", "evidence": document}
    return {"@context": [CREDENTIALS_V2], **document}


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (nested(26), "nested deeper than 24"),
        ({"evidence": [{"id": "urn:x"}] * 2001}, "more than 2000 objects"),
        ({"evidence": [{}] * 301}, "300 without an id"),
        ({"@context": [CREDENTIALS_V2] * 9}, "more than 8 entries"),
        ({"@context": [CREDENTIALS_V2, {"name": "https://evil.example"}]}, "not known here"),
        ({"@context": ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]}, "does not begin with"),
        ({}, "does not begin with"),
    ],
)
def test_what_no_honest_issuer_writes_is_refused(document: dict[str, Any], reason: str) -> None:
    with pytest.raises(CredentialRefused, match=reason):
        require_modest(document)


def test_a_large_but_honest_document_passes() -> None:
    alignments = [{"type": ["Alignment"], "targetName": str(number)} for number in range(200)]

    require_modest({"@context": CREDENTIALS_V2, "id": "urn:x", "alignment": alignments})
    require_modest(nested(20))


@pytest.mark.parametrize("body", [b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", b'{"a": 1' + b"0" * 5000 + b"}"])
def test_a_text_that_would_break_the_reader_is_refused(body: bytes) -> None:
    with pytest.raises(CredentialRefused, match="body"):
        parsed(body)


@pytest.mark.parametrize(
    "body", [b'{"a": "x\\ud800y"}', b'{"\\uDFFF": 1}', b'{"a": "\xed\xa0\x80"}', b"\xff\xfe{\0}\0"]
)
def test_half_a_character_is_in_no_text(body: bytes) -> None:
    with pytest.raises(CredentialRefused, match=r"half a character|not UTF-8"):
        parsed(body)


def test_a_whole_character_may_be_escaped() -> None:
    assert parsed(b'{"a": "\\ud83d\\ude00"}') == {"a": "\U0001f600"}
    assert parsed(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}
