"""What tests do to delete and restore directories, and how they look at what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from api.provisioning import clock, deletions
from api.provisioning.deletion_choices import Choice
from api.provisioning.deletions import Deleted
from db import sql

from .conversation import Scim
from .governing import everybody, governor, member_of


async def delete(scim: Scim, choice: Choice | None = Choice.KEEP_LOCAL) -> Deleted:
    """Delete the directory."""
    return await deletions.delete(governor(scim), scim.access.directory_id, choice)


async def restored(scim: Scim) -> Scim:
    """The directory after its restoration, by its new key."""
    return scim.using((await deletions.restore(governor(scim), scim.access.directory_id)).key)


async def statuses(scim: Scim) -> Mapping[str, str]:
    """The status of everybody, by the name before the address' host."""
    return {each["email"].partition("@")[0]: each["status"] for each in await everybody(scim)}


async def seats(scim: Scim) -> int:
    """How many seats are counted as held."""
    found = await sql.value("SELECT sum(used) FROM seat_count WHERE organization_id = $1", scim.access.organization_id)
    return int(str(found))


def later(monkeypatch: pytest.MonkeyPatch, **by: int) -> datetime:
    """Let it be so much later."""
    at = clock.now() + timedelta(**by)
    monkeypatch.setattr(clock, "now", lambda: at)
    return at


async def lock_out(scim: Scim, email: str) -> None:
    """Deactivate a member by hand."""
    found = await member_of(scim, email)
    await sql.rows(
        "UPDATE member SET status = 'DEACTIVATED', seat = NULL, locked_out_at = $2 WHERE id = $1",
        found["id"],
        clock.now() - timedelta(hours=1),
    )
    await sql.rows(
        "INSERT INTO seat_count (organization_id, seat_type, slot, used) VALUES ($1, 'full', 99, -1)",
        scim.access.organization_id,
    )
