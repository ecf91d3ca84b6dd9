"""The SCIM edge as one ASGI application: from bytes to an exchange, through a handler, to bytes and a record.

It stands in front of Litestar's router, which would answer unknown paths, wrong methods, odd Host headers and bodies
that cannot be read before a handler could; here they go the same way as everything else: let in by key, answered in
SCIM's words, recorded.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import cast

from litestar.types import HTTPScope, Receive, Scope, Send

from api.auth.keys import authenticate
from api.provisioning import plans, request_log
from api.provisioning.directories import State
from api.provisioning.errors import Paused
from api.provisioning.plan_catalogue import Feature
from api.settings import Settings
from db.held import one_connection

from . import errors, routes
from .errors import HttpError, NotLetIn
from .exchange import MEDIA_TYPE, Answer, Exchange
from .redaction import redacted_text
from .resource_types import resource_types

_logger = logging.getLogger("rollcall.scim")
_JSON = ("application/scim+json", "application/json")
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_NO_BODY = frozenset({204, 304})
_READ_BEYOND = 4
_SHORT_BODY = 65_536
_PATIENCE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class ScimEdge:
    """Answers everything below /scim."""

    settings: Settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = _exchange(cast(HTTPScope, scope), self.settings)
        answer = await self._answer(exchange, receive)
        if not answer.is_recorded and exchange.key is not None:
            request_log.put(exchange.record(answer))
        _note(exchange, answer)
        await _send(exchange, answer, send)

    async def _answer(self, exchange: Exchange, receive: Receive) -> Answer:
        try:
            if not _may_be_long(exchange):
                exchange.body = await _body(exchange, receive)
                async with one_connection():
                    handler = await self._admit(exchange)
                    return await handler(exchange)
            async with one_connection():
                handler = await self._admit(exchange)
            exchange.body = await _body(exchange, receive)
            async with one_connection():
                return await handler(exchange)
        except Exception as error:
            return await _refuse(exchange, error)

    async def inside(self, exchange: Exchange) -> Answer:
        """Answer a request that Rollcall sends to itself for a directory whose people it fetches, and record it."""
        try:
            async with one_connection():
                handler = await self._open(exchange)
                answer = await handler(exchange)
        except Exception as error:
            answer = await _refuse(exchange, error)
        if not answer.is_recorded:
            request_log.put(exchange.record(answer))
        _note(exchange, answer)
        return answer

    async def _admit(self, exchange: Exchange) -> routes.Handler:
        """Let the request in by its key and the organization's plan, and find what answers it."""
        key, problem = await authenticate(exchange.headers.get("authorization"))
        exchange.key = key
        if problem is not None:
            raise NotLetIn(problem)
        return await self._open(exchange)

    async def _open(self, exchange: Exchange) -> routes.Handler:
        key = exchange.key
        assert key is not None
        plans.must_have(key.plan, key.add_ons, Feature.SCIM)
        exchange.types = await resource_types(key.organization_id, key.schema_version, self.settings.seat_type_urn)
        if exchange.settings.state is State.PAUSED:
            raise Paused("This directory is paused in Rollcall. Nothing is lost; send it again when it is resumed.")
        handler = routes.find(exchange.method, exchange.path)
        _negotiate(exchange)
        return handler


async def _refuse(exchange: Exchange, error: Exception) -> Answer:
    answer = errors.answer(exchange, error)
    await errors.remember(exchange, answer)
    answer.is_recorded = True
    return answer


def _may_be_long(exchange: Exchange) -> bool:
    """Whether the body may be so long that only those who have a key may send it.

    Short ones are read before anything else, so that one connection to the database does for the rest.
    """
    declared = exchange.headers.get("content-length", "")
    return exchange.method in _WITH_BODY and not (declared.isdecimal() and int(declared) <= _SHORT_BODY)


