"""Removals on hold of which people were not told yet, or are to be told again."""

from __future__ import annotations

from datetime import datetime, timedelta

from db import sql
from db.ids import OrganizationId
from db.mail_rows import HeldRow

_HELD = """
SELECT r.directory_id, d.name, count(*), min(r.decide_by)
FROM removal r JOIN directory d ON d.organization_id = r.organization_id AND d.id = r.directory_id
WHERE r.organization_id = $1 AND r.state = 'HELD' AND r.directory_id = ANY($2) GROUP BY 1, 2 ORDER BY 1
"""
_NOT_LATELY = """NOT EXISTS (SELECT FROM removal o WHERE o.organization_id = r.organization_id
                 AND o.directory_id = r.directory_id AND o.{column} > $2::timestamptz - $3::interval)"""
_TELL = f"""
UPDATE removal r SET told_at = $2
WHERE r.organization_id = $1 AND r.state = 'HELD' AND r.told_at IS NULL AND {_NOT_LATELY.format(column="told_at")}
RETURNING r.directory_id
"""
_REMIND = f"""
UPDATE removal r SET reminded_at = $2
WHERE r.organization_id = $1 AND r.state = 'HELD' AND r.reminded_at IS NULL AND r.decide_by > $2
  AND r.decide_by - (r.decide_by - r.removed_at) / 4 <= $2 AND {_NOT_LATELY.format(column="reminded_at")}
RETURNING r.directory_id
"""


async def tell(organization: OrganizationId, at: datetime, *, apart: timedelta) -> list[HeldRow]:
    """Directories with removals of which nobody was told; they count as told now.

    A directory of which people were told lately is left out until that is so long ago.
    """
    return await _held(organization, _TELL, at, apart)


async def remind(organization: OrganizationId, at: datetime, *, apart: timedelta) -> list[HeldRow]:
    """The same for those of which three quarters of the time to decide are over."""
    return await _held(organization, _REMIND, at, apart)


async def _held(organization: OrganizationId, statement: str, at: datetime, apart: timedelta) -> list[HeldRow]:
    concerned = {row[0] for row in await sql.rows(statement, organization, at, apart)}
    found = await sql.rows(_HELD, organization, list(concerned)) if concerned else []
    return [HeldRow(*row) for row in found]
