"""Directories whose people are fetched, and what was taken over of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from operator import attrgetter

from db import sql
from db.ids import DirectoryId, OrganizationId
from db.pull_rows import PullItemRow, PullRow

_COLUMNS = tuple(field.name for field in fields(PullRow))
_values = attrgetter(*_COLUMNS)
LIVE = """ JOIN directory d ON d.organization_id = p.organization_id AND d.id = p.directory_id
 AND d.deleted_at IS NULL AND d.settings ->> 'state' IS DISTINCT FROM 'PAUSED'"""
"""Behind `pull p`: those whose directory may be fetched."""

_CHOSEN = ("customer", "admin_email", "client_email", "user_query", "takes_groups", "every_minutes", "credentials")
_READ = f"SELECT {', '.join(f'p.{name}' for name in _COLUMNS)} FROM pull p"


async def add(organization: OrganizationId, row: PullRow, at: datetime) -> None:
    """Let the people of a directory be fetched."""
    places = ", ".join(f"${number}" for number in range(1, len(_COLUMNS) + 2))
    await sql.rows(
        f"INSERT INTO pull ({', '.join(_COLUMNS)}, created_at) VALUES ({places})",
        *_values(replace(row, organization_id=organization)),
        at,
    )


async def change(organization: OrganizationId, row: PullRow) -> None:
    """Write what was chosen, and when it is fetched next."""
    chosen = ", ".join(f"{name} = ${number}" for number, name in enumerate((*_CHOSEN, "next_at"), 3))
    values = [getattr(row, name) for name in (*_CHOSEN, "next_at")]
    await sql.rows(
        f"UPDATE pull SET {chosen} WHERE organization_id = $1 AND directory_id = $2",
        organization,
        row.directory_id,
        *values,
    )


async def find(organization: OrganizationId, directory: DirectoryId, *, lock: bool = False) -> PullRow | None:
    """How one directory's people are fetched."""
    found = await sql.row(
        f"{_READ} WHERE p.organization_id = $1 AND p.directory_id = $2{' FOR UPDATE' if lock else ''}",
        organization,
        directory,
    )
    return PullRow(*found) if found else None


async def many(organization: OrganizationId, directories: Sequence[uuid.UUID]) -> list[PullRow]:
    """How directories' people are fetched."""
    found = await sql.rows(
        f"{_READ} WHERE p.organization_id = $1 AND p.directory_id = ANY($2)", organization, list(directories)
    )
    return [PullRow(*row) for row in found]


async def lease(organization: uuid.UUID, directory: uuid.UUID, at: datetime, until: datetime) -> PullRow | None:
    """Take a directory that nobody is at and that may be fetched; None for any other."""
    found = await sql.row(
        f"""WITH taken AS (
            UPDATE pull SET leased_until = $4, started_at = $3
            WHERE organization_id = $1 AND directory_id = $2 AND (leased_until IS NULL OR leased_until <= $3)
              AND EXISTS (SELECT FROM pull p{LIVE} WHERE p.organization_id = $1 AND p.directory_id = $2)
            RETURNING *
        ) SELECT {", ".join(_COLUMNS)} FROM taken""",
        organization,
        directory,
        at,
        until,
    )
    return PullRow(*found) if found else None


async def keep(organization: uuid.UUID, directory: uuid.UUID, until: datetime) -> None:
    """Go on being at it."""
    await sql.rows(
        "UPDATE pull SET leased_until = $3 WHERE organization_id = $1 AND directory_id = $2",
        organization,
        directory,
        until,
    )


async def done(
    organization: uuid.UUID, directory: uuid.UUID, at: datetime, next_at: datetime, problem: str | None
) -> None:
    """A pass is over: complete, or ended by a problem."""
    await sql.rows(
        """UPDATE pull SET leased_until = NULL, next_at = $4, problem = $5,
               failures = CASE WHEN $5::text IS NULL THEN 0 ELSE failures + 1 END,
               finished_at = CASE WHEN $5::text IS NULL THEN $3 ELSE finished_at END,
               run = CASE WHEN $5::text IS NULL THEN run + 1 ELSE run END
           WHERE organization_id = $1 AND directory_id = $2""",
        organization,
        directory,
        at,
        next_at,
        problem,
    )


async def items(organization: uuid.UUID, directory: uuid.UUID, kind: str) -> list[PullItemRow]:
    """What was taken over of a kind."""
    found = await sql.rows(
        "SELECT id, external_id, digest FROM pull_item WHERE organization_id = $1 AND directory_id = $2 AND kind = $3",
        organization,
        directory,
        kind,
    )
    return [PullItemRow(*row) for row in found]


async def remember(organization: uuid.UUID, directory: uuid.UUID, kind: str, some: Sequence[PullItemRow]) -> None:
    """Note what was taken over."""
    await sql.rows(
        """INSERT INTO pull_item (organization_id, id, directory_id, kind, external_id, digest)
           SELECT $1, made.id, $2, $3, made.external_id, made.digest
           FROM unnest($4::uuid[], $5::text[], $6::bytea[]) AS made (id, external_id, digest)
           ON CONFLICT (organization_id, directory_id, kind, external_id)
           DO UPDATE SET id = excluded.id, digest = excluded.digest""",
        organization,
        directory,
        kind,
        [each.id for each in some],
        [each.external_id for each in some],
        [each.digest for each in some],
    )


async def forget(organization: uuid.UUID, directory: uuid.UUID, kind: str, external_ids: Sequence[str]) -> None:
    """Note that these are gone."""
    await sql.rows(
        "DELETE FROM pull_item"
        " WHERE organization_id = $1 AND directory_id = $2 AND kind = $3 AND external_id = ANY($4)",
        organization,
        directory,
        kind,
        list(external_ids),
    )
