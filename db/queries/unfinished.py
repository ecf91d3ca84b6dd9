"""Taking organizations away that were never finished; nothing else deletes one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from db import sql
from db.tables import TABLES


async def delete(organizations: Sequence[uuid.UUID]) -> None:
    """Delete all rows of organizations, in the current transaction."""
    for table in reversed(TABLES):
        columns = {column._meta.name for column in table._meta.columns}
        if "organization_id" in columns:
            name = table._meta.tablename
            await sql.rows(f'DELETE FROM "{name}" WHERE organization_id = ANY($1::uuid[])', list(organizations))
    await sql.rows("DELETE FROM organization WHERE id = ANY($1::uuid[])", list(organizations))
