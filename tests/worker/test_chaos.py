"""Servers, workers and the database are killed while tasks are put and carried out; then each task is accounted for."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from pathlib import Path

import asyncpg

from db import queue
from tests.db.embedded.conftest import folder

from .chaos import ROOT, SECONDS, Crew, House, Receiver, storm, unaccounted

_PROCESS = "tests.worker.chaos_process"
_LEFT = f"""
SELECT t.id, t.status::text, t.attempts, t.headers, l.traceback FROM {queue.TASK} t
LEFT JOIN LATERAL (SELECT traceback FROM {queue.LOG} WHERE job_id = t.id ORDER BY id DESC LIMIT 1) l ON true
"""


async def test_whatever_is_killed_each_task_is_carried_out_and_none_that_was_never_committed() -> None:
    seed = random.randrange(10**9)
    with folder() as path:
        house = House(path)
        try:
            trouble = await _chaos(path, house, random.Random(seed))
        finally:
            house.close()
    assert trouble == [], f"with the seed {seed}"


async def _chaos(path: Path, house: House, chance: random.Random) -> list[str]:
    subprocess.run([sys.executable, "-m", _PROCESS, "prepare", house.url], cwd=ROOT, check=True)
    async with Receiver(chance).listening() as receiver:
        servers = Crew(path, 1, _PROCESS, "put", house.url)
        workers = Crew(path, 2, _PROCESS, "work", house.url, receiver.url)
        try:
            while not list(servers.lines()):
                await asyncio.sleep(0.1)
            await storm(house, [servers, workers], chance, acts=8, pause=0.8)
            await asyncio.to_thread(servers.end)
            left, noted = await _outcome(house.url)
        finally:
            for crew in (servers, workers):
                await asyncio.to_thread(crew.end)
    assert (house.crashes, servers.killed, workers.killed) == (1, 1, 3)
    acknowledged = set(servers.lines())
    assert len(acknowledged) > 50, servers.told()
    assert receiver.arrivals > len(receiver.done), "nothing came twice, so nobody saw that this does no harm"
    return [*(f"left: {task}" for task in left), *unaccounted(acknowledged, noted, receiver.done)]


async def _outcome(url: str) -> tuple[list[asyncpg.Record], dict[str, bool]]:
    """The tasks that are left after a while, or which failed; and each row, with whether it is noted as told."""
    connection = await asyncpg.connect(url)
    deadline = asyncio.get_running_loop().time() + SECONDS
    while left := await connection.fetch(_LEFT):
        if asyncio.get_running_loop().time() > deadline or "failed" in {task["status"] for task in left}:
            break
        await asyncio.sleep(0.2)
    noted = {str(row["id"]): row["at"] is not None for row in await connection.fetch("SELECT id, at FROM told")}
    await connection.close()
    return left, noted
