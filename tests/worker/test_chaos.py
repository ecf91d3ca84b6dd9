"""Servers, workers and the database are killed while tasks are put and carried out; then each task is accounted for."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from pathlib import Path

import asyncpg

from db import queue
from tests.db.embedded.conftest import folder

from .chaos import SECONDS, Crew, House, Receiver, storm

_LEFT = f"""
SELECT t.id, t.status::text, t.attempts, t.headers, l.traceback FROM {queue.TASK} t
LEFT JOIN LATERAL (SELECT traceback FROM {queue.LOG} WHERE job_id = t.id ORDER BY id DESC LIMIT 1) l ON true
"""
_SETUP = "CREATE TABLE told (id uuid PRIMARY KEY, at timestamptz)"


async def test_whatever_is_killed_each_task_is_carried_out_and_none_that_was_never_committed() -> None:
    seed = random.randrange(10**9)
    chance = random.Random(seed)
    receiver = Receiver(chance)
    with folder() as path:
        house = House(path)
        try:
            async with receiver.listening():
                told = await _chaos(path, house, receiver, chance)
        finally:
            house.close()
    assert told is None, f"seed {seed}: {told}"


async def _chaos(path: Path, house: House, receiver: Receiver, chance: random.Random) -> str | None:
    await _migrate(house.url)
    servers = Crew(path, 2, "tests.worker.chaos_process", "put", house.url)
    workers = Crew(path, 2, "tests.worker.chaos_process", "work", house.url, receiver.url)
    try:
        while not list(servers.lines()):
            await asyncio.sleep(0.1)
        await storm(house, [servers, workers], chance, acts=9, pause=1)
        await asyncio.to_thread(servers.end)
        connection = await asyncpg.connect(house.url)
        left = await _settled(connection)
        rows = {str(row["id"]): row["at"] for row in await connection.fetch("SELECT id, at FROM told")}
        await connection.close()
    finally:
        for crew in (servers, workers):
            await asyncio.to_thread(crew.end)
    acknowledged = set(servers.lines())
    assert (house.crashes, servers.killed + workers.killed > 0) == (1, True)
    assert len(acknowledged) > 100, servers.told()
    print(
        f"{len(rows)} rows, {len(acknowledged)} acknowledged, {receiver.arrivals} arrivals, "
        f"{servers.killed} servers and {workers.killed} workers killed"
    )
    if left:
        return f"tasks are left: {left}"
    if not acknowledged <= set(rows):
        return f"committed and lost: {acknowledged - set(rows)}"
    if receiver.done != set(rows):
        return f"never told: {set(rows) - receiver.done}; told without cause: {receiver.done - set(rows)}"
    if receiver.arrivals <= len(rows):
        return "nothing came twice, so it was not seen that coming twice does no harm"
    return None if all(rows.values()) else "told, but not noted"


async def _migrate(url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "api", "migrate"),
        env=os.environ | {"DATABASE_URL": url},
        stdout=asyncio.subprocess.PIPE,
    )
    await process.communicate()
    assert process.returncode == 0
    connection = await asyncpg.connect(url)
    await connection.execute(_SETUP)
    await connection.close()


async def _settled(connection: asyncpg.Connection) -> list[asyncpg.Record]:
    """The tasks that are left after a while, or which failed."""
    deadline = asyncio.get_running_loop().time() + SECONDS
    while True:
        left = await connection.fetch(_LEFT)
        if not left or asyncio.get_running_loop().time() > deadline or any(row["status"] == "failed" for row in left):
            return left
        await asyncio.sleep(0.2)
