"""The benchmark: it works, it compares like with like, and it judges rightly. No times here."""

from __future__ import annotations

import asyncio
import json
import pickle
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import asyncpg
import httpx
import pytest
from litestar import Litestar

from api import settings
from api.app import create_app
from bench import load, operations, people, readme, recording, report, seeding
from bench.floor import Floor
from bench.load import Job
from bench.measuring import Effort, Line, Measured
from bench.operations import OPERATIONS, World
from bench.populations import Population, Sizes
from bench.report import Results
from tests.conftest import NewDirectory

ROOT = Path(__file__).parents[2]
WRITTEN = ("directory_user", "member", "account", "change", "request", "group_member", "seat_entry", "removal")
SMALL = Population(1, 40, spare=4, has_groups=True)


@pytest.fixture
async def connection(database: None, database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
def application(database: None, database_url: str) -> Litestar:
    return create_app(settings.read({"DATABASE_URL": database_url}))


@pytest.fixture
async def key(connection: asyncpg.Connection) -> str:
    await seeding.seed(connection, SMALL)
    return await seeding.new_access(connection, SMALL)


def test_a_quick_run_reports_every_operation_and_every_target(server_url: str) -> None:
    done = _bench(server_url, "--quick", "--workers", "1")
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("|")]
    for operation in OPERATIONS:
        assert any(line.startswith(f"| {operation.title} | ") for line in lines), operation.title
    judged = [line for line in lines if line.endswith(("| pass |", "| **miss** |"))]
    assert len(judged) == 12


async def test_a_seeded_user_is_stored_as_the_application_stores_it(
    client: httpx.AsyncClient, connection: asyncpg.Connection, key: str, new_directory: NewDirectory
) -> None:
    access = await new_directory("OKTA")
    sent = people.document(SMALL.token(7), 7, SMALL.users)
    answer = await client.post(f"{access.url}/Users", json=sent, headers={"Authorization": f"Bearer {access.key}"})
    assert answer.status_code == 201
    columns = (
        "user_name, user_name_key, external_id, email, email_key, active, seat_type, document::text, search, version"
    )
    query = f"SELECT {columns} FROM directory_user WHERE organization_id = $1 AND user_name_key = $2"
    name = people.user_name(SMALL.token(7))
    made = await connection.fetchrow(query, access.organization_id, name)
    seeded = await connection.fetchrow(query, SMALL.organization, name)
    assert made == seeded


@pytest.mark.parametrize(
    "name",
    [
        "create",
        "read",
        "patch-active",
        "put",
        "add-to-small",
        "add-to-large",
        "add-many",
        "add-many-mapped",
        "deactivate",
    ],
)
async def test_the_floor_writes_as_many_rows_as_the_application(
    name: str, application: Litestar, connection: asyncpg.Connection, key: str, tmp_path: Path
) -> None:
    (operation,) = operations.named([name])
    world = World(SMALL, 0, 4)
    requests = list(operation.requests(world))[:2]
    before = await _counts(connection)
    recorded = await recording.record(application, key, requests, run=1)
    between = await _counts(connection)
    if operation.undo:
        await operation.undo(connection, SMALL, world.everybody())
    undone = await _counts(connection)
    path = tmp_path / "recording"
    path.write_bytes(pickle.dumps({name: recorded}))
    floor = Floor(path)
    for number in range(len(requests)):
        status, size = await _ask(floor, f"/{name}/{number}/{people.fresh(2, number)}")
        assert (status, size) == (recorded[number].status, recorded[number].size)
    await floor.write_behind()
    after = await _counts(connection)
    by_application = {table: between[table] - before[table] for table in WRITTEN}
    by_floor = {table: after[table] - undone[table] for table in WRITTEN}
    assert by_floor == by_application
    assert by_application["request"] == len(requests)


async def test_the_floor_makes_new_names_and_ids_for_what_the_application_made(
    application: Litestar, connection: asyncpg.Connection, key: str, tmp_path: Path
) -> None:
    (operation,) = operations.named(["create"])
    recorded = await recording.record(application, key, list(operation.requests(World(SMALL, 0, 1))), run=1)
    (tmp_path / "recording").write_bytes(pickle.dumps({"create": recorded}))
    await _ask(Floor(tmp_path / "recording"), f"/create/0/{people.fresh(2, 5)}")
    rows = await connection.fetch(
        "SELECT user_name, search ->> 'username' AS folded FROM directory_user WHERE user_name LIKE 'c0%' ORDER BY id"
    )
    assert [row["user_name"] for row in rows] == [people.user_name(people.fresh(run, n)) for run, n in ((1, 0), (2, 5))]
    assert [row["folded"] for row in rows] == [row["user_name"] for row in rows]


