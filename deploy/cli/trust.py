"""HTTPS of this machine's services by the setting that they have: which scheme, and whom the commands believe."""

import os
import ssl
from collections.abc import Mapping
from functools import cache

import httpx

from deploy.cli.errors import UnreadableInput

CERTIFICATE = "MICROCRED_TLS_CERTIFICATE_FILE"
"""The services' own variable (`shared.kit.settings`)."""


def scheme(environ: Mapping[str, str] = os.environ) -> str:
    """Return what services with this environment speak: https with a certificate, else http."""
    return "https" if environ.get(CERTIFICATE) else "http"


def trust(environ: Mapping[str, str] = os.environ) -> ssl.SSLContext | bool:
    """Return whom to believe, as httpx takes it: whoever it does by itself, and the services' certificate.

    Raises:
        UnreadableInput: the certificate is not there, or is none.

    """
    file = environ.get(CERTIFICATE)
    return _believing(file) if file else True


@cache
def _believing(file: str) -> ssl.SSLContext:
    context = httpx.create_ssl_context()
    # Signed by itself or by an authority that is not in the file: it is believed for itself.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        context.load_verify_locations(file)
    except OSError as error:
        told = error.strerror or error
        raise UnreadableInput(
            f"the certificate {file} cannot be read ({told})", f"name one, PEM, in {CERTIFICATE}"
        ) from error
    return context
