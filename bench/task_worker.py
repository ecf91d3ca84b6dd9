"""`python -m bench.task_worker worker|floor URL`: carries out tasks that do nothing, from the first line it is sent on.

The floor is the least that a queue could cost: claim twenty, say of each that it is done, all by hand.
"""

from __future__ import annotations

import asyncio
import signal
import sys

import asyncpg

from api.outbox.work import Handler
from db import queue
from db.engine import DB

ENTRYPOINT = "bench.nothing"
AT_ONCE = 20
_CLAIM = f"""
UPDATE {queue.TASK} SET status = 'picked', updated = now(), heartbeat = now() WHERE id IN (
    SELECT id FROM {queue.TASK} WHERE entrypoint = '{ENTRYPOINT}' AND status = 'queued' AND execute_after <= now()
    ORDER BY priority DESC, id LIMIT {AT_ONCE} FOR UPDATE SKIP LOCKED)
RETURNING id, payload"""
_DONE = f"DELETE FROM {queue.TASK} WHERE id = ANY ($1)"


async def work(url: str, stop: asyncio.Event) -> None:
    """As the worker does it."""
    from api.worker.registry import Work
    from api.worker.running import Pace, run

    DB.use(url)
    await DB.open(connections=5)
    await _told_to_begin()
    await run(Work([Handler(ENTRYPOINT, int, _nothing)], (), ()), stop, Pace(AT_ONCE))
    await DB.close()


async def floor(url: str, stop: asyncio.Event) -> None:
    """By hand."""
    connection = await asyncpg.connect(url)
    await _told_to_begin()
    while not stop.is_set():
        claimed = await connection.fetch(_CLAIM)
        await connection.execute(_DONE, [row["id"] for row in claimed])
        if not claimed:
            await asyncio.sleep(0.1)
    await connection.close()


async def _nothing(_: int) -> None:
    pass


async def _told_to_begin() -> None:
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)


async def _until_told_to_end(side: str, url: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await {"worker": work, "floor": floor}[side](url, stop)


if __name__ == "__main__":
    asyncio.run(_until_told_to_end(*sys.argv[1:]))
