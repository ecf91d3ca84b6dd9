"""The record of requests. Writes carry theirs in their own transaction; reads are recorded a moment later, in bulk."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from db.errors import REFUSED, UNAVAILABLE
from db.queries import log
from db.rows import RequestRow

from .key_use import write_uses

FLUSH_SECONDS = 0.25
HELD_AT_MOST = 20_000

_logger = logging.getLogger("rollcall.requests")
_held: list[RequestRow] = []
_one_at_a_time = asyncio.Lock()


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
    """Write what is held; what cannot be written for now stays held, what the database refuses is given up."""
    async with _one_at_a_time:
        await write_uses()
        rows = _held[:]
        del _held[:]
        if rows:
            await _write(rows)


async def _write(rows: list[RequestRow]) -> None:
    try:
        await log.add_requests(rows)
    except UNAVAILABLE:
        _held[:0] = rows
        raise
    except REFUSED:
        for row in rows:
            try:
                await log.add_requests([row])
            except REFUSED as error:
                _logger.error("The record of a request was refused: %s (trace %s)", type(error).__name__, row.id)


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[None]:
    """Flush in the background for the length of the block, and once more at its end."""
    over = asyncio.Event()
    task = asyncio.create_task(_flush_until(over))
    try:
        yield
    finally:
        over.set()
        await task
        await flush()


async def _flush_until(over: asyncio.Event) -> None:
    while not over.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), FLUSH_SECONDS)
        try:
            await flush()
        except UNAVAILABLE as error:
            _logger.warning("Requests could not be recorded yet: %s", type(error).__name__)
