"""Everything that a worker does. A room that has something to do names it here, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.billing import work as billing
from api.google import work as google
from api.outbox.work import Handler, Loop, Schedule


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker does."""

    handlers: Sequence[Handler[Any]]
    schedules: Sequence[Schedule]
    loops: Sequence[Loop]


WORK = Work(
    handlers=(*google.HANDLERS, *billing.HANDLERS),
    schedules=(*google.SCHEDULES,),
    loops=(),
)
"""A room's own are added as `*deliveries.HANDLERS`."""
