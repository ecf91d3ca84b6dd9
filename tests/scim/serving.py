"""The application behind a real socket of the loopback interface, as granian serves it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from api import settings
from api.app import create_app

_ROOT = Path(__file__).parents[2]
_STARTED_WITHIN = 60


@contextlib.asynccontextmanager
async def listening(database_url: str, **environment: str) -> AsyncIterator[str]:
    """The application in this process, on the pool that is open already; yields its URL."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    chosen = settings.read({"DATABASE_URL": database_url, "ROLLCALL_PUBLIC_URL": url, **environment})
    server = Server(
        create_app(chosen), port=port, interface=Interfaces.ASGINL, websockets=False, log_level=LogLevels.error
    )
    task = asyncio.create_task(server.serve())
    try:
        await _wait_until_it_listens(port)
        yield url
    finally:
        server.stop()
        await task


async def _wait_until_it_listens(port: int) -> None:
    give_up = time.monotonic() + _STARTED_WITHIN
    while time.monotonic() < give_up:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
            continue
        writer.close()
        return
    raise AssertionError("the server did not start")


@dataclass(frozen=True, slots=True)
class Served:
    """A server in a process of its own: where it listens, and the process."""

    url: str
    process: subprocess.Popen[bytes]

    def peak_memory(self) -> int:
        """The largest resident set so far, in bytes, of whichever of the server's processes is the largest."""
        return max(_peak(pid) for pid in (self.process.pid, *_children(self.process.pid)))


@contextlib.contextmanager
def served(database_url: str, **environment: str) -> Iterator[Served]:
    """The application in a process of its own, as it is deployed; more environment variables by name."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    variables = {**os.environ, "DATABASE_URL": database_url, "ROLLCALL_PUBLIC_URL": url, **environment}
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--no-ws", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "dashboard.app:app"], cwd=_ROOT, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_ready(url, process)
        yield Served(url, process)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        assert isinstance(port, int)
        return port


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + _STARTED_WITHIN
    while process.poll() is None and time.monotonic() < give_up:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{url}/readyz", timeout=5).status_code == 200:
                return
        time.sleep(0.05)
    raise AssertionError("the server did not start")


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _peak(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
