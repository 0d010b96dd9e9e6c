"""HTTPS from two files: whether they are what a server needs, said before anything is started."""

import ssl
from pathlib import Path

from shared.kit.settings import ServiceSettings, SettingsError, variable

_CURE = "name a certificate (with its chain) and its private key, both PEM, that the service's user may read"


def require_tls_files(settings: ServiceSettings) -> None:
    """Refuse a certificate and a key that no server could be started with; without either there is nothing to check.

    Raises:
        SettingsError: one line that names the variable at fault, and the cure.

    """
    files = {name: getattr(settings, name) for name in ("tls_certificate_file", "tls_key_file")}
    if not any(files.values()):
        return
    for name, path in files.items():
        if path is None:
            raise SettingsError(f"{variable(name)} is not set, but the other file of HTTPS is: {_CURE}")
        _require_readable(name, path)
    _require_pair(files["tls_certificate_file"], files["tls_key_file"])


def _require_readable(name: str, path: Path) -> None:
    try:
        path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{variable(name)}: cannot read {path} ({error.strerror}): {_CURE}") from error


def _require_pair(certificate: Path, key: Path) -> None:
    try:
        # The empty passphrase keeps an encrypted key from asking for one on a terminal that nobody sits at.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (ssl.SSLError, ValueError) as error:
        names = f"{variable('tls_certificate_file')} and {variable('tls_key_file')}"
        told = f"{certificate} and {key} are no certificate and its key ({getattr(error, 'reason', None) or error})"
        raise SettingsError(f"{names}: {told}: {_CURE}") from error
