"""The monthly cap that somebody accepted for purchases of all types of seats (REQUIREMENTS C12).

What was bought counts in the calendar month, UTC, in which it was reserved, or was reserved anew after it had failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db.ids import OrganizationId
from db.queries import seats as rows

from .currencies import money
from .errors import InTheWay
from .proration import month_of


@dataclass(frozen=True, slots=True)
class Cap:
    """A cap, and what of it is spent in a month; amounts in minor units."""

    most_minor: int
    spent_minor: int
    currency: str

    @property
    def text(self) -> str:
        """The cap as people read it."""
        return money(self.most_minor, self.currency)

    def allows(self, amount_minor: int, currency: str) -> bool:
        """Whether so much more may be spent; nothing in another currency than somebody accepted."""
        return currency == self.currency and self.spent_minor + amount_minor <= self.most_minor


async def lock(organization: OrganizationId, at: datetime) -> Cap:
    """The cap, and what is spent in the month of a moment, while nobody else buys any. For use in a transaction.

    Raises InTheWay where nobody has accepted any.
    """
    found = await rows.lock_cap(organization)
    if found is None or found.monthly_cap_minor is None:
        raise InTheWay("Nobody with the permission billing.manage has accepted a monthly cap.")
    spent = await rows.spent(organization, month_of(at), found.currency)
    return Cap(found.monthly_cap_minor, spent, found.currency)
