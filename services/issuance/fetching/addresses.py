"""Which addresses may be asked: those of the public internet, whatever a name or a notation makes of them.

Source: IANA's special-purpose address registries (RFC 6890), as Python's ipaddress has them, and what hides an IPv4
address in an IPv6 one.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE = IPv6Network("::/96")
_TRANSLATED = IPv6Network("::ffff:0:0:0/96")


def is_public(text: str) -> bool:
    """Tell whether an address, as a resolver writes it, is one of the public internet."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if "%" in text or address.is_multicast or not address.is_global:
        return False
    return isinstance(address, IPv4Address) or not _hides_another(address)


def _hides_another(address: IPv6Address) -> bool:
    if address.ipv4_mapped or address.sixtofour or address.teredo:
        return True
    return any(address in network for network in (*_NAT64, _COMPATIBLE, _TRANSLATED))
