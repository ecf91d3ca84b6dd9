"""Whose address a request has that came through proxies: what strangers write into headers counts for nothing."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from api.net.proxies import visitor

OURS = [ip_network("10.0.0.0/8"), ip_network("192.0.2.1/32"), ip_network("fd00::/8")]
PEER, CLIENT, SPOOFED = "10.0.0.1", "203.0.113.7", "198.51.100.9"


@pytest.mark.parametrize(
    ("peer", "sent", "found"),
    [
        (PEER, [], PEER),
        (PEER, [CLIENT], CLIENT),
        (PEER, [f"{SPOOFED}, {CLIENT}"], CLIENT),
        (PEER, [SPOOFED, CLIENT], CLIENT),
        (PEER, [f"{SPOOFED}, {CLIENT}, 192.0.2.1", "10.1.2.3"], CLIENT),
        (PEER, [f"  {SPOOFED} ,{CLIENT} ,10.1.2.3 "], CLIENT),
        (PEER, ["10.1.2.3, 10.4.5.6"], "10.1.2.3"),
        (PEER, [f"{CLIENT}:51234"], CLIENT),
        (PEER, ["[2001:db8::7]:51234"], "2001:db8::7"),
        (PEER, ["2001:DB8:0::7"], "2001:db8::7"),
        (PEER, [f"::ffff:{CLIENT}"], CLIENT),
        (f"::ffff:{PEER}", [CLIENT], CLIENT),
        ("fd00::1", [CLIENT], CLIENT),
        (PEER, ["unknown"], PEER),
        (PEER, [f"{CLIENT}, unknown"], PEER),
        (PEER, [f"{CLIENT}, unknown, 10.1.2.3"], "10.1.2.3"),
        (PEER, [f"{CLIENT}, _hidden, {SPOOFED}"], SPOOFED),
        (PEER, [f"{CLIENT},"], PEER),
        (PEER, [""], PEER),
        (PEER, [", ".join([SPOOFED] * 5000 + [CLIENT])], CLIENT),
        (PEER, ["1" * 100_000], PEER),
        (CLIENT, [], CLIENT),
        (CLIENT, [SPOOFED], CLIENT),
        (CLIENT, [f"{SPOOFED}, 10.0.0.1"], CLIENT),
        ("192.0.2.2", [SPOOFED], "192.0.2.2"),
        ("a socket", [SPOOFED], "a socket"),
        (None, [SPOOFED], None),
    ],
)
def test_the_last_address_that_no_proxy_of_ours_has(peer: str | None, sent: list[str], found: str | None) -> None:
    assert visitor(peer, sent, OURS) == found


def test_without_proxies_nobody_is_believed() -> None:
    assert visitor(PEER, [CLIENT], []) == PEER
    assert visitor("127.0.0.1", [CLIENT], []) == "127.0.0.1"
