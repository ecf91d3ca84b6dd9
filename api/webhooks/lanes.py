"""Tasks by which an endpoint is sent what is due. There is one for an endpoint, however much that is.

A task for each delivery would be claimed, noted and finished for each, and a thousand for an endpoint that hangs would
take every place of every worker in turn. So deliveries are rows with a time, and a worker has an endpoint to itself
while it sends some of them.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import msgspec

from api.outbox.tasks import Task

DELIVER = "webhooks.deliver"


class Lane(msgspec.Struct, frozen=True):
    """An endpoint that something is due for."""

    organization: uuid.UUID
    endpoint: uuid.UUID


def now(lane: Lane) -> Task:
    """Look at once; as long as one such task waits, it stands for all."""
    return Task(DELIVER, lane, key=str(lane.endpoint))


def later(lane: Lane, at: datetime) -> Task:
    """Look at a moment, or up to a second after it; one that waits stands for all of the same second."""
    second = at.replace(microsecond=0) + timedelta(seconds=1)
    return Task(DELIVER, lane, at=second, key=f"{lane.endpoint} {second.timestamp():.0f}")
