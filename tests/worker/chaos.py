"""Killing what works, as often and as rudely as one likes: a PostgreSQL of the test's own, and what uses it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import asyncpg

from db import embedded
from db.embedded import CannotStart, lifetime
from db.embedded.places import Places

ROOT = Path(__file__).parents[2]
SECONDS = 60.0


class House:
    """A PostgreSQL that may be killed and comes back at the same address."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "postgres"
        self._joined = [embedded.start(self._data)]
        self.url = self._joined[0].url
        self.crashes = 0

    async def cut(self) -> None:
        """End all connections but this one."""
        connection = await asyncpg.connect(self.url)
        await connection.execute(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"""
        )
        await connection.close()

    async def crash(self) -> None:
        """Kill the server as the kernel does that runs out of memory, and start it again."""
        process = int((self._data / "postmaster.pid").read_text().split()[0])
        os.kill(process, signal.SIGKILL)
        self.crashes += 1
        await asyncio.to_thread(self._start_again)

    def _start_again(self) -> None:
        deadline = time.monotonic() + SECONDS
        while True:
            lifetime.wait_until(lambda: not lifetime.is_running(self._data, Places(self._data).locks), 5)
            try:
                self._joined.append(embedded.start(self._data))
            except CannotStart:  # its processes end when they notice that it is gone
                if time.monotonic() > deadline:
                    raise
            else:
                return

    def close(self) -> None:
        """End it in peace."""
        for each in self._joined:
            each.stop()


class Crew:
    """Processes that do the same, and of which there are always so many: one that ends is replaced."""

    def __init__(self, folder: Path, count: int, module: str, *argv: str) -> None:
        self._command = [sys.executable, "-m", module, *argv]
        self._folder = folder
        self._name = argv[0]
        self._output: list[Path] = []
        self.killed = 0
        self._processes = [self._begin() for _ in range(count)]

    def kill_one(self, chance: random.Random) -> None:
        """Kill one of them, as nobody can prepare for."""
        chance.choice(self._processes).kill()
        self.killed += 1

    def replace_dead(self) -> None:
        """Begin a new one for each that has ended."""
        self._processes = [each if each.poll() is None else self._begin() for each in self._processes]

    def end(self) -> None:
        """Have them end in peace."""
        for each in self._processes:
            each.terminate()
        try:
            for each in self._processes:
                each.wait(SECONDS)
        finally:
            for each in self._processes:
                each.kill()
                each.wait()

    def lines(self) -> Iterator[str]:
        """Whole lines that any of them has printed so far."""
        for file in self._output:
            yield from (line.strip() for line in file.read_text().splitlines(keepends=True) if line.endswith("\n"))

    def told(self) -> str:
        """The end of what they logged."""
        return "\n".join(file.with_suffix(".log").read_text()[-2000:] for file in self._output)

    def _begin(self) -> subprocess.Popen[bytes]:
        file = self._folder / f"{self._name}-{len(self._output)}.out"
        self._output.append(file)
        with file.open("wb") as output, file.with_suffix(".log").open("wb") as log:
            return subprocess.Popen(self._command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=log)


async def storm(house: House, crews: Sequence[Crew], chance: random.Random, *, acts: int, pause: float) -> None:
    """Kill something so many times, the database once among them, with a pause before each."""
    for number in range(acts):
        await _calm(crews, pause)
        if number == acts // 2:
            await house.crash()
        elif number % 3 == 0:
            await house.cut()
        else:
            crews[number % len(crews)].kill_one(chance)
    await _calm(crews, pause)


async def _calm(crews: Sequence[Crew], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for crew in crews:
            crew.replace_dead()
        await asyncio.sleep(0.1)


class Receiver:
    """Somebody who is told things over HTTP, and does each once because it comes with an id.

    Now and then it does something, and the answer is lost.
    """

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.url = ""
        self.done = set[str]()
        self.arrivals = 0

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[Receiver]:
        """It listens for the length of the block, at its URL."""
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        self.url = f"http://{host}:{port}"
        async with server:
            yield self

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
            self.arrivals += 1
            self.done.add(next(line.split(": ")[1] for line in head if line.startswith("webhook-id: ")))
            if self._chance.random() > 0.05:
                writer.write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
                await writer.drain()
        writer.close()


def unaccounted(acknowledged: set[str], noted: dict[str, bool], done: set[str]) -> list[str]:
    """What is wrong: with what was acknowledged, what was kept (and whether it is noted as told), and what was done."""
    kept = set(noted)
    wrong = {
        "acknowledged, and lost": acknowledged - kept,
        "kept, and never told": kept - done,
        "told, and never committed": done - kept,
        "told, and not noted": {id for id in kept if not noted[id]},
    }
    return [f"{what}: {sorted(ids)}" for what, ids in wrong.items() if ids]
