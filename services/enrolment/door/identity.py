"""Who an account is to us: an opaque reference that nobody outside can compute, or turn back. Pure.

HMAC-SHA256 (RFC 2104) under the installation's secret over tenant, home and account, each framed by its length, cut to
192 bits. The same account has the same reference over every route, whatever the format that named it.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence

from services.enrolment.platforms.door import Account
from shared.contracts.wire import MalformedEvent
from shared.kit.secret import derived

PREFIX = "lrn-"
_BYTES = 24
_MOST_TENANTS = 1_024

Homes = Mapping[str, Mapping[str, Sequence[str]]]
"""By institution: the home that stands for others, and those others."""


def other_names(homes: Homes) -> dict[tuple[str, str], str]:
    """Return which home stands for (institution, other home).

    Raises:
        ValueError: one home stands for another and is itself stood for, or two stand for the same.

    """
    found: dict[tuple[str, str], str] = {}
    for tenant, named in homes.items():
        firsts = {_plain(home) for home in named}
        for home, others in named.items():
            for other in map(_plain, others):
                if other in firsts or found.setdefault((tenant, other), _plain(home)) != _plain(home):
                    raise ValueError(f"{tenant}: {other} is named twice; name one home, and all others below it, once")
    return found


class Identities:
    """Turns accounts into learner references."""

    def __init__(self, secret: bytes, homes: Homes | None = None) -> None:
        """Keep the key; `homes` says which homes give out the same accounts.

        Raises:
            ValueError: as for `other_names`.

        """
        # A keyed HMAC is copied for each account: making one costs more than what it is made for.
        self._keyed = hmac.new(derived(secret, "learner_ref"), digestmod="sha256")
        self._of_tenant: dict[str, hmac.HMAC] = {}
        self._same = other_names(homes or {})

    def learner_ref(self, tenant: str, account: Account) -> str:
        """Return the reference of an account of this institution.

        Raises:
            MalformedEvent: the account has no home or no name, and would be everybody.

        """
        home = _plain(account.home)
        if not home or not account.name:
            missing = "name" if home else "home"
            raise MalformedEvent("account", f"the learner's account has no {missing}; send who gives it out and its id")
        mac = self._begun(tenant).copy()
        mac.update(_framed(self._same.get((tenant, home), home)) + _framed(account.name))
        return PREFIX + urlsafe_b64encode(mac.digest()[:_BYTES]).decode()

    def _begun(self, tenant: str) -> hmac.HMAC:
        begun = self._of_tenant.get(tenant)
        if begun is None:
            if len(self._of_tenant) >= _MOST_TENANTS:
                self._of_tenant.clear()
            begun = self._keyed.copy()
            begun.update(_framed(tenant))
            self._of_tenant[tenant] = begun
        return begun


def _plain(home: str) -> str:
    # An empty path and `/` are one address (RFC 3986, section 6.2.3), and platforms write both.
    return home.rstrip("/")


def _framed(text: str) -> bytes:
    # Lone surrogates are no text, but no reason to fail either: two different ones stay different.
    raw = text.encode(errors="surrogatepass")
    return len(raw).to_bytes(4) + raw
