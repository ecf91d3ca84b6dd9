"""Sends a request exactly as recorded: no header added but Host and Content-Length, no byte of the URL changed."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx
import msgspec


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers and the bytes of the body."""

    status: int
    headers: httpx.Headers
    content: bytes

    @property
    def document(self) -> object:
        """The JSON of the body, `None` when there is no body.

        Raises `msgspec.DecodeError` when the body is not JSON.
        """
        return msgspec.json.decode(self.content) if self.content else None


class UrlWouldChange(Exception):
    """The client would send another URL than the recorded one."""


async def send(
    client: httpx.AsyncClient, method: str, target: str, headers: Mapping[str, str], content: bytes | None
) -> Answer:
    """The answer to one request; `target` is the path and, after the first `?`, the query as it stood on the wire.

    `client.request` is not used: it would add a User-Agent, Accept and Connection, and OneLogin sends no User-Agent.
    """
    raw = target.encode("ascii")
    url = client.base_url.copy_with(raw_path=raw)
    if url.raw_path != raw:
        raise UrlWouldChange(f"{raw!r} would be sent as {url.raw_path!r}")
    lines = [(name.encode("ascii"), text.encode("latin-1")) for name, text in headers.items()]
    response = await client.send(httpx.Request(method, url, headers=lines, content=content))
    return Answer(response.status_code, response.headers, response.content)
