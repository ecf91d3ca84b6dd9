"""Carrying out one task, and what follows when that fails."""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from pgqueuer.core.executors import AbstractEntrypointExecutor, EntrypointExecutorParameters
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Context, Job

from api.outbox.work import Handler, Later
from db.queries import tasks

TRIES = 10
"""How often a task is tried that fails for no reason that its handler knows; they take three and a half hours."""

LONGEST = timedelta(hours=1)

_logger = logging.getLogger("rollcall.worker")


class UnknownPayload(Exception):
    """A task carries something that its handler does not take, today or in an hour."""


class Executor(AbstractEntrypointExecutor):
    """Carries out the tasks of one handler. Whatever it raises but RetryRequested makes a task fail for good."""

    def __init__(self, handler: Handler[Any]) -> None:
        super().__init__(EntrypointExecutorParameters(0, handler.run, on_failure="hold"))
        self._handler = handler

    async def execute(self, job: Job, context: Context) -> None:
        try:
            await self._carry_out(job)
        except Later as later:
            raise RetryRequested(_until(later.when), later.because or "Later") from None
        except asyncio.CancelledError:
            # This worker must end now. PgQueuer would take the task for cancelled, and drop it.
            raise RetryRequested(reason="The worker ended before the task did") from None
        except Exception as error:
            failures = _failures(job) + 1
            if failures >= TRIES or isinstance(error, UnknownPayload):
                raise
            _logger.warning("Task %s of %s failed", job.id, job.entrypoint, exc_info=True)
            job.headers = {**(job.headers or {}), "failures": failures}
            raise RetryRequested(pause(failures), f"{type(error).__name__}: {error}") from error

    async def _carry_out(self, job: Job) -> None:
        if "key" in (job.headers or {}):
            await tasks.release_key(job.id)
        await self._handler.run(self._payload(job))

    def _payload(self, job: Job) -> object:
        try:
            return msgspec.json.decode(job.payload or b"null", type=self._handler.takes)
        except msgspec.DecodeError as error:
            raise UnknownPayload(str(error)) from error


def pause(failures: int) -> timedelta:
    """How long to wait after so many failures: 5 s, 15 s, 45 s … an hour, a fifth more or less."""
    longest = LONGEST.total_seconds()
    return timedelta(seconds=min(5 * 3 ** (failures - 1), longest) * random.uniform(0.8, 1.2))


def _until(when: datetime) -> timedelta:
    return max(when - datetime.now(UTC), timedelta())


def _failures(job: Job) -> int:
    found = (job.headers or {}).get("failures", 0)
    return found if isinstance(found, int) else 0
