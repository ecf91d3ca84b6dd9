"""Choosing how many seats there are, what they cost, and how much may be spent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date

import strawberry

from api.provisioning import seat_pools
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import BadSetting
from db.enums import BillingInterval, SeatType

from . import acting, mutating, references
from .access import mutation
from .context import Info
from .money import MinorUnits
from .mutating import Payload
from .seats import SeatOverview


@strawberry.input(description="How many seats of a type there are: absent for as many as now, null for no end.")
class SeatLimitInput:
    seat_type: SeatType
    limit: strawberry.Maybe[int | None]


@strawberry.input(description="What a seat costs for a whole period.")
class SeatPriceInput:
    seat_type: SeatType
    price: MinorUnits | None = strawberry.field(description="Null takes it off sale.")


@strawberry.input(description="In what currency and periods seats are paid for; it replaces what was agreed before.")
class BillingTermsInput:
    currency: str
    interval: BillingInterval
    anchor: date
    is_enrolled: bool
    pack_size: int = 1


@strawberry.type(description="Seats as they are after an act.")
class SeatPayload(Payload):
    seats: SeatOverview | None = None
    promoted: int | None = strawberry.field(default=None, description="How many who waited got a seat.")


async def _change(info: Info, organization: str, act: Callable[[Actor], Awaitable[int | None]]) -> SeatPayload:
    tried = await mutating.attempt(acting.in_organization(info, organization), act)
    may_look = Right.ORGANIZATION_READ in info.context.caller.rights and not tried.user_errors
    return SeatPayload(
        seats=SeatOverview(key=references.organization(organization)) if may_look else None,
        promoted=tried.done,
        user_errors=tried.user_errors,
        remembered=tried.remembered,
    )


@strawberry.type
class SeatMutation:
    @mutation(needs=Right.BILLING_MANAGE, description="Choose how many seats there are; who waits gets what is free.")
    async def seat_limits_set(
        self, info: Info, organization_id: strawberry.ID, limits: list[SeatLimitInput]
    ) -> SeatPayload:
        async def act(actor: Actor) -> int:
            return await seat_pools.set_limits(actor, _limits(limits))

        return await _change(info, organization_id, act)

    @mutation(needs=Right.PLATFORM_MANAGE, description="Choose what a seat costs. For the operator.")
    async def seat_price_set(self, info: Info, organization_id: strawberry.ID, input: SeatPriceInput) -> SeatPayload:
        async def act(actor: Actor) -> None:
            await seat_pools.set_price(actor, input.seat_type, input.price)

        return await _change(info, organization_id, act)

    @mutation(needs=Right.PLATFORM_MANAGE, description="Choose how seats are paid for. For the operator.")
    async def billing_terms_set(
        self, info: Info, organization_id: strawberry.ID, input: BillingTermsInput
    ) -> SeatPayload:
        async def act(actor: Actor) -> None:
            await seat_pools.set_terms(
                actor,
                currency=input.currency,
                interval=input.interval,
                anchor=input.anchor,
                is_enrolled=input.is_enrolled,
                pack_size=input.pack_size,
            )

        return await _change(info, organization_id, act)

    @mutation(needs=Right.BILLING_MANAGE, description="Accept that seats are bought, up to so much in a month.")
    async def spending_cap_accept(
        self, info: Info, organization_id: strawberry.ID, monthly_cap: MinorUnits
    ) -> SeatPayload:
        async def act(actor: Actor) -> None:
            await seat_pools.accept_cap(actor, monthly_cap)

        return await _change(info, organization_id, act)

    @mutation(needs=Right.BILLING_MANAGE, description="Take back that seats may be bought.")
    async def spending_cap_withdraw(self, info: Info, organization_id: strawberry.ID) -> SeatPayload:
        async def act(actor: Actor) -> None:
            await seat_pools.accept_cap(actor, None)

        return await _change(info, organization_id, act)


def _limits(asked: list[SeatLimitInput]) -> Mapping[SeatType, int | None]:
    if len({each.seat_type for each in asked}) < len(asked):
        raise BadSetting("Name each type of seat once.")
    return {each.seat_type: each.limit.value for each in asked if each.limit is not None}
