"""What reaches the server only over a real socket: endless bodies, broken headers, bytes that are no HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlsplit

import httpx
import pytest

from tests.conftest import DirectoryAccess, NewDirectory

from .conversation import MEDIA_TYPE, MESSAGES, user

MEGABYTE = 1024 * 1024


@pytest.fixture
async def access(new_directory: NewDirectory) -> DirectoryAccess:
    """A directory of its own."""
    return await new_directory()


async def _raw(live: str, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the first answer to these bytes."""
    parts = urlsplit(live)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(request)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
        lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)
        }
        body = await asyncio.wait_for(reader.readexactly(int(headers.get("content-length", "0"))), 20)
        return int(lines[0].split()[1]), headers, body
    finally:
        writer.close()


def _head(method: str, path: str, key: str, more: Sequence[str] = ()) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: rollcall.test", f"Authorization: Bearer {key}", *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _is_error(status: int, headers: dict[str, str], body: bytes, wanted: int) -> None:
    assert status == wanted, body[:300]
    assert headers["content-type"] == MEDIA_TYPE
    error = json.loads(body)
    assert error["schemas"] == [MESSAGES + "Error"]
    assert error["status"] == str(wanted)
    assert headers["x-trace-id"] in error["detail"]


async def test_a_body_declared_too_large_is_refused_before_it_is_sent(live: str, access: DirectoryAccess) -> None:
    head = _head("POST", "/scim/v2/Users", access.key, [f"Content-Length: {64 * MEGABYTE}"])
    _is_error(*await _raw(live, head), 413)


async def test_a_chunked_body_is_cut_off_at_the_limit(live: str, access: DirectoryAccess) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b" " * MEGABYTE

    async with httpx.AsyncClient(base_url=live, timeout=30) as http:
        headers = {"authorization": f"Bearer {access.key}", "content-type": MEDIA_TYPE}
        answer = await http.post("/scim/v2/Users", content=endless(), headers=headers)
    _is_error(answer.status_code, dict(answer.headers), answer.content, 413)


async def test_a_client_that_sends_a_huge_body_at_once_still_reads_the_refusal(
    live: str, access: DirectoryAccess
) -> None:
    async with httpx.AsyncClient(base_url=live, timeout=30) as http:
        headers = {"authorization": f"Bearer {access.key}", "content-type": MEDIA_TYPE}
        answer = await http.post("/scim/v2/Users", content=b" " * 64 * MEGABYTE, headers=headers)
    _is_error(answer.status_code, dict(answer.headers), answer.content, 413)


async def test_the_server_goes_on_after_bodies_that_are_too_large(live: str, access: DirectoryAccess) -> None:
    head = _head("POST", "/scim/v2/Users", access.key, [f"Content-Length: {64 * MEGABYTE}"])
    await asyncio.gather(*(_raw(live, head) for _ in range(20)))
    status, _, _ = await _raw(live, _head("GET", "/scim/v2/Users", access.key))
    assert status == 200


async def test_a_body_that_never_comes_keeps_nobody_else_waiting(live: str, access: DirectoryAccess) -> None:
    parts = urlsplit(live)
    waiting = [await asyncio.open_connection(parts.hostname, parts.port) for _ in range(30)]
    for _, writer in waiting:
        writer.write(_head("POST", "/scim/v2/Users", access.key, ["Content-Length: 100"]) + b'{"userName"')
    status, _, _ = await asyncio.wait_for(_raw(live, _head("GET", "/scim/v2/Users", access.key)), 5)
    for _, writer in waiting:
        writer.close()
    assert status == 200


async def test_a_client_that_leaves_in_the_middle_of_its_body_makes_nobody(live: str, access: DirectoryAccess) -> None:
    parts, body = urlsplit(live), json.dumps(user("ann")).encode()
    _, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(_head("POST", "/scim/v2/Users", access.key, [f"Content-Length: {len(body) + 10}"]) + body)
    await writer.drain()
    writer.close()
    await asyncio.sleep(0.1)
    status, _, listed = await _raw(live, _head("GET", "/scim/v2/Users?count=0", access.key))
    assert (status, json.loads(listed)["totalResults"]) == (200, 0)


async def test_a_real_client_gets_a_user_made(live: str, access: DirectoryAccess) -> None:
    body = json.dumps(user("ann")).encode()
    head = _head("POST", "/scim/v2/Users", access.key, [f"Content-Length: {len(body)}", f"Content-Type: {MEDIA_TYPE}"])
    status, headers, made = await _raw(live, head + body)
    assert status == 201
    assert headers["location"].endswith(json.loads(made)["id"])


@pytest.mark.parametrize(
    "path",
    ["/scim/v2/Users/%2F", "/scim/v2//Users", "/scim/v2/./Users", "/scim/v2/../v2/Users", "//scim/v2/Users", "/scim/v2/%00",
     "/scim/v2/Users/\u00e9", "/scim/v2/Users;x=y", "/scim/v2/Users%3Fcount=1"],
)  # fmt: skip
async def test_odd_spellings_of_a_path_are_answered_in_scim(live: str, access: DirectoryAccess, path: str) -> None:
    status, headers, body = await _raw(live, _head("GET", path, access.key))
    assert status in (200, 400, 404)
    if path.startswith("/scim") and status == 404:
        _is_error(status, headers, body, 404)


@pytest.mark.parametrize(
    "line", ["If-Match: \u00ff\u00fe", "Accept: ;;;,,,", "Content-Length: 0", "X-Trace-Id: mine", "X: " + "y" * 8000]
)
async def test_odd_header_lines_do_no_harm(live: str, access: DirectoryAccess, line: str) -> None:
    status, headers, _ = await _raw(live, _head("GET", "/scim/v2/ServiceProviderConfig", access.key, [line]))
    assert status in (200, 406)
    assert headers["x-trace-id"] != "mine"


async def test_text_from_the_path_cannot_add_a_header_line(live: str, access: DirectoryAccess) -> None:
    status, headers, _ = await _raw(live, _head("GET", "/scim/v2/Users/x%0d%0aSet-Cookie:%20a=b", access.key))
    assert status == 404
    assert "set-cookie" not in headers


async def test_a_request_without_key_is_401_and_says_how(live: str, access: DirectoryAccess) -> None:
    status, headers, body = await _raw(live, b"GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\n\r\n")
    _is_error(status, headers, body, 401)
    assert headers["www-authenticate"].startswith("Bearer")
