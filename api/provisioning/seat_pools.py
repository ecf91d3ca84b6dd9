"""How many seats there are, what they cost, and what was agreed about buying more (REQUIREMENTS §1.9, C12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from db.enums import BillingInterval, SeatType
from db.ids import OrganizationId
from db.queries import roles as role_rows
from db.queries import seat_alerts as alert_rows
from db.queries import seat_pools as rows
from db.queries import seat_views as view_rows
from db.transaction import transaction

from . import clock, forecast, rulebook, seat_alerts, standings, thresholds, unused_seats
from .actor import Actor, Right, system
from .errors import BadSetting, NotFound
from .forecast import DayEnd, Forecast
from .history import remember
from .lifecycle import Cause
from .occasion import Occasion
from .seats import label

_MOST = 10_000_000
_FIRST_ANCHOR, _LAST_ANCHOR = date(1970, 1, 1), date(2199, 12, 31)
_TYPES = [seat_type.value for seat_type in SeatType]


@dataclass(frozen=True, slots=True)
class PoolView:
    """The seats of a type as people look at them; `free` is below zero where more are taken than there are."""

    seat_type: SeatType
    label: str
    limit: int | None
    used: int
    free: int | None
    waiting: int
    price_minor: int | None
    forecast: Forecast | None
    reached: Sequence[int]
    """The thresholds at or above which usage is, in percent of the limit."""

    unused: int = 0
    """How many that are paid for nobody has needed for long, see `unused_seats`."""


async def overview(actor: Actor) -> list[PoolView]:
    """Every type with its limit, use, waiting people and forecast."""
    actor.must(Right.ORGANIZATION_READ)
    today = clock.now().date()
    since = today - max(forecast.LOOKS_BACK + timedelta(days=1), unused_seats.LOOKS_BACK)
    known: dict[str, list[DayEnd]] = {each: [] for each in _TYPES}
    for day in await view_rows.days(actor.organization, _TYPES, since, today + timedelta(days=1)):
        known[day.seat_type].append(DayEnd(day.day, day.used, day.seat_limit))
    percents = (await rulebook.load(actor.organization)).policies.seat_thresholds
    views = []
    for row in await rows.overview(actor.organization, _TYPES):
        seat_type, limit, used = SeatType(str(row["seat_type"])), _number(row["seat_limit"]), int(str(row["used"]))
        price, days = _number(row["price_minor"]), known[seat_type]
        view = PoolView(
            seat_type,
            label(seat_type),
            limit,
            used,
            free=None if limit is None else limit - used,
            waiting=int(str(row["waiting"])),
            price_minor=price,
            forecast=forecast.forecast(days),
            reached=sorted(thresholds.reached(percents, used, limit)),
            unused=unused_seats.count(days, today, used=used, limit=limit) if price else 0,
        )
        views.append(view)
    return views


async def set_limit(actor: Actor, seat_type: SeatType, limit: int | None) -> int:
    """Choose how many seats of a type there are, see `set_limits`."""
    return await set_limits(actor, {seat_type: limit})


async def set_limits(actor: Actor, limits: Mapping[SeatType, int | None]) -> int:
    """Choose how many seats of some types there are, None for no end; how many who waited got one.

    A limit below what is taken takes no seat away; nobody else gets one until enough are free. Raises BadSetting.
    """
    actor.must(Right.BILLING_MANAGE)
    if any(limit is not None and not 0 <= limit <= _MOST for limit in limits.values()):
        raise BadSetting(f"A limit of seats is a whole number from 0 to {_MOST}, or none.")

    async def work() -> int:
        at = clock.now()
        await role_rows.lock_organization(actor.organization)
        for seat_type, limit in limits.items():
            before = await rows.set_limit(actor.organization, seat_type, limit)
            await remember(
                actor,
                at,
                "seat_limit_changed",
                "organization",
                actor.organization,
                before={"seat_type": seat_type, "limit": before},
                after={"seat_type": seat_type, "limit": limit},
            )
        occasion = await _occasion(actor, at)
        promoted = await standings.promote(occasion, set(limits))
        for seat_type in limits:
            await seat_alerts.settle(occasion, seat_type)
        return promoted

    return await transaction(work) if limits else 0


async def set_price(actor: Actor, seat_type: SeatType, price_minor: int | None) -> None:
    """Choose what a seat costs for a whole period, in minor units; None takes it off sale. Raises BadSetting."""
    actor.must(Right.PLATFORM_MANAGE)
    if seat_type is SeatType.FREE:
        raise BadSetting("Guest seats are free: they have no price and are never bought.")
    if price_minor is not None and not 0 <= price_minor <= _MOST * 100:
        raise BadSetting(f"A price is a whole number of minor units from 0 to {_MOST * 100}, or none.")

    async def work() -> None:
        known = await rows.set_price(actor.organization, seat_type, price_minor)
        before = {"seat_type": seat_type, "price_minor": known}
        after = {"seat_type": seat_type, "price_minor": price_minor}
        subject = actor.organization
        await remember(actor, clock.now(), "seat_price_changed", "organization", subject, before=before, after=after)

    await transaction(work)


async def set_terms(
    actor: Actor, *, currency: str, interval: BillingInterval, anchor: date, is_enrolled: bool, pack_size: int
) -> None:
    """Choose in what currency and periods seats are paid for, and whether they may be bought automatically.

    A cap accepted in another currency is void. Raises BadSetting.
    """
    actor.must(Right.PLATFORM_MANAGE)
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise BadSetting(f"{currency!r} is no currency: three capital letters such as EUR (ISO 4217).")
    if not _FIRST_ANCHOR <= anchor <= _LAST_ANCHOR:
        raise BadSetting(f"A billing period begins on a day from {_FIRST_ANCHOR} to {_LAST_ANCHOR}, not on {anchor}.")
    if not 1 <= pack_size <= 1000:
        raise BadSetting("Seats are bought in packs of 1 to 1000.")
    values = {
        "currency": currency,
        "interval": interval,
        "anchor": anchor,
        "is_enrolled": is_enrolled,
        "pack_size": pack_size,
    }

    async def work() -> None:
        known = await rows.terms(actor.organization)
        await rows.set_terms(
            actor.organization,
            currency=currency,
            interval=interval,
            anchor=anchor,
            is_enrolled=is_enrolled,
            pack_size=pack_size,
        )
        before = None if known is None else {name: known[name] for name in values}
        subject = actor.organization
        await remember(
            actor, clock.now(), "billing_terms_changed", "organization", subject, before=before, after=values
        )

    await transaction(work)


async def accept_cap(actor: Actor, cap_minor: int | None, *, by: str = "") -> None:
    """Accept that seats are bought up to so much in a calendar month, in minor units; None takes that back.

    `by` is who accepts, in words for people, if that is not who acts. Raises BadSetting, and NotFound before there are
    terms.
    """
    actor.must(Right.BILLING_MANAGE)
    if cap_minor is not None and not 0 <= cap_minor <= _MOST * 100:
        raise BadSetting(f"A monthly cap is a whole number of minor units from 0 to {_MOST * 100}.")

    async def work() -> None:
        at = clock.now()
        known, who = await rows.terms(actor.organization), by or actor.who
        if known is None:
            raise NotFound("There are no billing terms to accept a cap for. The operator has to set them first.")
        await rows.accept_cap(actor.organization, cap_minor, who, at)
        before = {"monthly_cap_minor": known["monthly_cap_minor"]}
        after = {"monthly_cap_minor": cap_minor, "by": who}
        subject = actor.organization
        await remember(actor, at, "purchase_cap_accepted", "organization", subject, before=before, after=after)

    await transaction(work)


async def terms(actor: Actor) -> dict[str, object] | None:
    """What was agreed about buying seats, None if nothing was."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.terms(actor.organization)


