"""How many tasks workers carry out each second, when there is nothing to do but to carry them out."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import asyncpg

from api.outbox import tasks
from api.outbox.tasks import Task
from db import queue
from db.engine import DB

from .serving import ROOT
from .task_worker import ENTRYPOINT

_LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Carried:
    """How many tasks so many workers carried out each second, and how many as many loops by hand did."""

    workers: int
    rate: float
    floor: float


async def measure(url: str, count: int, workers: Sequence[int]) -> list[Carried]:
    """Put `count` tasks and have them carried out, by so many workers and by as many loops."""
    DB.use(url)
    await DB.open(connections=2)
    try:
        return [
            Carried(each, *[await _rate(url, side, count, each) for side in ("worker", "floor")]) for each in workers
        ]
    finally:
        await DB.close()


async def _rate(url: str, side: str, count: int, workers: int) -> float:
    await tasks.put_all(Task(ENTRYPOINT, number) for number in range(count))
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"VACUUM ANALYZE {queue.TASK}")
        with _processes(side, url, workers) as processes:
            began = time.perf_counter()
            for process in processes:
                assert process.stdin is not None
                process.stdin.write("go\n")
                process.stdin.flush()
            while await connection.fetchval(f"SELECT EXISTS (SELECT FROM {queue.TASK})"):
                await asyncio.sleep(_LOOK_SECONDS)
            return count / (time.perf_counter() - began)
    finally:
        await connection.close()


@contextlib.contextmanager
def _processes(side: str, url: str, count: int) -> Iterator[list[subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "bench.task_worker", side, url]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    try:
        for process in started:
            assert process.stdout is not None
            process.stdout.readline()
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(30)
