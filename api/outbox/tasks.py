"""Putting tasks: what is to be done once this transaction has been committed, and only then, by a worker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from db.queries import tasks
from db.task_rows import NewTask
from db.together import Part


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done: which handler, with what, not before when, under which key; see `put`."""

    entrypoint: str
    payload: object
    at: datetime | None = None
    key: str | None = None
    priority: int = 0


async def put(
    entrypoint: str, payload: object, *, at: datetime | None = None, key: str | None = None, priority: int = 0
) -> None:
    """Put a task in the current transaction; without one it is put at once.

    `payload` is what JSON can hold: ids, and no secrets. `at` is the earliest time (UTC), now if None. As long as a
    task of this entrypoint with the same `key` waits, it stands for this one, too, at its own time: whoever carries it
    out sees everything that was committed up to here. Higher priorities are carried out first.
    """
    await put_all([Task(entrypoint, payload, at, key, priority)])


async def put_all(wanted: Iterable[Task]) -> None:
    """Put many tasks in one round trip; of those with the same entrypoint and key, the first."""
    found: dict[object, NewTask] = {}
    for number, task in enumerate(wanted):
        # Unique among all entrypoints in the database, but meant for one.
        key = None if task.key is None else f"{task.entrypoint} {task.key}"
        body = msgspec.json.encode(task.payload)
        found.setdefault(key or number, NewTask(task.entrypoint, body, task.at, key, task.priority))
    if found:
        # In the order of their keys, or two transactions could wait for each other.
        await tasks.put(sorted(found.values(), key=lambda task: task.key or ""))


def for_each_part(rows: str, entrypoint: str, *, priority: int = 0) -> Part:
    """The write of a task for each row that a part of the same statement returns, with the row's `id` as payload."""
    return tasks.for_each_part(rows, entrypoint, priority)


def put_part(name: str, task: Task) -> Part:
    """The write of a task, under a name of its own, to go with the writes of its cause; it must have no key."""
    assert task.key is None
    body = msgspec.json.encode(task.payload)
    return tasks.put_part(name, NewTask(task.entrypoint, body, task.at, None, task.priority))
