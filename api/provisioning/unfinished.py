"""Organizations that somebody began to fill, and was interrupted."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from db.queries import unfinished as rows
from db.transaction import transaction

from .caller import Caller


async def delete(caller: Caller, organizations: Sequence[uuid.UUID]) -> None:
    """Delete organizations with all that belongs to them, as if they had never been; accounts stay."""
    caller.must_run_platform()
    await transaction(lambda: rows.delete(organizations))
