"""The record of requests. Writes carry theirs in their own transaction; reads are recorded a moment later, in bulk."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from db.errors import UNAVAILABLE
from db.queries import log
from db.rows import RequestRow

from .key_use import write_uses

FLUSH_SECONDS = 0.25
HELD_AT_MOST = 20_000

_logger = logging.getLogger("rollcall.requests")
_held: list[RequestRow] = []


def put(row: RequestRow) -> None:
    """Record a request that changed nothing, within a quarter of a second."""
    if len(_held) < HELD_AT_MOST:
        _held.append(row)
    else:
        _logger.error("The record of a request was lost: the database has not taken any for too long.")


async def put_now(row: RequestRow) -> None:
    """Record a request that changed nothing, before it is answered: refusals are what people look for."""
    await log.add_request(row)


async def flush() -> None:
    """Write what is held; what cannot be written stays held."""
    await write_uses()
    if _held:
        rows = _held[:]
        await log.add_requests(rows)
        del _held[: len(rows)]


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[None]:
    """Flush in the background for the length of the block, and once more at its end."""
    task = asyncio.create_task(_flush_for_ever())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await flush()


async def _flush_for_ever() -> None:
    while True:
        await asyncio.sleep(FLUSH_SECONDS)
        try:
            await flush()
        except UNAVAILABLE as error:
            _logger.warning("Requests could not be recorded yet: %s", type(error).__name__)
