"""Baked PNG: one uncompressed iTXt chunk with the keyword `openbadgecredential` (Open Badges 3.0, section 5.3.1).

Pictures of strangers are read chunk by chunk, once, without looking at a pixel; PNG 3rd edition, sections 5 and 11.3.3.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from services.issuance.errors import CredentialRefused

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 10_000
MAX_TEXT = 256 * 1024
_KEYWORD = b"openbadgecredential\0"
_HEADER = struct.Struct("!I4s")
_LENGTH = struct.Struct("!I")
_END = b"IEND"
_PARTS = 3
_AROUND = 12
"""Bytes of a chunk besides its data: length, type, checksum."""


class Chunk(NamedTuple):
    """One chunk: its type, its data, and the whole of it as it stands in the file."""

    kind: bytes
    data: memoryview
    whole: memoryview


def bake(picture: bytes, text: bytes) -> bytes:
    """Return the picture with a credential in it, in place of any that it carried.

    Raises:
        CredentialRefused: it is no PNG.

    """
    kept: list[bytes | memoryview] = [SIGNATURE]
    for chunk in _chunks(picture):
        if chunk.kind == _END:
            kept.append(_written(b"iTXt", _KEYWORD + b"\0\0\0\0" + text))
        if not _is_ours(chunk):
            kept.append(chunk.whole)
    return b"".join(kept)


def unbake(picture: bytes) -> bytes:
    """Return the credential that a picture carries: JSON or a compact JWT.

    Raises:
        CredentialRefused: it is no PNG, carries none or several, or one that is larger than 256 KiB.

    """
    carried = [chunk for chunk in _chunks(picture) if _is_ours(chunk)]
    if len(carried) != 1:
        raise CredentialRefused("png", f"carries {len(carried) or 'no'} credentials; a badge carries one")
    # Compression flag and method, a language, the keyword translated, and the text: zeros stand between the last three.
    content = bytes(carried[0].data[len(_KEYWORD) :])
    parts = content[2:].split(b"\0", 2)
    if len(parts) < _PARTS or content[:2] not in {b"\0\0", b"\1\0"}:
        raise CredentialRefused("png", "carries a text chunk that is malformed")
    return _inflated(parts[-1]) if content[0] else _modest(parts[-1])


def size_of(picture: bytes) -> tuple[int, int]:
    """Return width and height in pixels.

    Raises:
        CredentialRefused: it is no PNG.

    """
    header = next(_chunks(picture))
    if header.kind != b"IHDR" or len(header.data) < _HEADER.size:
        raise CredentialRefused("png", "does not begin with its size")
    width, height = struct.unpack_from("!II", header.data)
    return width, height


def _chunks(picture: bytes) -> Iterator[Chunk]:
    if not picture.startswith(SIGNATURE):
        raise CredentialRefused("png", "is not a PNG picture")
    view, at = memoryview(picture), len(SIGNATURE)
    for _ in range(MAX_CHUNKS):
        if at + _AROUND > len(view):
            raise CredentialRefused("png", "is cut off")
        length, kind = _HEADER.unpack_from(view, at)
        after = at + length + _AROUND
        if after > len(view):
            raise CredentialRefused("png", "is cut off")
        whole = view[at:after]
        if zlib.crc32(whole[4:-4]) != _LENGTH.unpack(whole[-4:])[0]:
            raise CredentialRefused("png", f"is damaged in its chunk {kind.decode('latin-1')!r}")
        yield Chunk(kind, whole[_HEADER.size : -4], whole)
        if kind == _END:
            return
        at = after
    raise CredentialRefused("png", f"has more than {MAX_CHUNKS} chunks")


def _is_ours(chunk: Chunk) -> bool:
    return chunk.kind == b"iTXt" and bytes(chunk.data[: len(_KEYWORD)]) == _KEYWORD


def _written(kind: bytes, data: bytes) -> bytes:
    return b"".join((_LENGTH.pack(len(data)), kind, data, _LENGTH.pack(zlib.crc32(data, zlib.crc32(kind)))))


def _inflated(packed: bytes) -> bytes:
    """Return what others compressed, although they must not; never more than a credential has."""
    inflate = zlib.decompressobj()
    try:
        text = inflate.decompress(packed, MAX_TEXT + 1)
    except zlib.error as error:
        raise CredentialRefused("png", f"carries a compressed text that cannot be read: {error}") from error
    if len(text) <= MAX_TEXT and not inflate.eof:
        raise CredentialRefused("png", "carries a compressed text that is cut off")
    return _modest(text)


def _modest(text: bytes) -> bytes:
    if len(text) > MAX_TEXT:
        raise CredentialRefused("png", f"carries more than {MAX_TEXT} bytes; no credential is that large")
    return text
