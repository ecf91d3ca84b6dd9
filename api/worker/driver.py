"""PgQueuer on this application's connections, and what it asks of the database where ours differs.

It listens for nothing: a worker looks for tasks each half second, and at once when it has room for more or has put some
itself. NOTIFY would spare half a second, and make all transactions that put a task commit one after another.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Self

import msgspec
from pgqueuer.adapters.persistence import qb
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.tm import TaskManager
from pgqueuer.domain.models import Job, TracebackRecord
from pgqueuer.domain.types import JOB_STATUS
from pgqueuer.ports.driver import Driver, NotifyCallback

from db import queue, sql
from db.errors import UNAVAILABLE
from db.queries import tasks

_BREATH_SECONDS = 1.0

_logger = logging.getLogger("rollcall.worker")


class Connections(Driver):
    """Statements on the pool of this process; notifications stay inside it."""

    def __init__(self) -> None:
        self._shutdown = asyncio.Event()
        self._listeners: list[NotifyCallback] = []

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        return [dict(row) for row in await sql.rows(query, *args)]

    async def execute(self, query: str, *args: object) -> str:
        await sql.rows(query, *args)
        return ""

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        self._listeners.append(callback)

    async def notify(self, channel: str, payload: str) -> None:
        for tell in self._listeners:
            tell(payload)

    async def wake(self) -> None:
        """Have the queue looked at now."""
        settings = queue.settings()
        event = {
            "type": "table_changed_event",
            "channel": settings.channel,
            "operation": "update",
            "table": settings.queue_table,
            "sent_at": datetime.now(UTC),
        }
        await self.notify(settings.channel, msgspec.json.encode(event).decode())

    @property
    def shutdown(self) -> asyncio.Event:
        return self._shutdown

    @property
    def tm(self) -> TaskManager:
        return TaskManager()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listeners.clear()


class Claims(Queries):
    """PgQueuer's queries, but for how the end of a task is noted."""

    def __init__(self, connections: Connections) -> None:
        names = queue.settings()
        super().__init__(
            connections,
            qbe=qb.QueryBuilderEnvironment(names),
            qbq=qb.QueryQueueBuilder(names),
            qbs=qb.QuerySchedulerBuilder(names),
        )
        self.connections = connections

    async def log_jobs(self, job_status: list[tuple[Job, JOB_STATUS, TracebackRecord | None]]) -> None:
        """Note what has ended; there is room for more now."""
        try:
            await super().log_jobs(job_status)
        except UNAVAILABLE:
            await asyncio.sleep(_BREATH_SECONDS)  # PgQueuer tries again at once, and logs each time
            raise
        await self.connections.wake()

    async def retry_job(self, job: Job, delay: timedelta, traceback_record: TracebackRecord | None) -> None:
        """Give a task back, unless another worker has taken it over meanwhile.

        When that cannot be noted, such as when the database is away, the task stays claimed until its heartbeat is too
        old, and whoever sees that takes it over. PgQueuer would count it as failed for good.
        """
        error = None if traceback_record is None else traceback_record.model_dump_json()
        try:
            await tasks.give_back(job.id, job.queue_manager_id, delay, msgspec.json.encode(job.headers).decode(), error)
        except Exception as problem:
            _logger.warning("Task %s of %s cannot be given back now: %s", job.id, job.entrypoint, problem)
            return
        await self.connections.wake()
