"""What the page is made of: our own files, and the script of Vega, made from an installed package."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import Response

_FOLDER = Path(__file__).parent
_EXPORT = "window.vegaEmbed = vegaEmbed;"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, plain and compressed, and the tag by which a browser knows it again."""

    body: bytes
    packed: bytes
    media_type: str
    tag: str

    @classmethod
    def of(cls, body: bytes, media_type: str) -> "Asset":
        """Compress once, serve often."""
        tag = hashlib.sha256(body).hexdigest()[:16]
        return cls(body, gzip.compress(body, mtime=0), media_type, f'W/"{tag}"')


@cache
def file(name: str) -> Asset:
    """Return one of our own files."""
    return Asset.of((_FOLDER / name).read_bytes(), _TYPES[Path(name).suffix])


@cache
def vega() -> Asset:
    """Return Vega, Vega-Lite, vega-embed and the interpreter that needs no `unsafe-eval`, as one script.

    Bundling takes about a second: call it in a thread.
    """
    import vl_convert

    return Asset.of(vl_convert.javascript_bundle(_EXPORT).encode(), _TYPES[".js"])


def answer(request: Request, asset: Asset) -> Response:
    """Return the file, or only that the browser's copy is still good (RFC 9110, section 13.1.2)."""
    headers = {"ETag": asset.tag, "Cache-Control": "public, max-age=300", "Vary": "Accept-Encoding"}
    if asset.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=asset.media_type)
    return Response(asset.body, headers=headers, media_type=asset.media_type)
