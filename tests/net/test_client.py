"""Talking to strangers: what is reached, what never is, and what comes back."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path

import httpcore
import pytest

from api.net.addresses import parse, refusal
from api.net.client import MOST_BYTES, SECONDS, Client, Unreachable
from api.net.guard import Resolver, _is_ours

from .stranger import HOST, Authority, Stranger, authority, listening, saying

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"))


def leading_to(*addresses: str) -> Resolver:
    """A resolver for which every name leads there."""

    async def resolve(_: str, __: int) -> Sequence[str]:
        return addresses

    return resolve


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


async def _ask(stranger: Stranger, certified: Authority, seconds: float = SECONDS) -> tuple[int, bytes, bool]:
    async with Client(LOOPBACK, trusted=certified.trusted, resolver=leading_to("127.0.0.1"), seconds=seconds) as client:
        answer = await client.send("POST", f"https://{HOST}:{stranger.port}/hook?a=1", {"x-own": "1"}, b"body")
    return answer.status, answer.body, answer.is_cut


async def test_what_the_operator_allowed_is_reached_by_its_name(certified: Authority) -> None:
    async with listening(saying(b"hello"), certified.own) as stranger:
        assert await _ask(stranger, certified) == (200, b"hello", False)
    [request] = stranger.requests
    assert request.startswith(b"POST /hook?a=1 HTTP/1.1\r\n")
    assert b"\r\nHost: hooks.example.com:" in request
    assert b"\r\naccept-encoding: identity\r\n" in request.lower()
    assert request.endswith(b"\r\n\r\nbody")


async def test_connections_are_used_again(certified: Authority) -> None:
    async with (
        listening(saying(b""), certified.own) as stranger,
        Client(LOOPBACK, trusted=certified.trusted, resolver=leading_to("127.0.0.1")) as client,
    ):
        for _ in range(3):
            await client.send("GET", f"https://{HOST}:{stranger.port}/", {})
        assert (stranger.connections, len(stranger.requests)) == (1, 3)


async def test_a_name_that_leads_elsewhere_the_next_time_reaches_nobody(certified: Authority) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.5"]])

    async def rebinding(_: str, __: int) -> Sequence[str]:
        return next(answers)

    close = saying(b"", "Connection: close")
    async with (
        listening(close, certified.own) as stranger,
        Client(LOOPBACK, trusted=certified.trusted, resolver=rebinding) as client,
    ):
        url = f"https://{HOST}:{stranger.port}/"
        await client.send("GET", url, {})
        with pytest.raises(Unreachable, match=r"10\.0\.0\.5, a private address"):
            await client.send("GET", url, {})


async def test_a_redirect_is_not_followed(certified: Authority) -> None:
    moved = saying(b"", "Location: https://127.0.0.1/", status="302 Found")
    async with listening(moved, certified.own) as stranger:
        assert (await _ask(stranger, certified))[0] == 302
    assert len(stranger.requests) == 1


async def test_without_tls_only_what_the_operator_allowed_is_reached() -> None:
    async with listening(saying(b"plain")) as stranger:
        async with Client(LOOPBACK, resolver=leading_to("127.0.0.1")) as client:
            answer = await client.send("GET", f"http://{HOST}:{stranger.port}/", {})
            assert answer.body == b"plain"
        async with Client((ip_network("10.0.0.0/8"),), resolver=leading_to("8.8.8.8")) as client:
            with pytest.raises(Unreachable, match="by https only"):
                await client.send("GET", f"http://{HOST}:{stranger.port}/", {})


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


async def test_heads_without_end_are_not_read(certified: Authority) -> None:
    sent = 0

    async def endless(_: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while not writer.is_closing():
            writer.write(b"X-More: " + b"x" * 4000 + b"\r\n")
            await writer.drain()
            sent += 4010

    async with listening(endless, certified.own) as stranger:
        with pytest.raises(Unreachable):
            await _ask(stranger, certified, seconds=60)
    assert sent < 20_000_000


async def test_a_slow_name_server_keeps_nobody_waiting(certified: Authority) -> None:
    async def never(_: str, __: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    async with Client(trusted=certified.trusted, resolver=never, seconds=0.2) as client:
        with pytest.raises(Unreachable, match=r"in time|within"):
            await client.send("GET", f"https://{HOST}/", {})


async def test_no_cookie_is_sent_back(certified: Authority) -> None:
    async with (
        listening(saying(b"", "Set-Cookie: a=b"), certified.own) as stranger,
        Client(LOOPBACK, trusted=certified.trusted, resolver=leading_to("127.0.0.1")) as client,
    ):
        for _ in range(2):
            await client.send("GET", f"https://{HOST}:{stranger.port}/", {})
    assert not any(b"cookie:" in request.lower() for request in stranger.requests)


async def test_a_proxy_of_the_environment_is_not_used(certified: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with listening(saying(b"direct"), certified.own) as stranger:
        assert (await _ask(stranger, certified))[1] == b"direct"


async def test_a_certificate_for_another_name_or_of_nobody_is_refused(certified: Authority, tmp_path: Path) -> None:
    other = authority(tmp_path, "other.example.com")
    async with listening(saying(b""), other.own) as stranger:
        with pytest.raises(Unreachable, match="certificate"):
            await _ask(stranger, certified)
        with pytest.raises(Unreachable, match="certificate"):
            await _ask(stranger, other)
    assert stranger.requests == []


async def test_compressed_answers_are_refused(certified: Authority) -> None:
    bomb = gzip.compress(b"0" * 1_000_000)
    async with listening(saying(bomb, "Content-Encoding: gzip"), certified.own) as stranger:
        with pytest.raises(Unreachable, match="compressed"):
            await _ask(stranger, certified)


async def test_an_answer_without_end_is_cut(certified: Authority) -> None:
    async def endless(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
            await writer.drain()

    async with listening(endless, certified.own) as stranger:
        status, body, is_cut = await _ask(stranger, certified)
    assert (status, len(body), is_cut) == (200, MOST_BYTES, True)


async def test_nobody_is_waited_for_long(certified: Authority) -> None:
    async def slow(_: bytes, writer: asyncio.StreamWriter) -> None:
        for letter in b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + b"x" * 9999:
            writer.write(bytes([letter]))
            await writer.drain()
            await asyncio.sleep(0.05)

    async with listening(slow, certified.own) as stranger:
        with pytest.raises(Unreachable, match="did not answer within"):
            await _ask(stranger, certified, seconds=0.5)


@pytest.mark.parametrize("nonsense", [b"", b"SSH-2.0\r\n", b"HTTP/1.1 two hundred\r\n\r\n", b"HTTP/1.1 200 OK\r\nx"])
async def test_whoever_speaks_no_http_is_unreachable(nonsense: bytes, certified: Authority) -> None:
    async def reply(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(nonsense)
        writer.close()

    async with listening(reply, certified.own) as stranger:
        with pytest.raises(Unreachable):
            await _ask(stranger, certified)


async def test_nobody_there_and_nobody_of_that_name(certified: Authority) -> None:
    async with Client(LOOPBACK, trusted=certified.trusted, resolver=leading_to("127.0.0.1")) as client:
        with pytest.raises(Unreachable):
            await client.send("GET", "https://example.com:1/", {})

    async def unknown(_: str, __: int) -> Sequence[str]:
        raise OSError

    async with Client(resolver=unknown) as client:
        with pytest.raises(Unreachable, match="Nobody knows where"):
            await client.send("GET", "https://example.com/", {})
