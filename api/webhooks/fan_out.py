"""From the outbox to messages: what changed becomes events, each with a delivery to every endpoint that wants it.

A change leaves the outbox in the transaction that writes its messages and puts the tasks that send them: so each is
told of once, whatever breaks.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Sequence

from api.outbox import tasks
from api.provisioning import clock
from db.errors import UNAVAILABLE
from db.ids import OrganizationId, new_ids
from db.queries import access_revocations, audit, platform, webhook_deliveries, webhook_endpoints, webhook_messages
from db.transaction import transaction
from db.webhook_rows import EndpointRow, MessageRow, NewDelivery, RevocationRow

from . import events, facts, gathering, lanes
from .event_types import REVOKED
from .facts import Told
from .gathering import Profiles
from .lanes import Lane
from .particulars import CONFIRM_WITHIN

AT_ONCE = 200
_ASIDE_SECONDS = 60.0

_logger = logging.getLogger("rollcall.webhooks")


class FanOut:
    """Takes changes out of the outbox; an organization with which that fails does not keep the others waiting."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles
        self._aside: dict[OrganizationId, float] = {}

    async def __call__(self) -> int:
        """Tell of some changes of one organization; how many."""
        now, organization = time.monotonic(), None
        aside = [each for each, until in self._aside.items() if until > now]

        async def work() -> int:
            nonlocal organization
            organization = await platform.oldest_untold(aside)
            return await _tell(organization, self._profiles) if organization else 0

        try:
            return await transaction(work)
        except UNAVAILABLE:
            raise
        except Exception:
            if organization is None:
                raise
            _logger.exception("Organization %s cannot be told of its changes now", organization)
            self._aside[organization] = now + _ASIDE_SECONDS
            return 0


async def _tell(organization: OrganizationId, profiles: Profiles) -> int:
    await webhook_messages.keep_erasures_out(organization)
    numbers = await webhook_messages.take(organization, limit=AT_ONCE)
    endpoints = [each for each in await webhook_endpoints.all_of(organization) if each.is_enabled]
    rows = {row.id: row for row in await audit.many(organization, list(numbers))}
    told = [facts.read(number, rows[change]) for change, number in numbers.items()]
    wanted = [(each, type) for each in told for type in _types(each) if _who_wants(type, endpoints)]
    if wanted:
        known = await gathering.facts(organization, wanted, profiles)
        happened = [(each, type) for each, type in wanted if events.is_one(each, type, known)]
        await _write(organization, happened, known, endpoints)
    return len(told)


def _types(told: Told) -> tuple[str, ...]:
    try:
        return told.types
    except KeyError:
        _logger.error("Nobody has decided who is told of %s %s", told.row.subject_type, told.row.action)
        return ()


def _who_wants(type: str, endpoints: Sequence[EndpointRow]) -> list[EndpointRow]:
    return [each for each in endpoints if not each.event_types or type in each.event_types]


async def _write(
    organization: OrganizationId,
    happened: Sequence[tuple[Told, str]],
    known: facts.Facts,
    endpoints: Sequence[EndpointRow],
) -> None:
    ids = new_ids(len(happened))
    messages = [_message(id, told, type, known) for id, (told, type) in zip(ids, happened, strict=True)]
    pairs = [(each.id, endpoint.id) for each in messages for endpoint in _who_wants(each.type, endpoints)]
    deliveries = [NewDelivery(id, *pair) for id, pair in zip(new_ids(len(pairs)), pairs, strict=True)]
    await webhook_messages.add(organization, messages)
    await access_revocations.add(organization, [_revocation(told) for told, type in happened if type == REVOKED])
    await webhook_deliveries.add(organization, deliveries, clock.now())
    await tasks.put_all(lanes.now(Lane(organization, endpoint)) for _, endpoint in pairs)


def _message(id: uuid.UUID, told: Told, type: str, known: facts.Facts) -> MessageRow:
    at = told.row.changed_at
    body = events.message(type, at, events.compose(told, type, known))
    return MessageRow(id, type, told.sequence, told.member, body, at)


def _revocation(told: Told) -> RevocationRow:
    assert told.member is not None
    at = told.row.changed_at
    return RevocationRow(told.row.organization_id, told.revocation, told.member, at, at + CONFIRM_WITHIN, None, None)
