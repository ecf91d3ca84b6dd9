"""What a worker does for webhooks."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from api.outbox.work import Handler, Loop, Schedule
from api.provisioning import clock
from db.ids import OrganizationId
from db.queries import access_revocations, webhook_messages
from db.transaction import transaction

from .deliveries import deliver
from .fan_out import FanOut
from .gathering import Profiles
from .lanes import DELIVER, Lane

KEPT = timedelta(days=30)
"""How long messages are kept with what became of them, and confirmations that access ended."""

_ENDPOINTS_AT_ONCE = 32
_PRUNED_AT_ONCE = 1000


def fan_out(profiles: Profiles) -> Loop:
    """What every worker does all the time."""
    return Loop("webhooks.fan_out", FanOut(profiles))


async def prune() -> None:
    """Forget what was told long ago."""
    for organization in await webhook_messages.organizations():
        await _prune(organization)


async def _prune(organization: OrganizationId) -> None:
    before = clock.now() - KEPT
    while await transaction(partial(webhook_messages.prune, organization, before, limit=_PRUNED_AT_ONCE)):
        pass
    await transaction(partial(access_revocations.prune, organization, before))


HANDLERS = (Handler(DELIVER, Lane, deliver, at_once=_ENDPOINTS_AT_ONCE),)
"""Slow receivers have places of their own, so that nothing else waits for them."""

SCHEDULES = (Schedule("webhooks.prune", "43 3 * * *", prune),)
