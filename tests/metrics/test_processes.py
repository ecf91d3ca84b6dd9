"""Several processes of one server count together, whichever is asked, and also when one of them is no more."""

from __future__ import annotations

import os
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.embedded import lifetime
from tests.commands.processes import SECONDS, Home, new_home, wait_for

from .reading import Numbers, labels, of, read

TOKEN = "a-token-for-two-processes"
REQUESTS = 30


@pytest.fixture
def home() -> Iterator[Home]:
    """A home with the demo in it."""
    with new_home() as home:
        assert home.run("demo", "--no-serve").returncode == 0
        yield home
        assert home.is_quiet


def test_processes_count_together(home: Home, tmp_path: Path) -> None:
    key = home.data.with_name("postgres.demo-key").read_text().strip()
    environment = {"ROLLCALL_METRICS_TOKEN": TOKEN, "TMPDIR": str(tmp_path)}
    with home.started("serve", "--workers", "2", **environment) as server:
        for _ in range(REQUESTS):
            assert home.status("/scim/v2/Users?count=1", key=key) == 200
        assert lifetime.wait_until(lambda: _most(home) == 20, SECONDS)
        assert {_answered(home) for _ in range(20)} == {REQUESTS}
        gone = _serving(tmp_path).pop()
        os.kill(gone, signal.SIGKILL)
        assert lifetime.wait_until(lambda: len(_serving(tmp_path)) == 3, SECONDS)
        assert _answered(home) == REQUESTS
        assert _most(home) == 20
        assert gone not in _serving(tmp_path)
        server.send_signal(signal.SIGTERM)
        assert wait_for(server) == 0
    assert list(tmp_path.iterdir()) == []


def _serving(folder: Path) -> set[int]:
    """The processes that told of their connections."""
    return {int(file.stem.rpartition("_")[2]) for file in folder.glob("rollcall-metrics-*/gauge_livesum_*.db")}


def _numbers(home: Home) -> Numbers:
    request = urllib.request.Request(f"{home.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        return read(answer.read().decode())


def _answered(home: Home) -> float:
    return sum(of(_numbers(home), "rollcall_scim_requests_total").values())


def _most(home: Home) -> float:
    return of(_numbers(home), "rollcall_database_connections").get(labels(state="most"), 0)
