"""How long the server lives: as long as anybody uses it, and not a moment longer, however they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import embedded
from db.embedded import account as accounts
from db.embedded import lifetime, server
from db.embedded.places import Places
from tests.db.embedded.conftest import StartOwner, begin, has_ended, url_of
from tests.db.embedded.test_start import ask


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_server_stops_by_itself_when_its_owner_is_killed(
    data: Path, owner: StartOwner, how: signal.Signals
) -> None:
    process = owner()
    ask(url_of(process), f"CREATE TABLE kept_over_{how.name} AS SELECT 7 AS number")
    process.send_signal(how)
    assert process.wait() != 0
    assert has_ended(data)
    with embedded.start(data) as database:
        assert ask(database.url, f"SELECT number FROM kept_over_{how.name}") == 7


def test_nothing_is_left_after_a_clean_exit(data: Path, owner: StartOwner) -> None:
    process = owner()
    url_of(process)
    sockets = Places(data).sockets
    assert sockets.exists()
    process.communicate()
    assert not lifetime.is_running(data, Places(data).locks), "stopped before the process ended, not by the watchdog"
    assert has_ended(data)
    assert not sockets.exists()
    assert not (data / "postmaster.pid").exists()


def test_two_processes_share_one_server_which_outlives_the_first(data: Path, owner: StartOwner) -> None:
    first = owner()
    url = url_of(first)
    running = lifetime.postmaster(data)
    with embedded.start(data) as database:
        assert database.url == url
        first.communicate()
        assert ask(database.url, "SELECT 1") == 1
        assert lifetime.postmaster(data) == running
    assert has_ended(data)


def test_a_server_outlives_a_killed_owner_while_another_process_uses_it(data: Path, owner: StartOwner) -> None:
    first = owner()
    url_of(first)
    with embedded.start(data) as database:
        first.kill()
        first.wait()
        assert ask(database.url, "SELECT pg_sleep(0.3)::text") == ""


def test_several_processes_that_start_at_once_get_one_server(data: Path, owner: StartOwner) -> None:
    owners = [owner() for _ in range(4)]
    urls = {url_of(one) for one in owners}
    starts = {ask(url, "SELECT pg_postmaster_start_time()") for url in urls}
    assert len(urls) == len(starts) == 1


def test_using_it_twice_in_one_process_is_fine(data: Path) -> None:
    with embedded.start(data) as outer:
        with embedded.start(data) as inner:
            assert inner.url == outer.url
        assert ask(outer.url, "SELECT 1") == 1
        outer.stop()
        outer.stop()
        assert not lifetime.is_running(data, Places(data).locks)


def test_a_forked_worker_keeps_the_server(data: Path) -> None:
    script = """
import os, sys, time
from pathlib import Path
from db import embedded
database = embedded.start(Path(sys.argv[1]))
print(database.url, flush=True)
if os.fork() == 0:
    sys.stdin.read()
