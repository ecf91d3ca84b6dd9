"""Tasks that failed for good, for the operator."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime

import strawberry

from api.provisioning import tasks
from api.provisioning.actor import Right
from api.provisioning.caller import NOWHERE, Caller
from api.provisioning.tasks import TaskState
from db.task_rows import TaskRow

from . import connections, ids, mutating
from .access import field, mutation
from .connections import After, Before, Connection, First, Last
from .context import Info
from .mutating import Payload
from .nodes import Node, found_by


@strawberry.type(description="Something that was to be done later. One that is done is gone.")
class Task(Node):
    number: str = strawberry.field(description="What the log and the commands call it.")
    entrypoint: str = strawberry.field(description="Which handler carries it out.")
    payload: str = strawberry.field(description="What it is about, as JSON; ids, mostly.")
    state: TaskState
    created_at: datetime
    due_at: datetime = strawberry.field(description="Not before when it is tried next.")
    updated_at: datetime = strawberry.field(description="When it last changed its state; when it failed, if it did.")
    tries: int = strawberry.field(description="How often it came to no end.")
    last_error: str | None = strawberry.field(description="What was in the way the last time, for people.")
    details: str | None = strawberry.field(description="Where in the program that happened.")


@strawberry.type(description="Something that is done again and again.")
class TaskSchedule:
    name: str
    cron: str = strawberry.field(description="When, as cron says it; UTC.")
    is_running: bool
    last_run_at: datetime | None = strawberry.field(description="When it last began; null before the first time.")
    next_run_at: datetime


@strawberry.type(description="A task as it is after an act; one that was discarded as it was.")
class TaskPayload(Payload):
    task: Task | None = None


def task(row: TaskRow) -> Task:
    """What the schema shows of a task."""
    return Task(
        id=ids.write("Task", NOWHERE, uuid.UUID(int=row.id)),
        number=str(row.id),
        entrypoint=row.entrypoint,
        payload=row.payload,
        state=tasks.state(row),
        created_at=row.created_at,
        due_at=row.due_at,
        updated_at=row.updated_at,
        tries=row.tries,
        last_error=row.last_error,
        details=row.details,
    )


@found_by("Task")
async def _find(info: Info, _: uuid.UUID, id: uuid.UUID) -> Task:
    return task(await tasks.find(info.context.caller, id.int))


@strawberry.type
class TaskQuery:
    @field(
        needs=Right.PLATFORM_MANAGE,
        description="Tasks that failed for good, newest first. They stay until they are replayed or discarded.",
    )
    async def failed_tasks(
        self,
        info: Info,
        entrypoint: str | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Task]:
        list_ = f"failed tasks {entrypoint!r}"
        span = connections.span(list_, first, after, last, before)
        page = await tasks.page(info.context.caller, TaskState.FAILED, entrypoint, span)
        return connections.connection(list_, page, span, task)

    @field(needs=Right.PLATFORM_MANAGE, description="What is done again and again, by name.", assumed=20)
    async def task_schedules(self, info: Info) -> list[TaskSchedule]:
        return [
            TaskSchedule(
                name=row.name,
                cron=row.cron,
                is_running=row.is_running,
                last_run_at=row.last_run,
                next_run_at=row.next_run,
            )
            for row in await tasks.schedules(info.context.caller)
        ]


@strawberry.type
class TaskMutation:
    @mutation(needs=Right.PLATFORM_MANAGE, description="Have a failed task tried anew, as if it had never been.")
    async def task_replay(self, info: Info, id: strawberry.ID) -> TaskPayload:
        return await _act(info, id, tasks.replay)

    @mutation(needs=Right.PLATFORM_MANAGE, description="Drop a failed task for good: what it stood for is not done.")
    async def task_discard(self, info: Info, id: strawberry.ID) -> TaskPayload:
        return await _act(info, id, tasks.discard)


async def _act(info: Info, id: str, act: Callable[[Caller, int], Awaitable[TaskRow]]) -> TaskPayload:
    tried = await mutating.tried(lambda: act(info.context.caller, ids.must_be(id, "Task").id.int), "id")
    return TaskPayload(task=task(tried.done) if tried.done else None, user_errors=tried.user_errors)
