"""From the outbox to messages: what changed becomes events, each with a delivery to every endpoint that wants it.

A change leaves the outbox in the transaction that writes its messages and puts the tasks that send them: so each is
told of once, whatever breaks.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Mapping, Sequence

from api.outbox import tasks
from api.provisioning import clock
from db.errors import UNAVAILABLE
from db.ids import OrganizationId, new_id, new_ids
from db.queries import access_revocations, audit, webhook_deliveries, webhook_endpoints
from db.queries import webhook_messages as rows
from db.transaction import transaction
from db.webhook_rows import EndpointRow, MessageRow, NewDelivery, RevocationRow

from . import events, facts, gathering, lanes
from .event_types import REVOKED
from .facts import Facts, Told
from .gathering import Profiles
from .lanes import Lane
from .particulars import CONFIRM_WITHIN

AT_ONCE = 200
_ASIDE_SECONDS = 60.0

_logger = logging.getLogger("rollcall.webhooks")


class FanOut:
    """Takes changes out of the outbox; what cannot be told is tried again in a minute, and keeps nothing waiting."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles
        self._aside: dict[int, float] = {}

    async def __call__(self) -> int:
        """Tell of some changes of one organization; how many."""
        now, taken = time.monotonic(), list[int]()
        self._aside = {number: until for number, until in self._aside.items() if until > now}

        async def work() -> list[int]:
            taken.clear()
            organization = await rows.oldest_untold(list(self._aside))
            if organization is None:
                return []
            await rows.keep_erasures_out(organization)
            numbers = await rows.take(organization, list(self._aside), limit=AT_ONCE)
            taken.extend(numbers.values())
            return await _tell(organization, numbers, self._profiles)

        try:
            failed = await transaction(work)
        except UNAVAILABLE:
            raise
        except Exception:
            # The trouble of one organization must not keep the others waiting.
            if not taken:
                raise
            _logger.exception("%d changes cannot be told of now, the first is %d", len(taken), taken[0])
            failed = taken
        self._aside |= dict.fromkeys(failed, now + _ASIDE_SECONDS)
        return len(taken) - len(failed)


async def _tell(organization: OrganizationId, numbers: Mapping[uuid.UUID, int], profiles: Profiles) -> list[int]:
    """Write what changes become, and take them out of the outbox; the numbers of those with which that failed."""
    endpoints = [each for each in await webhook_endpoints.all_of(organization) if each.is_enabled]
    changes = {row.id: row for row in await audit.many(organization, list(numbers))}
    told = [facts.read(number, changes[change]) for change, number in numbers.items()]
    wanted = [(each, type) for each in told for type in _types(each) if _who_wants(type, endpoints)]
    messages, failed = list[tuple[MessageRow, Told]](), set[int]()
    if wanted:
        known = await gathering.facts(organization, wanted, profiles)
        messages, failed = _messages(wanted, known)
    await _write(organization, [each for each in messages if each[1].sequence not in failed], endpoints)
    await rows.done(organization, [number for number in numbers.values() if number not in failed])
    return sorted(failed)


def _types(told: Told) -> tuple[str, ...]:
    try:
        return told.types
    except KeyError:
        _logger.error("Nobody has decided who is told of %s %s", told.row.subject_type, told.row.action)
        return ()


def _who_wants(type: str, endpoints: Sequence[EndpointRow]) -> list[EndpointRow]:
    return [each for each in endpoints if not each.event_types or type in each.event_types]


def _messages(wanted: Sequence[tuple[Told, str]], known: Facts) -> tuple[list[tuple[MessageRow, Told]], set[int]]:
    """The messages of events that happened, with what they tell of, and the numbers of changes that cannot be told."""
    made, failed = list[tuple[MessageRow, Told]](), set[int]()
    for told, type in wanted:
        try:
            if events.is_one(told, type, known):
                at = told.row.changed_at
                body = events.message(type, at, events.compose(told, type, known))
                made.append((MessageRow(new_id(), type, told.sequence, told.member, body, at), told))
        except Exception:
            # Be it a bug: what else there is to tell, such as access that ended, must not wait for it.
            _logger.exception("Change %s cannot be told of as %s now", told.row.id, type)
            failed.add(told.sequence)
    return made, failed


async def _write(
    organization: OrganizationId, messages: Sequence[tuple[MessageRow, Told]], endpoints: Sequence[EndpointRow]
) -> None:
    pairs = [(each.id, endpoint.id) for each, _ in messages for endpoint in _who_wants(each.type, endpoints)]
    deliveries = [NewDelivery(id, *pair) for id, pair in zip(new_ids(len(pairs)), pairs, strict=True)]
    revoked = [_revocation(told) for each, told in messages if each.type == REVOKED]
    await rows.add(organization, [each for each, _ in messages])
    await access_revocations.add(organization, revoked)
    await webhook_deliveries.add(organization, deliveries, clock.now())
    await tasks.put_all(lanes.now(Lane(organization, endpoint)) for _, endpoint in pairs)


def _revocation(told: Told) -> RevocationRow:
    assert told.member is not None
    at = told.row.changed_at
    return RevocationRow(told.row.organization_id, told.revocation, told.member, at, at + CONFIRM_WITHIN, None, None)
