"""Telling people of what was refused to a program and concerns them, once what it did was taken back."""

from __future__ import annotations

from datetime import UTC
from uuid import UUID

from db.enums import SeatType
from db.ids import DirectoryId, OrganizationId
from db.queries import directories

from . import clock, notices
from .errors import CapReached, LastAdmin
from .notice_facts import CapReached as CapFacts


async def tell(organization: OrganizationId, directory: DirectoryId, error: Exception, trace: UUID) -> None:
    """Tell people of what was refused to a directory, if it is for them to do something."""
    match error:
        case CapReached():
            await tell_of_cap(organization, error)
        case LastAdmin():
            found = await directories.find(organization, directory)
            name = str(found["name"]) if found else "a directory"
            await notices.last_admin_refused(organization, directory, name, trace=trace, at=clock.now())


async def tell_of_cap(organization: OrganizationId, problem: CapReached) -> None:
    """Tell billing contacts that the monthly cap kept somebody out."""
    facts = CapFacts(
        SeatType(problem.seat_type),
        problem.quantity,
        problem.amount_minor,
        problem.currency,
        problem.cap_minor,
        problem.spent_minor,
    )
    await notices.cap_reached(organization, facts, clock.now().astimezone(UTC))
