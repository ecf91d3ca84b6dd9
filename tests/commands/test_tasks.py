"""`tasks` and `worker` from the command line."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator

import pytest

from api.outbox import tasks
from api.provisioning.errors import InTheWay, NotFound
from tests.commands.conftest import Ask, read, read_list
from tests.commands.processes import Home, new_home, wait_for
from tests.outbox.failing import failed


async def test_tasks_that_are_not_done_are_listed_with_what_was_in_the_way(ask: Ask) -> None:
    number = await failed(because="x" * 200)
    await tasks.put("parcels.send", 1)
    listed = await ask("tasks", "list")
    assert [each["state"] for each in read_list(listed)] == ["WAITING", "FAILED"]
    assert f"{'x' * 79}…" in listed.text
    only = read_list(await ask("tasks", "list", "--state", "FAILED", "--entrypoint", "letters.send"))
    assert [(each["number"], each["tries"]) for each in only] == [(number, 10)]
    assert (await ask("tasks", "list", "--state", "RUNNING")).text == "There is no such task."


async def test_a_task_is_shown_with_where_it_failed(ask: Ask) -> None:
    shown = await ask("tasks", "show", await failed())
    assert "ValueError: no stamp" in shown.text
    assert shown.text.endswith("line 1")
    with pytest.raises(NotFound):
        await ask("tasks", "show", 10**15)


async def test_failed_tasks_are_replayed_one_by_one_or_many_at_once(ask: Ask) -> None:
    one, *_ = [
        await failed(entrypoint) for entrypoint in ("letters.send", "letters.send", "parcels.send", "parcels.send")
    ]
    assert read(await ask("tasks", "replay", one))["state"] == "WAITING"
    with pytest.raises(InTheWay):
        await ask("tasks", "replay", one)
    assert read(await ask("tasks", "replay", "--entrypoint", "parcels.send")) == {"replayed": 2}
    assert read(await ask("tasks", "replay", "--all")) == {"replayed": 1}
    assert (await ask("tasks", "list", "--state", "FAILED")).data == []


async def test_a_failed_task_is_discarded(ask: Ask) -> None:
    number = await failed()
    assert read(await ask("tasks", "discard", number))["payload"] == '{"letter":1}'
    assert (await ask("tasks", "list")).data == []


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    with new_home() as home:
        assert home.run("migrate").returncode == 0
        yield home
        assert home.is_quiet


def _schedules(home: Home) -> list[str]:
    listed = json.loads(home.run("tasks", "schedules", "--json").stdout)
    return [each["name"] for each in listed]


def test_a_worker_works_until_it_is_told_to_end(home: Home) -> None:
    assert _schedules(home) == []
    with home.begin("worker") as worker:
        assert worker.stderr is not None
        for line in worker.stderr:
            if "Working, with 20 tasks side by side" in line:
                break
        worker.send_signal(signal.SIGTERM)
        assert wait_for(worker) == 0


def test_serve_brings_a_worker_that_keeps_the_schedules(home: Home) -> None:
    from db.embedded import lifetime

    with home.started("serve") as server:
        assert lifetime.wait_until(lambda: "maintenance.overrides" in _schedules(home), 30)
        server.send_signal(signal.SIGTERM)
        assert wait_for(server) == 0
        assert server.stderr is not None
        said = server.stderr.read()
    assert said.index("Stopped serving") < said.index("Stopped working") < said.index("Stopped the embedded PostgreSQL")


def test_serve_does_without_a_worker_where_it_is_told_so(home: Home) -> None:
    with home.started("serve", "--with-worker", "no") as server:
        server.send_signal(signal.SIGTERM)
        assert wait_for(server) == 0
        assert server.stderr is not None
        assert "Working" not in server.stderr.read()