async def ledger(actor: Actor, *, limit: int) -> list[dict[str, object]]:
    """The newest lines of the ledger: who took or gave back which seat, when and why."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.ledger(actor.organization, before=None, limit=limit)


async def purchases(actor: Actor, start: datetime, end: datetime) -> list[dict[str, object]]:
    """What was bought between two moments, with for whom, price and charge: the lines of the next invoice (R132)."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.purchases(actor.organization, start, end)


async def history(actor: Actor, seat_type: SeatType, *, days: int) -> list[DayEnd]:
    """How each of the last days ended; a day of which nothing is known is missing."""
    actor.must(Right.ORGANIZATION_READ)
    since = clock.now().date() - timedelta(days=days)
    return [DayEnd(*each) for each in await rows.history(actor.organization, seat_type, since)]


async def alerts(actor: Actor, *, limit: int) -> list[dict[str, object]]:
    """The newest thresholds that were crossed."""
    actor.must(Right.ORGANIZATION_READ)
    return await alert_rows.latest(actor.organization, limit=limit)


async def take_snapshot(organization: OrganizationId) -> int:
    """Write how today stands, and raise or clear what usage has crossed; how many types. For the clock."""
    actor = system(organization)

    async def work() -> int:
        at = clock.now()
        await rows.snapshot(organization, at.astimezone(UTC).date(), _TYPES)
        occasion = await _occasion(actor, at)
        for seat_type in SeatType:
            await seat_alerts.settle(occasion, seat_type)
        return len(_TYPES)

    return await transaction(work)


async def _occasion(actor: Actor, at: datetime) -> Occasion:
    return Occasion(actor, await rulebook.load(actor.organization, hold=True), Cause.SEAT_FREED, None, at)


def _number(value: object) -> int | None:
    return None if value is None else int(str(value))
