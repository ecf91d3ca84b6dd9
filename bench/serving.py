"""The application and its floor as servers of their own, under the same granian, on loopback."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parent.parent
_PATIENCE_SECONDS = 60.0


class DidNotStart(Exception):
    """A server did not answer in time; the text is what it printed."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    process: int

    def workers(self) -> Sequence[int]:
        """The ids of the processes that serve, where the system tells (Linux)."""
        return [child for child in _children(self.process) if b"spawn_main" in _command(child)]

    def cpu(self) -> float:
        """How many seconds of CPU the workers have used, where the system tells; else 0."""
        ticks = [Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split() for worker in self.workers()]
        return sum(int(each[11]) + int(each[12]) for each in ticks) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> tuple[int, int]:
        """What the largest worker holds and has held at most, in bytes; zeros where the system does not tell."""
        sizes = [(_bytes(worker, "VmRSS"), _bytes(worker, "VmHWM")) for worker in self.workers()]
        return max(sizes, default=(0, 0))


@contextlib.contextmanager
def application(database: str, *, workers: int) -> Iterator[Server]:
    """The application, by its own command."""
    command = ["api", "serve", "--no-migrate", "--host", "127.0.0.1", "--workers", str(workers)]
    environment = {
        "DATABASE_URL": database,
        "ROLLCALL_API_POINTS_PER_SECOND": "1000000",
        "ROLLCALL_WITH_WORKER": "no",  # what it costs is measured apart
    }
    with _served(command, "/healthz", environment) as server:
        yield server


@contextlib.contextmanager
def floor(database: str, recording: Path, *, workers: int) -> Iterator[Server]:
    """The floor, which repeats what is in the recording."""
    command = ["bench.floor_server", "floor", "--workers", str(workers)]
    environment = {"DATABASE_URL": database, "ROLLCALL_BENCH_RECORDING": str(recording)}
    with _served(command, "/nothing", environment) as server:
        yield server


@contextlib.contextmanager
def by_hand(database: str) -> Iterator[Server]:
    """The questions over GraphQL, answered by hand."""
    command = ["bench.floor_server", "by_hand", "--workers", "1"]
    with _served(command, None, {"DATABASE_URL": database}) as server:
        yield server


@contextlib.contextmanager
def _served(module: Sequence[str], path: str | None, environment: Mapping[str, str]) -> Iterator[Server]:
    port = _free_port()
    given = {**os.environ, **environment, "ROLLCALL_LOG_LEVEL": "warning", "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *module, "--port", str(port)], cwd=ROOT, env=given, stdout=output, stderr=output
        )
        try:
            _wait(process, port, path, output)
            yield Server(port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(_PATIENCE_SECONDS)


def _wait(process: subprocess.Popen[bytes], port: int, path: str | None, output: IO[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path or "/")
            if connection.getresponse().status == 200 or path is None:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    output.seek(0)
    raise DidNotStart(output.read().decode(errors="replace")[-4000:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(process: int) -> Sequence[int]:
    found = Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


def _command(process: int) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()


def _bytes(process: int, name: str) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), 0)
