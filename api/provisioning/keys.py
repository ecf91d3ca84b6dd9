"""The keys of a directory: several may live at once, so that one can be replaced without a gap (REQUIREMENTS D6)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from db.ids import DirectoryId, KeyId, OrganizationId, new_id
from db.provisioning_rows import DirectoryKeyView
from db.queries import directories as rows
from db.queries import directory_views
from db.transaction import transaction

from . import clock, setting_up
from .actor import Actor, Right
from .errors import BadSetting, NotFound
from .grouping import by_owner
from .history import remember
from .key_text import digest, new_key

OVERLAP_AT_MOST = timedelta(days=7)
_EXPIRES_SOON = timedelta(days=14)


class KeyState(StrEnum):
    """Whether a key still opens its directory, and whether it ends within two weeks."""

    ACTIVE = "ACTIVE"
    EXPIRING = "EXPIRING"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


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

    Raises NotFound, BadSetting for an overlap beyond seven days, and what `setting_up.must_be_new` does.
    """
    actor.must(Right.SET_UP)
    if not timedelta(0) <= overlap <= OVERLAP_AT_MOST:
        raise BadSetting("The old key can live on for seven days at most.")
    if expires_at is not None and expires_at <= clock.now():
        raise BadSetting("A new key cannot have ended already.")

    async def work() -> str:
        await _must_exist(actor.organization, directory)
        await setting_up.must_be_new(actor, directory)
        at = clock.now()
        await rows.end_keys(actor.organization, directory, at=at + overlap, is_revocation=not overlap)
        key = await add(actor.organization, directory, expires_at=expires_at)
        after = {"last_four": key[-4:], "expires_at": expires_at, "others_end_at": at + overlap}
        await remember(actor, at, "key_rotated", "directory", directory, after=after)
        return key

    return await transaction(work)


async def revoke(actor: Actor, key: KeyId) -> DirectoryId:
    """End one key at once; whose it was. Raises NotFound."""
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> DirectoryId:
        at = clock.now()
        found = await rows.revoke_key(actor.organization, key, at=at)
        if found is None:
            raise NotFound(f"There is no key with the id {key} in this organization.")
        directory, last_four, revoked_at = found
        if revoked_at == at:
            await remember(actor, at, "key_revoked", "directory", directory, after={"last_four": last_four})
        return directory

    return await transaction(work)


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, DirectoryKeyView]:
    """Keys by id, without their text."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await directory_views.keys(actor.organization, ids)}


async def of_directories(
    actor: Actor, directories: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[DirectoryKeyView]]:
    """The keys of directories, newest first, without their text."""
    actor.must(Right.ORGANIZATION_READ, Right.SET_UP)
    return by_owner(
        directories, await directory_views.keys_of(actor.organization, directories), lambda row: row.directory_id
    )


class Ending(Protocol):
    """What can be revoked and may expire: keys, and the secrets of clients."""

    @property
    def revoked_at(self) -> datetime | None: ...
    @property
    def expires_at(self) -> datetime | None: ...


def state(key: Ending, at: datetime) -> KeyState:
    """How a key stands at a moment."""
    if key.revoked_at is not None and key.revoked_at <= at:
        return KeyState.REVOKED
    if key.expires_at is None:
        return KeyState.ACTIVE
    if key.expires_at <= at:
        return KeyState.EXPIRED
    return KeyState.EXPIRING if key.expires_at <= at + _EXPIRES_SOON else KeyState.ACTIVE


async def _must_exist(organization: OrganizationId, directory: DirectoryId) -> None:
    if not await rows.lock(organization, directory):
        raise NotFound(f"There is no directory with the id {directory} in this organization.")
