"""Bodies of requests, read as far as they may be long."""

from __future__ import annotations

from collections.abc import AsyncIterator


class TooLong(Exception):
    """A body that is longer than it may be; the rest of it is not read."""


async def read(pieces: AsyncIterator[bytes], declared: str | None, most: int) -> bytes:
    """A body of so many bytes at most; `declared` is its Content-Length. Raises TooLong, by that before reading any."""
    if declared is not None and declared.isdecimal() and int(declared) > most:
        raise TooLong
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) > most:
            raise TooLong
    return bytes(body)