"""
    parent = begin([sys.executable, "-c", script, str(data)])
    url = url_of(parent)
    assert parent.wait() == 0
    assert ask(url, "SELECT 1") == 1
    parent.communicate()
    assert has_ended(data)


def test_the_watchdog_withstands_the_signals_that_end_a_service(data: Path, owner: StartOwner) -> None:
    process = owner()
    url_of(process)
    for how in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        os.kill(_watchdog(data), how)
    process.kill()
    process.wait()
    assert has_ended(data)


def test_whoever_comes_while_the_watchdog_awakes_keeps_the_server(data: Path, owner: StartOwner) -> None:
    process = owner()
    url = url_of(process)
    locks = Places(data).locks
    with lifetime.alone(locks, "start"):
        process.kill()
        process.wait()
        time.sleep(0.2)  # the watchdog has seen that nobody is left, and waits for its turn
        membership = lifetime.join(locks)
    assert ask(url, "SELECT pg_sleep(0.5)::text") == ""
    os.close(membership)


def test_an_orphan_without_a_watchdog_is_adopted_and_guarded_again(data: Path, owner: StartOwner) -> None:
    process = owner()
    url_of(process)
    os.kill(_watchdog(data), signal.SIGKILL)
    process.kill()
    process.wait()
    orphan = lifetime.postmaster(data)
    assert orphan is not None
    second = owner()
    assert ask(url_of(second), "SELECT 1") == 1
    assert lifetime.postmaster(data) == orphan
    second.kill()
    second.wait()
    assert has_ended(data)


def test_an_orphan_whose_socket_is_gone_is_replaced(
    data: Path, owner: StartOwner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "UNREACHABLE_SECONDS", 0.2)
    process = owner()
    url_of(process)
    os.kill(_watchdog(data), signal.SIGKILL)
    process.kill()
    process.wait()
    orphan = lifetime.postmaster(data)
    lifetime.remove_sockets(Places(data).sockets)
    with embedded.start(data) as database:
        assert ask(database.url, "SELECT 1") == 1
        assert lifetime.postmaster(data) != orphan


def test_a_server_that_others_use_but_that_is_out_of_reach_is_left_running(
    data: Path, owner: StartOwner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "UNREACHABLE_SECONDS", 0.2)
    process = owner()
    url_of(process)
    running = lifetime.postmaster(data)
    lifetime.remove_sockets(Places(data).sockets)
    with pytest.raises(embedded.CannotStart, match="in another container"):
        embedded.start(data)
    assert lifetime.postmaster(data) == running


@pytest.fixture
def stranger(data: Path) -> Iterator[int]:
    """A process that is no PostgreSQL, of the account that runs PostgreSQL: the one whose id confuses it."""
    account = accounts.of(data)
    user = account.uid if accounts.is_root() else None
    process = subprocess.Popen(["sleep", "60"], user=user, cwd="/")
    yield process.pid
    process.kill()
    process.wait()


def test_a_crash_whose_process_id_is_in_use_again_does_not_keep_it_from_starting(
    data: Path, owner: StartOwner, stranger: int
) -> None:
    process = owner()
    url_of(process)
    os.kill(_watchdog(data), signal.SIGKILL)  # it would clear up, but after a power cut nobody does
    _crash(data)
    _rename_process(data / "postmaster.pid", stranger)
    _rename_process(Places(data).sockets / ".s.PGSQL.5432.lock", stranger)
    process.kill()
    process.wait()
    with embedded.start(data) as database:
        assert ask(database.url, "SELECT 1") == 1
    os.kill(stranger, 0)  # and nobody shot the stranger


def test_our_own_process_id_in_the_pid_file_is_not_taken_for_a_server(data: Path) -> None:
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1700000000\n5432\n/tmp\n\n  1 2\nready\n")
    with embedded.start(data) as database:
        assert ask(database.url, "SELECT 1") == 1


def test_the_next_start_works_while_users_of_a_crashed_server_are_still_there(data: Path, owner: StartOwner) -> None:
    url_of(owner())
    _crash(data)
    with embedded.start(data) as database:
        assert ask(database.url, "SELECT 1") == 1


def test_a_log_past_its_size_is_kept_once_and_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifetime, "LOG_BYTES", 10)
    log = tmp_path / "postgres.log"
    log.write_text("short")
    lifetime.trim(log)
    assert log.read_text() == "short"
    log.write_text("much too long")
    lifetime.trim(log)
    assert log.read_text() == ""
    assert (tmp_path / "postgres.log.1").read_text() == "much too long"


def _watchdog(data: Path) -> int:
    """The process id of the watchdog, by its command line."""
    found = subprocess.run(["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    (line,) = [line for line in found.splitlines() if "lifetime.py" in line and f"{data} " in line]
    return int(line.split()[0])


def _crash(data: Path) -> None:
    """Kill the server's main process; the others notice and end by themselves."""
    process = lifetime.postmaster(data)
    assert process is not None
    os.kill(process, signal.SIGKILL)
    assert lifetime.wait_until(lambda: not lifetime.is_held(Places(data).locks, "server"), 10)


def _rename_process(file: Path, process: int) -> None:
    lines = file.read_text().split("\n")
    file.write_text("\n".join([str(process), *lines[1:]]))
