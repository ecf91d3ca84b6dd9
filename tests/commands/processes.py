"""`python -m api` in processes of its own, on data of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from db.embedded import lifetime
from db.embedded.places import Places

ROOT = Path(__file__).parents[2]
SECONDS = 120


@dataclass(frozen=True, slots=True)
class Home:
    """Where one Rollcall keeps its data, and the port it serves on."""

    folder: Path
    port: int

    @property
    def data(self) -> Path:
        return self.folder / "postgres"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: text for name, text in os.environ.items() if name not in ("DATABASE_URL", "ROLLCALL_PUBLIC_URL")}
        return kept | {"ROLLCALL_DATA": str(self.data), "ROLLCALL_PORT": str(self.port)}

    def run(self, *argv: object, **environment: str) -> subprocess.CompletedProcess[str]:
        """A command, to its end."""
        return subprocess.run(
            _command(argv),
            cwd=ROOT,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    @contextmanager
    def begin(self, *argv: object, **environment: str) -> Iterator[subprocess.Popen[str]]:
        """A command that has begun; killed at the end if it still runs."""
        process = subprocess.Popen(
            _command(argv),
            cwd=ROOT,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    @contextmanager
    def started(self, *argv: object, **environment: str) -> Iterator[subprocess.Popen[str]]:
        """A command that serves, from when it is ready."""
        with self.begin(*argv, **environment) as process:
            if not lifetime.wait_until(lambda: process.poll() is not None or self.status("/readyz") == 200, SECONDS):
                raise TimeoutError("It does not become ready.")
            yield process

    def status(self, path: str, *, key: str | None = None) -> int:
        """How a GET is answered; 0 when nobody answers."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers), timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    @property
    def is_quiet(self) -> bool:
        """Whether neither a server nor its PostgreSQL nor that one's watchdog is left, after giving them time to go."""
        places = Places(self.data)

        def ended() -> bool:
            is_running = lifetime.is_running(self.data, places.locks) or lifetime.is_held(places.locks, "watchdog")
            return not is_running and self.status("/healthz") == 0

        return lifetime.wait_until(ended, 20)


@contextmanager
def new_home() -> Iterator[Home]:
    """An empty home, open to the account that PostgreSQL runs as when we are root."""
    with tempfile.TemporaryDirectory(prefix="rollcall-home-") as folder:
        os.chmod(folder, 0o755)
        yield Home(Path(folder), free_port())


def wait_for(process: subprocess.Popen[str]) -> int:
    """The exit code of a process that was told to end."""
    return process.wait(timeout=SECONDS)


def _command(argv: tuple[object, ...]) -> list[str]:
    return [sys.executable, "-m", "api", *map(str, argv)]


def free_port() -> int:
    """A port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
