"""Samples of tasks that failed."""

from __future__ import annotations

import uuid
from typing import Any

from tests.graphql.conftest import Api
from tests.outbox.failing import failed
from tests.scim.conversation import Scim

from . import Sample


async def _nothing(_: Api, __: Scim) -> dict[str, Any]:
    await failed()
    return {}


async def _task(api: Api, _: Scim) -> dict[str, Any]:
    return {"id": api.id("Task", uuid.UUID(int=await failed()), uuid.UUID(int=0))}


SAMPLES: dict[str, Sample] = {
    "failedTasks": Sample("query { failedTasks(first: 5) { nodes { number payload lastError } } }", _nothing),
    "taskSchedules": Sample("query { taskSchedules { name cron lastRunAt nextRunAt isRunning } }", _nothing),
    "taskReplay": Sample(
        "mutation ($id: ID!) { taskReplay(id: $id) { task { state } userErrors { code message } } }", _task
    ),
    "taskDiscard": Sample(
        "mutation ($id: ID!) { taskDiscard(id: $id) { task { state } userErrors { code message } } }", _task
    ),
}
