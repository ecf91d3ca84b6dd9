"""When keys were used: noted in memory and written behind the requests, not with each of them."""

from __future__ import annotations

import uuid
from datetime import datetime

from db.queries import platform

_used: dict[uuid.UUID, tuple[uuid.UUID, datetime]] = {}


def note_use(organization: uuid.UUID, key: uuid.UUID, at: datetime) -> None:
    """Remember that a key was used."""
    _used[key] = (organization, at)


async def write_uses() -> None:
    """Write what was remembered."""
    uses = [(organization, key, at) for key, (organization, at) in _used.items()]
    if uses:
        _used.clear()
        await platform.touch_keys(uses)
