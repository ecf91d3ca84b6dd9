"""Folders that PostgreSQL's account can reach, made data, and other processes that use it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from db import embedded
from db.embedded import lifetime
from db.embedded.places import Places

ROOT = Path(__file__).parents[3]
AS_ROOT = os.geteuid() == 0

# Uses the server until its standard input ends.
OWNER = """
import sys
from pathlib import Path
from db import embedded
database = embedded.start(Path(sys.argv[1]))
print(database.url, flush=True)
sys.stdin.read()
"""

Owner = subprocess.Popen[str]
StartOwner = Callable[[], Owner]


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder, open to all because pytest's own is closed to PostgreSQL's account when root runs the tests."""
    with folder() as path:
        yield path


@pytest.fixture(scope="session")
def made_once() -> Iterator[Path]:
    """Data with the database in it."""
    with folder() as path:
        embedded.start(path / "postgres").stop()
        yield path / "postgres"


@pytest.fixture
def data(made_once: Path) -> Iterator[Path]:
    """A data directory that is not running; shared, so tests may write to its database but not to its files."""
    assert has_ended(made_once)
    yield made_once
    assert has_ended(made_once)


@pytest.fixture
def own_data(home: Path, made_once: Path) -> Path:
    """A data directory that is not running, for this test alone."""
    subprocess.run(["cp", "-a", made_once, home / "postgres"], check=True)
    return home / "postgres"


@pytest.fixture
def owner(data: Path) -> Iterator[StartOwner]:
    """Starts other processes that use the server of `data`, each until its standard input is closed."""
    started: list[Owner] = []

    def start() -> Owner:
        started.append(begin([sys.executable, "-c", OWNER, str(data)]))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def begin(command: list[str]) -> Owner:
    """Run a command from the project's root, with pipes to talk to it."""
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def url_of(owner: Owner) -> str:
    """What the owner printed as soon as it had the server."""
    assert owner.stdout is not None
    return owner.stdout.readline().strip()


def has_ended(data: Path) -> bool:
    """Whether the server and its watchdog are gone, after giving them time to go."""
    places = Places(data)
    return lifetime.wait_until(
        lambda: not lifetime.is_running(data, places.locks) and not lifetime.is_held(places.locks, "watchdog"), 20
    )


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that goes away in the end, when no server in it runs any more."""
    path = Path(tempfile.mkdtemp(prefix="rollcall-test-", dir="/tmp")).resolve()
    path.chmod(0o755)
    yield path
    ended = [has_ended(locks.with_suffix("")) for locks in path.rglob("*.locks")]
    shutil.rmtree(path)
    assert all(ended), "a test left a server running"
