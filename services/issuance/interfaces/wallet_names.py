"""Where OpenID4VCI finds what, and what it offers: issuer metadata, server metadata, offers. Pure.

Source: OpenID for Verifiable Credential Issuance 1.0, sections 4.1, 12.2 and 12.3, and Appendix A.1; RFC 8414.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson

from services.issuance.interfaces.key_proof import ALGORITHMS, METHODS
from services.issuance.jsonld.contexts import CREDENTIALS_V2, EXTENSIONS, OPEN_BADGES
from services.issuance.names import Names
from services.issuance.proofs.suites import usual_suite
from services.issuance.proofs.vcjwt import JOSE_NAMES

Document = dict[str, Any]

GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
JSON_LD, JWT = "ldp_vc", "jwt_vc_json"
BOUND = ("OpenBadge_ldp_vc", "OpenBadge_jwt_vc_json")
"""Made out to the wallet's key, which the wallet has to prove that it has."""
PUBLIC = ("PublicOpenBadge_ldp_vc", "PublicOpenBadge_jwt_vc_json")
"""As it is published, for whoever may read it anyway; no key is proven, and none stands in it."""
TX_CODE_LENGTH = 6
_SCHEME = "openid-credential-offer://"


def format_of(configuration: str) -> str:
    """Return the credential format of a configuration."""
    return configuration.partition("_")[2]


@dataclass(frozen=True, slots=True)
class WalletNames:
    """The addresses of one institution's Credential Issuer."""

    names: Names
    tenant: str

    @property
    def issuer(self) -> str:
        """The Credential Issuer Identifier, which is that of its authorisation server, too."""
        return f"{self.names.public_url}/issuers/{self.tenant}"

    def endpoint(self, name: str) -> str:
        """Return the address of an endpoint: token, nonce, credential, notification, or offers and a code."""
        return f"{self.issuer}/oid4vci/{name}"

    def metadata(self, title: str, algorithm: str, jwt_algorithm: str) -> Document:
        """Return the Credential Issuer Metadata; the algorithms are what the institution's keys sign with today.

        A JWT of a credential from before it had an RSA key is signed by the key that makes its proofs.
        """
        jwts = list(dict.fromkeys(JOSE_NAMES[each] for each in (jwt_algorithm, algorithm)))
        return {
            "credential_issuer": self.issuer,
            "credential_endpoint": self.endpoint("credential"),
            "nonce_endpoint": self.endpoint("nonce"),
            "notification_endpoint": self.endpoint("notification"),
            "display": [{"name": title}],
            "credential_configurations_supported": {
                name: _configuration(name, [usual_suite(algorithm).name], jwts) for name in (*BOUND, *PUBLIC)
            },
        }

    def server_metadata(self) -> Document:
        """Return the metadata of the authorisation server, which knows the pre-authorised code only."""
        return {
            "issuer": self.issuer,
            "token_endpoint": self.endpoint("token"),
            "grant_types_supported": [GRANT],
            "token_endpoint_auth_methods_supported": ["none"],
            "authorization_details_types_supported": ["openid_credential"],
            "pre-authorized_grant_anonymous_access_supported": True,
        }

    def offer(self, code: str, configurations: list[str], *, with_tx_code: bool) -> Document:
        """Return the Credential Offer of a code."""
        tx_code = {"input_mode": "numeric", "length": TX_CODE_LENGTH, "description": "The code that you were given"}
        grant = {"pre-authorized_code": code, **({"tx_code": tx_code} if with_tx_code else {})}
        return {
            "credential_issuer": self.issuer,
            "credential_configuration_ids": configurations,
            "grants": {GRANT: grant},
        }


def by_value(offer: Document) -> str:
    """Return the link that opens a wallet with an offer in it."""
    return f"{_SCHEME}?credential_offer={quote(orjson.dumps(offer), safe='')}"


def by_reference(url: str) -> str:
    """Return the link that opens a wallet with the address of an offer, short enough for a QR code."""
    return f"{_SCHEME}?credential_offer_uri={quote(url, safe='')}"


def _configuration(name: str, suites: list[str], jwts: list[str]) -> Document:
    format_ = format_of(name)
    definition: Document = {"type": ["VerifiableCredential", "AchievementCredential"]}
    if format_ == JSON_LD:
        definition["@context"] = [CREDENTIALS_V2, OPEN_BADGES, EXTENSIONS]
    bound = {
        "cryptographic_binding_methods_supported": METHODS,
        "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": list(ALGORITHMS)}},
    }
    return {
        "format": format_,
        "credential_signing_alg_values_supported": suites if format_ == JSON_LD else jwts,
        "credential_definition": definition,
        **(bound if name in BOUND else {}),
        "credential_metadata": {"display": [{"name": "Open Badge"}]},
    }
