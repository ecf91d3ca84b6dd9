"""Whom nobody is led to: not by a name, not by a spelling, not by a URL, and not by what was looked up before."""

from __future__ import annotations

import httpcore
import pytest

from api.net.addresses import parse, refusal
from api.net.client import Client, Unreachable
from api.net.guard import _is_ours

from .stranger import HOST, LOOPBACK, Authority, leading_to, listening, saying

FORBIDDEN = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.5",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.5",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "64:ff9b:1:a00:0:500::",
    "100::1",
    "2001:1::1",
    "2001:db8::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "::ffff:0:10.0.0.5",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


@pytest.mark.parametrize("address", FORBIDDEN)
async def test_no_socket_is_opened_to_what_is_not_public(
    address: str, certified: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    async def connect(_: object, host: str, *__: object, **___: object) -> object:
        opened.append(host)
        raise OSError

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    for answers in ([address], ["8.8.8.8", address], [address, "2600::1"]):
        async with Client(trusted=certified.trusted, resolver=leading_to(*answers)) as client:
            with pytest.raises(Unreachable, match="ROLLCALL_ALLOW_NETWORKS"):
                await client.send("POST", f"https://{HOST}/", {})
    assert opened == []


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2600::1", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_public(address: str) -> None:
    assert refusal(parse(address), ()) is None


@pytest.mark.parametrize(
    "host",
    [
        "127.1",
        "127.0.1",
        "0",
        "0x7f000001",
        "0x7f.1",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "127.0.0.1%20",
        "１２７.０.０.１",
        "①②⑦.⓪.⓪.①",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::127.0.0.1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
        "192.0.2.1@127.0.0.1",
        "192.0.2.1#@127.0.0.1",
        "192.0.2.1\\@127.0.0.1",
    ],
)
async def test_odd_spellings_of_this_machine_reach_nobody(host: str, certified: Authority) -> None:
    async with (
        listening(saying(b"secret"), certified.own) as stranger,
        Client(trusted=certified.trusted) as client,
    ):
        with pytest.raises(Unreachable):
            await client.send("GET", f"https://{host}:{stranger.port}/", {})
        assert stranger.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "https:///nowhere",
        "https://ann:secret@example.com/",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "//example.com/",
        "",
        "https://example.com/" + "x" * 2000,
    ],
)
async def test_urls_that_are_none_are_refused(url: str) -> None:
    async with Client(resolver=leading_to("8.8.8.8")) as client:
        with pytest.raises(Unreachable):
            await client.send("GET", url, {})


async def test_rollcall_itself_is_not_reached(certified: Authority) -> None:
    async with (
        listening(saying(b"itself"), certified.own) as itself,
        listening(saying(b"neighbour"), certified.own) as neighbour,
        Client(LOOPBACK, trusted=certified.trusted, resolver=leading_to("127.0.0.1"), own_port=itself.port) as client,
    ):
        with pytest.raises(Unreachable, match="Rollcall itself"):
            await client.send("GET", f"https://{HOST}:{itself.port}/", {})
        assert (await client.send("GET", f"https://{HOST}:{neighbour.port}/", {})).body == b"neighbour"
        assert itself.connections == 0


def test_only_what_this_machine_can_listen_on_is_its_own() -> None:
    assert [_is_ours(parse(text)) for text in ("127.0.0.1", "192.0.2.1", "2001:db8::1")] == [True, False, False]