def _note(exchange: Exchange, answer: Answer) -> None:
    """One line in the log: refusals are worth reading, the rest is for whoever is looking for something."""
    level = logging.INFO if answer.status >= 400 else logging.DEBUG
    if _logger.isEnabledFor(level):
        shown = (exchange.method, redacted_text(exchange.path[:200]), answer.status, exchange.id)
        _logger.log(level, "%s %s answered %d (trace %s)", *shown, extra={"trace_id": exchange.id})


def _exchange(scope: HTTPScope, settings: Settings) -> Exchange:
    return Exchange(
        method=scope["method"],
        path=_path(scope["raw_path"], scope["path"]),
        query=scope["query_string"].decode("latin-1"),
        headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
        base_url=settings.scim_url,
        max_body_bytes=settings.max_body_bytes,
    )


def _path(raw: bytes | None, decoded: str) -> str:
    """The path as it was sent, still percent-encoded, so that an encoded slash stays part of an id."""
    return raw.split(b"?")[0].decode("latin-1") if raw else decoded


def _negotiate(exchange: Exchange) -> None:
    """Refuse bodies that say they are no JSON, and clients that would not read JSON."""
    accept = exchange.headers.get("accept")
    if accept and not any(wanted in accept.lower() for wanted in ("json", "*/*", "application/*")):
        raise HttpError(406, f"Answers are {MEDIA_TYPE}; the Accept header must allow that.")
    encoding = exchange.headers.get("content-encoding", "identity").strip().lower()
    if exchange.method in _WITH_BODY and encoding not in ("", "identity"):
        raise HttpError(415, f"Bodies must not be compressed; this one is {encoding[:50]!r}.")
    sent = exchange.headers.get("content-type")
    if exchange.method in _WITH_BODY and sent:
        media_type, _, parameters = sent.lower().partition(";")
        charset = parameters.partition("charset=")[2].split(";")[0].strip(' "')
        if media_type.strip() not in _JSON or charset not in ("", "utf-8", "utf8"):
            raise HttpError(415, f"Bodies are {MEDIA_TYPE} or application/json in UTF-8, not {sent[:100]!r}.")


async def _body(exchange: Exchange, receive: Receive) -> bytes:
    """The body, which may come in pieces; raises HttpError 413 without holding more than the limit.

    What comes beyond the limit is read and thrown away for a while: a client that is still sending would otherwise see
    a broken connection instead of the answer. A client that waits for the answer before it sends gets it soon.
    """
    limit, declared = exchange.max_body_bytes, exchange.headers.get("content-length", "")
    is_too_large = declared.isdecimal() and int(declared) > limit
    pieces: list[bytes] = []
    size = 0
    problem = HttpError(413, f"The body is larger than {limit} bytes. Send fewer members or operations at once.")
    while True:
        try:
            message = await asyncio.wait_for(receive(), _PATIENCE_SECONDS) if is_too_large else await receive()
        except TimeoutError:
            raise problem from None
        if message["type"] != "http.request":
            return b""
        size += len(message.get("body", b""))
        is_too_large = is_too_large or size > limit
        if is_too_large:
            pieces.clear()
        else:
            pieces.append(message.get("body", b""))
        is_over = not message.get("more_body", False) or size > limit * _READ_BEYOND
        if is_over and is_too_large:
            raise problem
        if is_over:
            return b"".join(pieces)


async def _send(exchange: Exchange, answer: Answer, send: Send) -> None:
    is_empty = answer.status in _NO_BODY or exchange.method == "HEAD"
    body = b"" if answer.body is None else answer.body
    headers = [(b"x-trace-id", str(exchange.id).encode())]
    if answer.status not in _NO_BODY:
        headers.append((b"content-type", MEDIA_TYPE.encode()))
    if isinstance(body, bytes) and answer.status not in _NO_BODY:
        headers.append((b"content-length", str(len(body)).encode()))
    headers += [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in answer.headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if isinstance(body, bytes):
        await send({"type": "http.response.body", "body": b"" if is_empty else body, "more_body": False})
    else:
        await _stream(body, send, is_empty=is_empty)


async def _stream(body: AsyncIterator[bytes], send: Send, *, is_empty: bool) -> None:
    if not is_empty:
        async for piece in body:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
