"""HTTPS by setting: the commands ask where the services answer, and believe their certificate."""

import ssl
from pathlib import Path

import pytest

from deploy.cli.errors import UnreadableInput
from deploy.cli.running.service import ServiceProcess
from deploy.cli.trust import CERTIFICATE, scheme, trust
from shared.kit.settings import variable
from shared.testing.certificates import self_signed


def test_without_a_certificate_everything_is_as_it_was() -> None:
    assert (scheme({}), trust({})) == ("http", True)
    assert scheme({CERTIFICATE: ""}) == "http"


def test_the_services_certificate_is_believed_besides_those_of_the_world(tmp_path: Path) -> None:
    certificate, _ = self_signed(tmp_path)
    believed = trust({CERTIFICATE: str(certificate)})

    assert isinstance(believed, ssl.SSLContext)
    assert believed.check_hostname
    assert believed.verify_mode is ssl.CERT_REQUIRED
    stored = believed.cert_store_stats()
    # Its own is no authority's.
    assert stored["x509"] > stored["x509_ca"] > 1


def test_the_setting_is_that_of_the_services(tmp_path: Path) -> None:
    certificate, _ = self_signed(tmp_path)
    service = ServiceProcess("issuance", 8003, tmp_path / "log", {CERTIFICATE: str(certificate)})

    assert variable("tls_certificate_file") == CERTIFICATE
    assert service.url == "https://localhost:8003"


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_certificate_that_is_none_is_one_line_with_the_cure(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "server.crt"
    if content is not None:
        file.write_text(content)

    with pytest.raises(UnreadableInput, match=CERTIFICATE) as refused:
        trust({CERTIFICATE: str(file)})

    assert "\n" not in str(refused.value)