def test_application_and_floor_write_to_different_users() -> None:
    population = Population(1, 1000)
    own, floors = (set(World(population, turn, 300).users()) for turn in (0, 1))
    assert len(own) == len(floors) == 300
    assert not own & floors


def test_a_person_is_described_in_about_as_many_bytes_as_identity_providers_need() -> None:
    sizes = [len(json.dumps(people.document(people.token(1, n), n, 1000), separators=(",", ":"))) for n in range(50)]
    assert 1100 < min(sizes) <= max(sizes) < 1300


def test_the_load_generator_measures_answers_with_a_length_and_in_chunks_alike() -> None:
    plain = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345"
    chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n"
    empty = b"HTTP/1.1 204 No Content\r\n\r\n"
    with _answering([plain, chunked, empty]) as port:
        loaded = load.run(Job(port, [b"GET / HTTP/1.1\r\n\r\n"] * 30, 5.0, connections=3, is_bounded=True))
    assert len(loaded.latencies) == 30
    assert not loaded.failures


def test_the_load_generator_stops_at_the_first_refusal() -> None:
    refusal = b"HTTP/1.1 409 Conflict\r\nContent-Length: 4\r\n\r\ntwin"
    with _answering([refusal]) as port:
        loaded = load.run(Job(port, [b"GET / HTTP/1.1\r\n\r\n"], 5.0, connections=1))
    assert loaded.failures == ["409: twin"]


@pytest.mark.parametrize(("rate", "is_met"), [(50.0, True), (49.0, False)])
def test_half_of_the_floor_is_enough_and_less_is_not(rate: float, is_met: bool) -> None:
    (operation,) = operations.named(["read"])
    line = Line(operation, 1, Measured(rate, 1, 2, 1), Measured(100.0, 1, 2, 1), rate / 100)
    results = Results(Sizes(10, 1), Effort(1, 1, 1), "15", [line], [], [], [], [], [])
    assert [met for _, _, met in report.targets(results)] == [is_met]
    assert ("**miss**" in report.markdown(results)) is not is_met


def test_writing_the_tables_keeps_what_people_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "README.md"
    path.write_text("Above.\n\n<!-- tables -->\n\nOld.\n\n<!-- end of tables -->\n\nBelow.\n")
    monkeypatch.setattr(readme, "PATH", path)
    readme.write("New.\n")
    expected = "Above.\n\n<!-- tables -->\n\nNew.\n\n<!-- end of tables -->\n\nBelow.\n"
    assert path.read_text() == expected


def _bench(server_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the benchmark in a database of its own."""
    name = "rollcall_bench_test"
    url = asyncio.run(_new_database(server_url, name))
    return subprocess.run(
        [sys.executable, "-m", "bench", "--database", url, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


async def _new_database(server_url: str, name: str) -> str:
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
    finally:
        await connection.close()
    base, _, query = server_url.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


async def _counts(connection: asyncpg.Connection) -> dict[str, int]:
    return {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in WRITTEN}


async def _ask(floor: Floor, path: str) -> tuple[int, int]:
    """The status of the floor's answer and the size of its body."""
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    await floor({"type": "http", "path": path}, receive, send)
    start, body = sent
    assert isinstance(start["status"], int)
    assert isinstance(body["body"], bytes)
    return start["status"], len(body["body"])


@contextmanager
def _answering(answers: Sequence[bytes]) -> Iterator[int]:
    """The port of a server that gives these answers in turn, each in two pieces, on every connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor() as threads:

        def serve(connection: socket.socket) -> None:
            with connection:
                for answer in cycle(answers):
                    if not connection.recv(1000):
                        return
                    connection.sendall(answer[:-4])
                    time.sleep(0.001)
                    connection.sendall(answer[-4:])

        def accept() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threads.submit(serve, connection)

        threads.submit(accept)
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
