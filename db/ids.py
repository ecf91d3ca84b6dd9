"""Identifiers: UUIDs of version 7 made here, and one type per noun so that they cannot be mixed up."""

from __future__ import annotations

import os
import uuid
from datetime import UTC, datetime, timedelta
from typing import NewType

from db import moment

OrganizationId = NewType("OrganizationId", uuid.UUID)
AccountId = NewType("AccountId", uuid.UUID)
MemberId = NewType("MemberId", uuid.UUID)
DirectoryId = NewType("DirectoryId", uuid.UUID)
DirectoryUserId = NewType("DirectoryUserId", uuid.UUID)
DirectoryGroupId = NewType("DirectoryGroupId", uuid.UUID)
KeyId = NewType("KeyId", uuid.UUID)
RequestId = NewType("RequestId", uuid.UUID)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562 §5.7, method 3): ids of one process sort by the time they were made, to 0.25 µs."""
    milliseconds, rest = divmod(moment.nanoseconds(), 1_000_000)
    fraction = (rest << 12) // 1_000_000
    random = int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF
    return uuid.UUID(int=(milliseconds << 80) | (0x7 << 76) | (fraction << 64) | (0b10 << 62) | random)


def new_ids(count: int) -> list[uuid.UUID]:
    """Many ids of one moment, in order: the random part of the first, counted up (RFC 9562 §6.2, method 2)."""
    first = new_id().int & ~0xFFFF_FFFF
    return [uuid.UUID(int=first + number) for number in range(count)]


APART = timedelta(hours=1)
"""No row has an id that was made further from the moment that counts for it."""


def first_id(at: datetime, apart: timedelta = timedelta(0)) -> uuid.UUID:
    """The smallest id that can have been made so long behind a moment: all ids of before are smaller."""
    milliseconds = max(0, min((at - _EPOCH + apart) // timedelta(milliseconds=1), 2**48 - 1))
    return uuid.UUID(int=(milliseconds << 80) | (0x7 << 76) | (0b10 << 62))


def made_at(id: uuid.UUID) -> datetime:
    """When an id was made, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=id.int >> 80)


def parse_id(text: str) -> uuid.UUID | None:
    """The UUID that the text spells in canonical form, or None; ids are case-exact (RFC 7643 §3.1)."""
    if len(text) != 36:
        return None
    try:
        parsed = uuid.UUID(text)
    except ValueError:
        return None
    return parsed if str(parsed) == text else None
