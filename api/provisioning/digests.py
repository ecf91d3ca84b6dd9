"""The weekly digest: what happened in an organization, for contacts who want to know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from db.enums import SeatType
from db.ids import OrganizationId
from db.queries import calls, contacts, platform, seat_pools
from db.queries import digests as rows
from db.rule_rows import CallsRow
from db.transaction import transaction

from . import clock, health, notices
from .notice_facts import Digest, SeatUse

_WEEK = timedelta(days=7)


async def tell() -> int:
    """Send the digest of the last seven days to all who want it, of all organizations; how many. For the clock."""
    return sum([await _tell(organization) for organization in await platform.with_digest_readers()])


async def _tell(organization: OrganizationId) -> int:
    async def work() -> int:
        at = clock.now()
        readers = await contacts.reading_digests(organization)
        facts = await _facts(organization, at)
        for contact in readers:
            own = msgspec.structs.replace(facts, unsubscribe_token=contact.unsubscribe_token)
            await notices.digest(organization, contact.email, own, at)
        return len(readers)

    return await transaction(work)


async def _facts(organization: OrganizationId, at: datetime) -> Digest:
    until = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    since = until - _WEEK
    week = await rows.week(organization, since, until)
    seats = await seat_pools.overview(organization, [each.value for each in SeatType])
    return Digest(
        since=since.date(),
        through=(until - timedelta(days=1)).date(),
        joined=week.joined,
        left=week.left,
        requests=week.requests,
        refused=week.refused,
        held=week.held,
        waiting=week.waiting,
        seats=[_use(each) for each in seats if each["used"] or each["seat_limit"] is not None],
        directories=[(each.name, _state(each, at)) for each in await calls.of_directories(organization)],
        unsubscribe_token="",
    )


def _use(row: Mapping[str, object]) -> SeatUse:
    limit = row["seat_limit"]
    return SeatUse(SeatType(str(row["seat_type"])), int(str(row["used"])), None if limit is None else int(str(limit)))


def _state(row: CallsRow, at: datetime) -> str:
    return health.state(row, at).lower().replace("_", " ")
