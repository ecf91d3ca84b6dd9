"""Talking to strangers: what is reached, what never is, and what comes back."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path

import pytest

from api.net.client import _CONNECTIONS, _OF_A_HOST, MOST_BYTES, SECONDS, Client, Unreachable

from .stranger import HOST, LOOPBACK, Authority, Stranger, authority, leading_to, listening, saying

_FAR_TOO_MANY = _CONNECTIONS + 10


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


async def test_a_slow_host_keeps_only_its_own_waiting(certified: Authority) -> None:
    """Any customer may name a host that never answers, and many of their people may come at once."""
    enough = asyncio.Event()

    async def held(_: bytes, writer: asyncio.StreamWriter) -> None:
        await enough.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    async with (
        listening(held, certified.own) as slow,
        listening(saying(b"hello"), certified.own) as other,
        Client(LOOPBACK, trusted=certified.trusted, resolver=leading_to("127.0.0.1"), seconds=5) as client,
        asyncio.TaskGroup() as group,
    ):
        waiting = [
            group.create_task(client.send("GET", f"https://{HOST}:{slow.port}/", {})) for _ in range(_FAR_TOO_MANY)
        ]
        while slow.connections < _OF_A_HOST:
            await asyncio.sleep(0)
        assert (await client.send("GET", f"https://127.0.0.1:{other.port}/", {})).body == b"hello"
        assert slow.connections == _OF_A_HOST
        enough.set()
        assert {(await each).status for each in waiting} == {200}
