"""The keys of a directory: several may live at once, so that one can be replaced without a gap (REQUIREMENTS D6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from db.ids import DirectoryId, KeyId, OrganizationId, new_id
from db.queries import directories as rows
from db.transaction import transaction

from . import clock
from .actor import Actor, Right
from .errors import BadSetting, NotFound
from .key_text import digest, new_key

OVERLAP_AT_MOST = timedelta(days=7)


async def add(organization: OrganizationId, directory: DirectoryId, *, expires_at: datetime | None) -> str:
    """The text of a new key, which is kept as a hash only. For use inside a transaction."""
    key = new_key()
    await rows.add_key(
        organization, directory, KeyId(new_id()), digest=digest(key), last_four=key[-4:], expires_at=expires_at
    )
    return key


async def rotate(
    actor: Actor, directory: DirectoryId, *, overlap: timedelta, expires_at: datetime | None = None
) -> str:
    """A new key; the others end after the overlap, at once when it is nothing (REQUIREMENTS C9, R141).

    Raises NotFound, and BadSetting for an overlap beyond seven days.
    """
    actor.must(Right.PLATFORM_MANAGE)
    if not timedelta(0) <= overlap <= OVERLAP_AT_MOST:
        raise BadSetting("The old key can live on for seven days at most.")

    async def work() -> str:
        await _must_exist(actor.organization, directory)
        await rows.end_keys(actor.organization, directory, at=clock.now() + overlap, is_revocation=not overlap)
        return await add(actor.organization, directory, expires_at=expires_at)

    return await transaction(work)


async def revoke(actor: Actor, key: KeyId) -> None:
    """End one key at once; raises NotFound."""
    actor.must(Right.PLATFORM_MANAGE)
    if not await rows.revoke_key(actor.organization, key, at=clock.now()):
        raise NotFound(f"There is no key with the id {key} in this organization.")


async def _must_exist(organization: OrganizationId, directory: DirectoryId) -> None:
    if not await rows.lock(organization, directory):
        raise NotFound(f"There is no directory with the id {directory} in this organization.")
