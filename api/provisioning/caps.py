"""The monthly cap that somebody accepted for purchases of all types of seats (REQUIREMENTS C12).

What was bought counts in the calendar month, UTC, in which it was reserved, or was reserved anew after it had failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db.ids import OrganizationId
from db.queries import seat_views as view_rows
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

    def allows(self, amount_minor: int) -> bool:
        """Whether so much more may be spent."""
        return self.spent_minor + amount_minor <= self.most_minor


async def lock(organization: OrganizationId, at: datetime) -> Cap:
    """The cap, and what is spent in the month of a moment, while nobody else buys any. For use in a transaction.

    Raises InTheWay where nobody has accepted any.
    """
    spent = await rows.lock_spent(organization, month_of(at))
    terms = await view_rows.terms(organization)
    if terms is None or terms.monthly_cap_minor is None:
        raise InTheWay("Nobody with the permission billing.manage has accepted a monthly cap.")
    return Cap(terms.monthly_cap_minor, spent, terms.currency)
