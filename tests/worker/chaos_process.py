"""What is killed: `put URL` writes rows and tasks, `work URL RECEIVER` carries these out."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import sys
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx

from api.outbox import tasks
from api.outbox.tasks import Task
from api.outbox.work import Handler, Later
from api.worker import retries
from api.worker.registry import Work
from api.worker.running import Pace, run
from db import sql
from db.engine import DB
from db.errors import UNAVAILABLE
from db.ids import new_ids
from db.transaction import transaction

PACE = Pace(at_once=10, heartbeat=timedelta(seconds=2))


class ChangedTheirMind(Exception):
    """Nothing is to come of a transaction."""


async def put(stop: asyncio.Event) -> None:
    """Write rows with a task for each, all in one transaction, and say so once it is committed; now and then do not."""
    while not stop.is_set():
        ids = new_ids(random.randint(1, 5))
        try:
            await transaction(partial(_write, ids))
        except ChangedTheirMind:
            continue
        except UNAVAILABLE:
            await asyncio.sleep(0.1)  # nobody knows whether it was committed
            continue
        print(*ids, sep="\n", flush=True)
        await asyncio.sleep(0.01)


async def _write(ids: list[uuid.UUID]) -> None:
    await sql.rows("INSERT INTO told (id) SELECT unnest($1::uuid[])", ids)
    await tasks.put_all(Task("chaos.tell", id) for id in ids)
    if random.random() < 0.1:
        raise ChangedTheirMind


async def work(receiver: str, stop: asyncio.Event) -> None:
    """A worker that tells the receiver of each row, and notes that it has."""
    async with httpx.AsyncClient(timeout=5) as client:

        async def tell(id: uuid.UUID) -> None:
            if random.random() < 0.05:
                raise Later(datetime.now(UTC) + timedelta(seconds=0.2))
            if await sql.value("SELECT at FROM told WHERE id = $1", id) is None:
                (await client.post(receiver, headers={"webhook-id": str(id)})).raise_for_status()
                await sql.rows("UPDATE told SET at = now() WHERE id = $1", id)

        await run(Work([Handler("chaos.tell", uuid.UUID, tell)], (), ()), stop, PACE)


async def _until_told_to_end(url: str, role: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    DB.use(url)
    while DB.pool is None:
        with contextlib.suppress(*UNAVAILABLE):
            await DB.open(connections=5)
    await role(stop)
    await DB.close()


if __name__ == "__main__":
    retries.pause = lambda failures: timedelta(seconds=0.1 * failures)
    asyncio.run(_until_told_to_end(sys.argv[2], put if sys.argv[1] == "put" else partial(work, sys.argv[3])))
