"""What directories sent within the last day: how it went hour by hour, and which attributes came with people (R090)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from db.queries import traffic as rows
from db.traffic_rows import HourRow

from . import clock
from .actor import Actor, Right
from .attribute_catalogue import CATALOGUE, Attribute
from .grouping import by_owner

HOURS = 24


@dataclass(frozen=True, slots=True)
class Hour:
    """How the requests within an hour went; `is_known` says whether all of them were counted."""

    at: datetime
    written: int = 0
    read: int = 0
    refused: int = 0
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Received:
    """Of how many users each attribute of the catalogue came; `users` were sent since a moment and are still there."""

    since: datetime
    users: int
    having: Sequence[tuple[Attribute, int]]


async def hours(actor: Actor, directories: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[Hour]]:
    """The last 24 hours of directories, oldest first; the last one is not over yet."""
    actor.must(Right.ORGANIZATION_READ)
    now = clock.now()
    first = first_hour(now)
    found = by_owner(
        directories, await rows.by_hour(actor.organization, directories, first), lambda row: row.directory_id
    )
    return {directory: filled(counted, first) for directory, counted in found.items()}


def filled(counted: Sequence[HourRow], first: datetime) -> list[Hour]:
    """All hours from the first on, those too without a request. Pure.

    When as many requests were counted as are counted at most, the hours before the oldest one of them are not known,
    and that one is not known whole.
    """
    by_hour = {row.hour: Hour(row.hour, row.written, row.read, row.refused) for row in counted}
    total = sum(row.written + row.read + row.refused for row in counted)
    known_from = counted[0].hour + timedelta(hours=1) if total >= rows.COUNTED_AT_MOST else first
    every = [first + timedelta(hours=number) for number in range(HOURS)]
    return [by_hour.get(at, Hour(at)) if at >= known_from else Hour(at, is_known=False) for at in every]


async def received(actor: Actor, directories: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Received]:
    """Which attributes came with the users that directories sent within the last 24 hours."""
    actor.must(Right.ORGANIZATION_READ, Right.SET_UP)
    since = clock.now() - timedelta(hours=HOURS)
    found = await rows.received(actor.organization, directories, since, [each.path for each in CATALOGUE])
    return {
        row.directory_id: Received(since, row.users, list(zip(CATALOGUE, row.having, strict=True))) for row in found
    }


def first_hour(now: datetime) -> datetime:
    """When the first of the last 24 hours began, of which the last one is not over yet."""
    this = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return this - timedelta(hours=HOURS - 1)
