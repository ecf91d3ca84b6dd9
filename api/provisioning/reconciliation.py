"""Whether providers charge for as many seats as there are: looked at once a day, and put right by people only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.outbox import tasks
from api.outbox.tasks import Task
from db.enums import BillingProvider, SeatType
from db.ids import OrganizationId
from db.queries import billing as rows
from db.queries import purchases as purchase_rows
from db.transaction import transaction

from . import billing, billing_accounts, clock, settlements
from .actor import Actor, Right
from .errors import ProviderAway, ProviderRefused
from .seats import label

COMPARE = "billing.compare"
"""The entrypoint of the task that compares an organization, whose id is the payload."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A type of seats of which the provider charges for another number than there are.

    `ours` is without what waits to be charged for, `theirs` with what was since `seen_at`.
    """

    seat_type: SeatType
    ours: int
    theirs: int
    seen_at: datetime

    @property
    def text(self) -> str:
        """What differs, for people."""
        name = label(self.seat_type).lower()
        return f"There are {self.ours} {name} seats, and the provider charges for {self.theirs}."


async def compare(organization: OrganizationId) -> int:
    """Ask the provider for how many seats it charges, and keep that; of how many types the numbers differ.

    For the clock; what is in the way is kept as well.
    """
    account, begun = await billing_accounts.find(organization), clock.now()
    found, problem = None, None
    try:
        found = await billing.of(account.provider).quantities(account)
    except (ProviderAway, ProviderRefused) as error:
        problem = str(error)

    async def work() -> int:
        if await purchase_rows.is_under_way(organization, begun):
            return 0  # whether the provider counted it is not known; whoever looks next will see
        at = clock.now()
        if found is not None:
            await rows.keep_quantities(organization, {each.value: number for each, number in found.items()}, at)
        await rows.keep_comparison(organization, at, problem)
        return len(await _drift(organization, account.provider))

    return await transaction(work)


async def look_again(organization: OrganizationId) -> None:
    """Have workers look at the provider, which says that something changed: for purchases that wait, and for drift."""

    async def work() -> None:
        provider = (await billing_accounts.find(organization)).provider
        waiting = await purchase_rows.hurry_all(organization, provider)
        await tasks.put_all([*(settlements.task(organization, each) for each in waiting), _task(organization)])

    await transaction(work)


async def drift(actor: Actor) -> list[Drift]:
    """Where the numbers differ, by what was seen last; raises nothing for who has no provider to compare with."""
    actor.must(Right.ORGANIZATION_READ)
    account = await billing_accounts.find(actor.organization)
    return await _drift(actor.organization, account.provider)


def _task(organization: OrganizationId) -> Task:
    return Task(COMPARE, organization, key=str(organization))


async def _drift(organization: OrganizationId, provider: BillingProvider) -> list[Drift]:
    if provider is BillingProvider.LEDGER:
        return []
    found: Sequence[Drift] = [
        Drift(SeatType(row.seat_type), row.ours, row.theirs, row.seen_at)
        for row in await rows.compared(organization)
        if row.theirs is not None and row.seen_at is not None
    ]
    return [each for each in found if each.ours != each.theirs]
