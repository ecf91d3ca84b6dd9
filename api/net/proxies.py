"""Whose address a request has that came through reverse proxies. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .addresses import Address, Network, is_allowed, parse

HEADER = b"x-forwarded-for"
"""To which each proxy appends the address that it was called from; whatever stands before is but said."""


def visitor(peer: str | None, forwarded: Sequence[str], trusted: Sequence[Network]) -> str | None:
    """The last address on the way to us that is not of a trusted proxy; `forwarded` are the headers, in order.

    Nothing is believed that a stranger wrote, nor what stands before something that is no address.
    """
    found = peer
    way = _backwards(forwarded)
    while found is not None and (address := _address(found)) is not None:
        found = str(address)
        before = next(way, None) if is_allowed(address, trusted) else None
        if before is None or _address(before) is None:
            return found
        found = before
    return found


def plain(address: Address) -> Address:
    """IPv4 as such, also where it is written as IPv6."""
    return (address.version == 6 and address.ipv4_mapped) or address


def _backwards(forwarded: Sequence[str]) -> Iterator[str]:
    for header in reversed(forwarded):
        rest, comma = header, ","
        while comma:
            rest, comma, last = rest.rpartition(",")
            yield last.strip()


def _address(text: str) -> Address | None:
    """An address, perhaps with a port, as some proxies write it."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return plain(parse(text))
    except ValueError:
        return None
