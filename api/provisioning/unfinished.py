"""Organizations that somebody began to fill, and was interrupted."""

from __future__ import annotations

from db.ids import OrganizationId
from db.queries import unfinished as rows
from db.transaction import transaction

from .caller import Caller


async def delete(caller: Caller, organization: OrganizationId) -> None:
    """Delete an organization with all that belongs to it, as if it had never been; accounts stay."""
    caller.must_run_platform()
    await transaction(lambda: rows.delete(organization))
