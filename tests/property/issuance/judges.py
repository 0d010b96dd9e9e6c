"""Independent processors that judge ours."""

from openbadgeslib.ob3.contexts import document_loader
from pyld import jsonld

from services.issuance.jsonld.canonical import Document


def by_pyld(document: Document) -> bytes:
    """Return a document's canonical bytes after pyld."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": document_loader()}
    quads: str = jsonld.normalize(document, options)
    return quads.encode()
