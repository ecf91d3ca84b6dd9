"""The floor: the statements that the application ran, by asyncpg alone, under a bare ASGI application.

It answers with as many bytes as the application did, rendered from nothing. What must be new in each request (ids,
names) is new here, too. Rows that the application writes behind its answers are written behind the answers, in bulk.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from api.provisioning.request_log import FLUSH_SECONDS
from db.engine import ACQUIRE_SECONDS, DB
from db.ids import new_id

from .people import FRESH, is_fresh
from .recording import Call, Recorded

RECORDING = "ROLLCALL_BENCH_RECORDING"
"""The environment variable that names the file with what was recorded, by operation."""

CONNECTIONS = "ROLLCALL_DATABASE_CONNECTIONS"

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Statement:
    """A call to repeat: which arguments are ids to make anew, lists of such, or contain a name to make anew."""

    method: str
    args: tuple[object, ...]
    ids: tuple[tuple[int, int], ...]
    lists: tuple[tuple[int, tuple[int, ...]], ...]
    names: tuple[int, ...]

    def filled(self, ids: Sequence[uuid.UUID], name: str) -> Sequence[object]:
        """The arguments for one more request."""
        if not (self.ids or self.lists or self.names):
            return self.args
        args = list(self.args)
        for place, slot in self.ids:
            args[place] = ids[slot]
        for place, slots in self.lists:
            args[place] = [ids[slot] for slot in slots]
        for place in self.names:
            args[place] = _renamed(args[place], name)
        return args


@dataclass(frozen=True, slots=True)
class _Plan:
    """How to repeat one request; `behind` has rows by table and columns."""

    statements: Sequence[_Statement]
    behind: Sequence[tuple[str, tuple[str, ...], _Statement]]
    fresh_ids: int
    start: Message
    body: Message


class Floor:
    """The ASGI application: the path names an operation, the number of a recorded request, and what is new."""

    def __init__(self, recording: Path) -> None:
        recorded: Mapping[str, Sequence[Recorded]] = pickle.loads(recording.read_bytes())
        self._plans = {name: [_plan(each) for each in some] for name, some in recorded.items()}
        self._held: dict[tuple[str, tuple[str, ...]], list[Sequence[object]]] = defaultdict(list)

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        _, operation, number, name, *_ = (scope["path"] + "//").split("/")
        while (await receive()).get("more_body", False):
            pass
        plan = self._plans[operation][int(number)] if operation in self._plans else _NOTHING
        await self._repeat(plan, name)
        await send(plan.start)
        await send(plan.body)

    async def _repeat(self, plan: _Plan, name: str) -> None:
        ids = [new_id() for _ in range(plan.fresh_ids)]
        if plan.statements:
            async with DB.pool.acquire(timeout=ACQUIRE_SECONDS) as connection:  # type: ignore[union-attr]  # is open
                await _run(connection, plan.statements, ids, name)
        for table, columns, row in plan.behind:
            self._held[table, columns].append(row.filled(ids, name))

    async def _live(
        self, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        await receive()
        await DB.open(connections=int(os.environ[CONNECTIONS]))
        task = asyncio.create_task(self._write_behind_for_ever())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        task.cancel()
        await DB.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def write_behind(self) -> None:
        """Write the rows that are held."""
        held, self._held = self._held, defaultdict(list)
        for (table, columns), rows in held.items():
            async with DB.pool.acquire(timeout=ACQUIRE_SECONDS) as connection:  # type: ignore[union-attr]  # is open
                await connection.copy_records_to_table(table, columns=columns, records=rows)

    async def _write_behind_for_ever(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self.write_behind()


def application() -> Floor:
    """The floor over the recording that the environment names; what the server imports."""
    return Floor(Path(os.environ[RECORDING]))


async def _run(
    connection: asyncpg.pool.PoolConnectionProxy, statements: Sequence[_Statement], ids: list[uuid.UUID], name: str
) -> None:
    try:
        for statement in statements:
            await getattr(connection, statement.method)(*statement.filled(ids, name))
    except asyncpg.PostgresError:
        if connection.is_in_transaction():
            await connection.execute("ROLLBACK;")
        raise


def _plan(recorded: Recorded) -> _Plan:
    slots: dict[uuid.UUID, int] = {}
    statements = [_statement(call.method, call.args, slots) for call in recorded.calls]
    behind = [row for call in recorded.behind for row in _rows(call, slots)]
    body = b"x" * recorded.size
    headers = [(b"content-type", b"application/scim+json"), (b"content-length", str(len(body)).encode())]
    start = {"type": "http.response.start", "status": recorded.status, "headers": headers if body else []}
    return _Plan(statements, behind, len(slots), start, {"type": "http.response.body", "body": body})


def _statement(method: str, args: tuple[object, ...], slots: dict[uuid.UUID, int]) -> _Statement:
    ids = tuple(
        (place, slots.setdefault(value, len(slots)))
        for place, value in enumerate(args)
        if isinstance(value, uuid.UUID) and is_fresh(value)
    )
    lists = tuple(
        (place, tuple(slots.setdefault(each, len(slots)) for each in value))
        for place, value in enumerate(args)
        if isinstance(value, list) and value and all(isinstance(each, uuid.UUID) and is_fresh(each) for each in value)
    )
    names = tuple(place for place, value in enumerate(args) if place and _renamed(value, "") != value)
    return _Statement(method, args, ids, lists, names)


def _rows(call: Call, slots: dict[uuid.UUID, int]) -> list[tuple[str, tuple[str, ...], _Statement]]:
    """The rows of a COPY; nothing else is written behind an answer so often that it would count."""
    if call.method != "copy_records_to_table":
        return []
    table, columns, records = str(call.args[0]), call.named["columns"], call.named["records"]
    assert isinstance(columns, Sequence)
    assert isinstance(records, Sequence)
    return [(table, tuple(columns), _statement("row", tuple(record), slots)) for record in records]


def _renamed(value: object, name: str) -> object:
    """The value with what stands for a new name replaced by it, also inside of lists."""
    if isinstance(value, str):
        return value.replace(FRESH, name)
    return [_renamed(each, name) for each in value] if isinstance(value, list) else value


_NOTHING = _plan(Recorded((), (), 200, 2))
