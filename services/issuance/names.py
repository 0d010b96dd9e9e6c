"""What everything that this service publishes is called."""

from dataclasses import dataclass
from urllib.parse import quote

from services.issuance.marks import Purpose


@dataclass(frozen=True, slots=True)
class Names:
    """The URLs and DIDs of everything that this service publishes, below one public URL."""

    public_url: str

    def credential(self, credential_id: str) -> str:
        """Return a credential's id, which is its URL."""
        return f"{self.public_url}/credentials/{credential_id}"

    def status_list(self, list_id: str, purpose: Purpose = "revocation") -> str:
        """Return a status list's id, which is its URL; that of suspensions stands below that of revocations."""
        return f"{self.public_url}/status/{list_id}{'' if purpose == 'revocation' else '/suspension'}"

    def achievement(self, tenant: str, offering: str) -> str:
        """Return an achievement's id, which is its URL."""
        return f"{self.public_url}/issuers/{tenant}/achievements/{quote(offering, safe='')}"

    def issuer(self, tenant: str) -> str:
        """Return the institution's did:web (did:web method, section 2.5.2), whose document is at /did.json below it."""
        host, _, path = self.public_url.split("://", 1)[1].partition("/")
        return ":".join(["did:web", quote(host), *(quote(part) for part in path.split("/") if part), "issuers", tenant])

    def tenant_of(self, did: str) -> str | None:
        """Return the institution that a did:web of this service names, or None for any other DID."""
        prefix = self.issuer("")
        tenant = did.removeprefix(prefix)
        return tenant if did.startswith(prefix) and tenant and ":" not in tenant else None
