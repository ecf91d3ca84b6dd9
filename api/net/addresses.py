"""Which addresses may be talked to: public ones, and networks that the operator allowed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

# Translators carry IPv4 in the last 32 bits of the first (RFC 6052), and IPv6 of long ago did, too (RFC 4291).
_CARRIERS = tuple(IPv6Network(text) for text in ("64:ff9b::/96", "::/96"))
# All other IPv6 addresses are reserved, or for use inside a network, such as that of translators (RFC 8215, RFC 7915).
_UNICAST = IPv6Network("2000::/3")
# In IANA's registries of special addresses, but not known as such to every Python that is supported.
_SPECIAL = tuple(ip_network(text) for text in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "3fff::/20"))
_KINDS = (
    ("is_unspecified", "no address of anybody's"),
    ("is_loopback", "this machine itself"),
    ("is_link_local", "a link-local address, such as a cloud's metadata service"),
    ("is_multicast", "a multicast address"),
    ("is_private", "a private address"),
)


def is_allowed(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether the operator allowed to talk to an address."""
    return any(address.version == network.version and address in network for network in allowed)


def refusal(address: Address, allowed: Sequence[Network]) -> str | None:
    """What an address is that may not be talked to, in words for people; None for one that may."""
    if is_allowed(address, allowed):
        return None
    if isinstance(address, IPv6Address) and (inner := _carried(address)) is not None:
        return refusal(inner, allowed)
    for attribute, words in _KINDS:
        if getattr(address, attribute):
            return words
    return "a reserved address" if _is_reserved(address) else None


def parse(text: str) -> Address:
    """An address as the system's resolver writes it, where IPv6 may have a zone behind a percent sign."""
    return ip_address(text.partition("%")[0])


def _is_reserved(address: Address) -> bool:
    is_special = any(address.version == network.version and address in network for network in _SPECIAL)
    return is_special or not address.is_global or (isinstance(address, IPv6Address) and address not in _UNICAST)


def _carried(address: IPv6Address) -> Address | None:
    """The IPv4 address that traffic to an IPv6 address may end up at."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _CARRIERS) and int(address) > 1:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None
