"""What a worker does for directories whose people are fetched."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from api import settings
from api.outbox import tasks
from api.outbox.work import Handler, Schedule
from api.provisioning import pulls

from . import pull
from .client import Endpoints

ENTRYPOINT = "google.pull"
PLACES = Endpoints()
_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Fetch:
    """The payload: whose people are to be fetched."""

    organization: uuid.UUID
    directory: uuid.UUID


async def look() -> None:
    """Put a task for each directory whose time has come; one that waits already stands for this one, too."""
    due = await pulls.due()
    await tasks.put_all(
        tasks.Task(ENTRYPOINT, Fetch(organization, directory), key=str(directory)) for organization, directory in due
    )


async def _fetch(what: Fetch) -> None:
    await pull.run(what.organization, what.directory, settings.read(), PLACES)


HANDLERS = (Handler(ENTRYPOINT, Fetch, _fetch, at_once=_AT_ONCE),)
SCHEDULES = (Schedule(ENTRYPOINT, "* * * * *", look),)
