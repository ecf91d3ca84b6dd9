"""Taking an organization away that was never finished; nothing else deletes one."""

from __future__ import annotations

from db import sql
from db.ids import OrganizationId
from db.tables import TABLES


async def delete(organization: OrganizationId) -> None:
    """Delete all rows of an organization, in the current transaction."""
    for table in reversed(TABLES):
        if "organization_id" in {column._meta.name for column in table._meta.columns}:
            await sql.rows(f'DELETE FROM "{table._meta.tablename}" WHERE organization_id = $1', organization)
    await sql.rows("DELETE FROM organization WHERE id = $1", organization)
