"""The container's health check: `python -m deploy.healthcheck` exits 0 while the service says that it is well."""

import os
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping

SECONDS = 4.0  # below the container engine's own limit, so that the reason is printed


def main(environ: Mapping[str, str] = os.environ, *, seconds: float = SECONDS) -> int:
    """Ask this container's own `/healthz`; the exit status is 1 when it refuses, fails or is silent."""
    # The certificate is made out to the service's public name, and this is the container's own address.
    own = ssl._create_unverified_context() if environ.get("MICROCRED_TLS_CERTIFICATE_FILE") else None  # noqa: S323, SLF001
    address = f"127.0.0.1:{environ.get('MICROCRED_HTTP_PORT', '8000')}/healthz"
    url = f"https://{address}" if own else f"http://{address}"
    try:
        with urllib.request.urlopen(url, timeout=seconds, context=own):  # noqa: S310 - it is one of the two
            return 0
    except urllib.error.HTTPError as error:
        print(f"{url}: {error.code} {error.read(1000).decode(errors='replace')}", file=sys.stderr)
    except OSError as error:
        print(f"{url}: {error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
