"""Everything that a worker does. A room that has something to do names it here, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.billing import work as billing
from api.dns import work as dns
from api.google import work as google
from api.identity import work as identity
from api.mail import delivering, times
from api.oauth import work as oauth
from api.outbox.work import Handler, Loop, Schedule
from api.provisioning import maintenance, tasks
from api.scim import profile
from api.webhooks import work as webhooks


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker does."""

    handlers: Sequence[Handler[Any]]
    schedules: Sequence[Schedule]
    loops: Sequence[Loop]


WORK = Work(
    handlers=(*delivering.HANDLERS, *google.HANDLERS, *identity.HANDLERS, *webhooks.HANDLERS, *billing.HANDLERS),
    schedules=(
        *maintenance.SCHEDULES,
        *tasks.SCHEDULES,
        *times.SCHEDULES,
        *google.SCHEDULES,
        *dns.SCHEDULES,
        *identity.SCHEDULES,
        *webhooks.SCHEDULES,
        *oauth.SCHEDULES,
    ),
    loops=(webhooks.fan_out(profile.known),),
)
"""A room's own are added as `*deliveries.HANDLERS`."""
