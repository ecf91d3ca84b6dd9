"""Which statements the application runs for a request: taken down while it runs, so that the floor runs the same."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import asyncpg
from litestar import Litestar

from api.provisioning import request_log

from . import people
from .operations import Request

_METHODS = ("fetch", "fetchrow", "fetchval", "execute", "executemany", "copy_records_to_table")


SESSION = "rollcall-session="
"""How the cookie of a session begins."""


class NothingRecorded(Exception):
    """The application reached the database by another way than those that are watched, or not at all."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method of asyncpg's connection; transactions begin and end by such calls, too."""

    method: str
    args: tuple[object, ...]
    named: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one request did in the database, what was written behind it, and how large its answer was."""

    calls: Sequence[Call]
    behind: Sequence[Call]
    status: int
    size: int


@dataclass(slots=True)
class Answered:
    """An answer of the application, called without a server."""

    status: int = 0
    body: bytearray = field(default_factory=bytearray)


async def record(application: Litestar, key: str, requests: Sequence[Request], *, run: int) -> list[Recorded]:
    """Send the requests to the application, one after another, and take down what each did.

    `run` makes the names that must be new; in what was recorded, `FRESH` stands for them again.
    """
    found = []
    with _alone() as flush, _watched() as calls:
        await flush()
        for number, request in enumerate(requests):
            name = people.fresh(run, number)
            calls.clear()
            answered = await ask(application, key, _renamed(request, name))
            during = [_unnamed(call, name) for call in calls]
            calls.clear()
            await flush()
            if not during or answered.status >= 300:
                raise NothingRecorded(
                    f"{request.method} {request.target} → {answered.status}, {len(during)} statements"
                )
            found.append(Recorded(during, list(calls), answered.status, len(answered.body)))
    return found


def _renamed(request: Request, name: str) -> Request:
    return replace(request, body=request.body.replace(people.FRESH.encode(), name.encode()))


def _unnamed(call: Call, name: str) -> Call:
    return replace(call, args=tuple(_without(value, name) for value in call.args))


def _without(value: object, name: str) -> object:
    if isinstance(value, str):
        return value.replace(name, people.FRESH)
    return [_without(each, name) for each in value] if isinstance(value, list) else value


async def ask(application: Litestar, key: str, request: Request) -> Answered:
    """The application's answer to a request, by a direct call."""
    answered, parts = Answered(), urlsplit(request.target)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers(key, request)],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            answered.status = int(str(message["status"]))
        else:
            answered.body += bytes(message.get("body", b""))  # type: ignore[call-overload]  # ASGI has bytes there

    await application(scope, receive, send)  # type: ignore[arg-type]  # ASGI's own types are dictionaries
    return answered


def headers(key: str, request: Request) -> Iterator[tuple[str, str]]:
    """The headers that go with a request, by a key, a token, or a session's cookie."""
    yield "Host", "127.0.0.1"
    yield ("Cookie", key) if key.startswith(SESSION) else ("Authorization", f"Bearer {key}")
    yield "User-Agent", "Okta SCIM Client 1.0.0"
    yield "Accept", request.media_type
    if request.body:
        yield "Content-Type", request.media_type
        yield "Content-Length", str(len(request.body))


@contextlib.contextmanager
def _alone() -> Iterator[Callable[[], Awaitable[None]]]:
    """What writes behind the answers, which for the length of the block nobody else does."""
    original = request_log.flush

    async def nothing() -> None:
        """Stands in for the background's work, which would be taken down with some request or other."""

    request_log.flush = nothing
    try:
        yield original
    finally:
        request_log.flush = original


@contextlib.contextmanager
def _watched() -> Iterator[list[Call]]:
    """Put a note-taker before each method of asyncpg's connections for the length of the block."""
    calls: list[Call] = []
    original = {method: getattr(asyncpg.Connection, method) for method in _METHODS}
    for method, function in original.items():
        setattr(asyncpg.Connection, method, _noting(method, function, calls))
    try:
        yield calls
    finally:
        for method, function in original.items():
            setattr(asyncpg.Connection, method, function)


def _noting(
    method: str, function: Callable[..., Awaitable[object]], calls: list[Call]
) -> Callable[..., Awaitable[object]]:
    @functools.wraps(function)
    async def noting(connection: object, *args: object, **named: object) -> object:
        if "records" in named:
            named["records"] = list(named["records"])  # type: ignore[call-overload]  # asyncpg takes any iterable
        calls.append(Call(method, args, named))
        return await function(connection, *args, **named)

    return noting
