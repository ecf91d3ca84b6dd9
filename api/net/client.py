"""An HTTP client for addresses that customers typed in: it follows nothing, keeps nothing, and never waits long."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from weakref import WeakValueDictionary

import httpcore
import httpx

from .addresses import Network
from .guard import Guard, Resolver, resolve

SECONDS = 15.0
MOST_BYTES = 65_536
_CONNECTIONS, _OF_A_HOST, _IDLE_SECONDS = 200, 10, 30.0
_MOST_URL = 2000


class Unreachable(Exception):
    """There was no answer, or none that is taken; the text is for people."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered; `body` may have been cut, which `is_cut` tells."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool = False


def checked(url: str) -> httpx.URL:
    """A URL that may be talked to as far as it alone can tell; raises Unreachable, which says what is wrong."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise Unreachable(f"This is no URL: {error}.") from None
    if len(url) > _MOST_URL:
        raise Unreachable(f"The URL is longer than {_MOST_URL} characters.")
    if parsed.scheme not in ("https", "http") or not parsed.host:
        raise Unreachable("The URL must begin with https:// and a host name.")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise Unreachable("The port of the URL is from 1 to 65535.")
    if parsed.userinfo:
        raise Unreachable("The URL must not have a user name or password in it.")
    return parsed.copy_with(fragment=None)


class Client:
    """Sends requests over connections that are reused for as long as this is open; to be used as a context.

    `allowed` are networks that are talked to although they are not public, also without TLS; on `own_port` this machine
    is never talked to. Of no answer more than `MOST_BYTES` are read unless more are asked for, and none takes longer
    than `SECONDS` in all. A slow host keeps only its own waiting: a few requests go to one at once.
    """

    def __init__(
        self,
        allowed: Sequence[Network] = (),
        *,
        trusted: ssl.SSLContext | None = None,
        resolver: Resolver = resolve,
        seconds: float = SECONDS,
        own_port: int | None = None,
    ) -> None:
        self._seconds = seconds
        self._turns = WeakValueDictionary[str, asyncio.Semaphore]()
        tls = trusted or ssl.create_default_context()
        self._pools = {
            "https": _pool(Guard(allowed, resolver, only_allowed=False, own_port=own_port), tls),
            "http": _pool(Guard(allowed, resolver, only_allowed=True, own_port=own_port), tls),
        }

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self._pools.values():
            await pool.aclose()

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, most_bytes: int = MOST_BYTES
    ) -> Answer:
        """Send a request and read the answer; raises Unreachable. Redirects are answers like any other."""
        parsed = checked(url)
        request = httpx.Request(
            method, parsed, headers={**headers, "accept-encoding": "identity", "connection": "keep-alive"}, content=body
        )
        try:
            async with asyncio.timeout(self._seconds), self._turn(parsed.host):
                return await self._sent(self._pools[parsed.scheme], request, most_bytes)
        except TimeoutError:
            raise Unreachable(f"{parsed.host} did not answer within {self._seconds:g} seconds.") from None
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
            raise Unreachable(_in_words(error, parsed.host)) from None

    def _turn(self, host: str) -> asyncio.Semaphore:
        """What to hold while a host is asked."""
        return self._turns.setdefault(host, asyncio.Semaphore(_OF_A_HOST))

    async def _sent(self, pool: httpcore.AsyncConnectionPool, request: httpx.Request, most_bytes: int) -> Answer:
        asked = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.content,
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), self._seconds)},
        )
        answer = await pool.handle_async_request(asked)
        try:
            headers = httpx.Headers(answer.headers)
            if headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
                raise Unreachable(f"{request.url.host} answers compressed, which it was not asked for.")
            body, is_cut = b"", False
            async for piece in answer.aiter_stream():
                body += piece
                if len(body) > most_bytes:
                    body, is_cut = body[:most_bytes], True
                    break
            return Answer(answer.status, headers, body, is_cut)
        finally:
            await answer.aclose()


def _pool(guard: Guard, tls: ssl.SSLContext) -> httpcore.AsyncConnectionPool:
    return httpcore.AsyncConnectionPool(
        ssl_context=tls,
        network_backend=guard,
        max_connections=_CONNECTIONS,
        keepalive_expiry=_IDLE_SECONDS,
        retries=0,
    )


def _in_words(error: Exception, host: str) -> str:
    text = str(error)
    if isinstance(error, httpcore.TimeoutException):
        return text or f"{host} did not answer in time."
    if "CERTIFICATE_VERIFY_FAILED" in text:
        reason = text.partition("failed: ")[2].partition(" (_ssl")[0] or "it is not trusted"
        return f"The certificate of {host} is no good: {reason}."
    return text or f"The connection to {host} ended early."
