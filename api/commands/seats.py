"""`seats list|limit|price|terms|accept|ledger|purchases|alerts|history`."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import UTC, date, datetime, timedelta

from api.provisioning import seat_pools
from api.provisioning.currencies import money
from api.provisioning.seats import label
from api.settings import Settings
from db.enums import BillingInterval, SeatType

from .results import Result, listing, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, noun, query, whole_number

_MONEY = """\
Money is in minor units: 3000 is 30.00 EUR. Nothing is bought automatically before an organization is enrolled (terms
--enrolled), a price is set, the policy seat_limit is AUTO_PURCHASE, and somebody accepted a monthly cap (accept)."""


def add(nouns: Verbs) -> None:
    """The verbs of seats."""
    verbs = noun(nouns, "seats", about="Say how many seats there are, and see who took them and why")
    where = IN_ORGANIZATION
    query(
        verbs,
        "list",
        show_all,
        does="Show limits, use, waiting people and forecast of each type",
        example=f"python -m api seats list {where}",
    )
    parser = query(
        verbs,
        "limit",
        limit,
        does="Choose how many seats of a type there are; who waits gets those that become free",
        example=f"python -m api seats limit full 25 {where}",
    )
    add_type(parser)
    parser.add_argument("limit", type=_limit, metavar="NUMBER", help="a whole number, or none for no end")
    parser = query(
        verbs,
        "price",
        price,
        does="Choose what a seat of a type costs for a period",
        more=_MONEY,
        example=f"python -m api seats price full 3000 {where}",
    )
    add_type(parser)
    parser.add_argument("price", type=_limit, metavar="MINOR", help="in minor units, or none to take it off sale")
    parser = query(
        verbs,
        "terms",
        terms,
        does="Choose in what currency and periods seats are paid for",
        more=_MONEY,
        example=f"python -m api seats terms --currency EUR --interval MONTH --anchor 2026-01-01 --enrolled {where}",
    )
    parser.add_argument("--currency", required=True, metavar="CODE", help="ISO 4217, such as EUR")
    parser.add_argument("--interval", required=True, type=_interval, metavar="INTERVAL", help="MONTH or YEAR")
    parser.add_argument("--anchor", required=True, type=_day, metavar="DATE", help="a day on which a period begins")
    parser.add_argument("--enrolled", action="store_true", help="seats may be bought automatically")
    parser.add_argument("--pack-size", type=whole_number(1, 1000), default=1, metavar="N", help="bought at a time")
    parser = query(
        verbs,
        "accept",
        accept,
        does="Accept that seats are bought automatically up to a monthly cap",
        more=_MONEY,
        example=f"python -m api seats accept 30000 --by dana@example.com {where}",
    )
    parser.add_argument("cap", type=_limit, metavar="MINOR", help="in minor units, or none to take it back")
    parser.add_argument("--by", required=True, metavar="WHO", help="who accepts it, for the record")
    for verb, ask, does in (
        ("ledger", ledger, "Show who took and gave back seats, newest first"),
        ("alerts", alerts, "Show which thresholds of use were crossed"),
    ):
        parser = query(verbs, verb, ask, does=does, example=f"python -m api seats {verb} {where} --limit 100")
        parser.add_argument("--limit", type=whole_number(1, 10_000), default=50, metavar="N")
    for verb, ask, does in (
        ("purchases", purchases, "Show what was bought in the last days, with the charge of each"),
        ("history", history, "Show how many seats were taken at the end of each of the last days"),
    ):
        parser = query(verbs, verb, ask, does=does, example=f"python -m api seats {verb} {where} --days 90")
        parser.add_argument("--days", type=whole_number(1, 3650), default=30, metavar="N")


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """Every type."""
    found = await seat_pools.overview(await acting_in(arguments.organization))
    rows = [
        [
            each.label,
            "no end" if each.limit is None else each.limit,
            each.used,
            each.free,
            each.waiting,
            each.price_minor,
            each.forecast.text if each.forecast else None,
        ]
        for each in found
    ]
    head = ("SEAT", "LIMIT", "TAKEN", "FREE", "WAITING", "PRICE", "FORECAST")
    return Result(found, table(rows, head=head, otherwise=""))


async def limit(arguments: Namespace, _: Settings) -> Result:
    """How many there are."""
    actor = await acting_in(arguments.organization)
    promoted = await seat_pools.set_limit(actor, arguments.seat_type, arguments.limit)
    name, end = label(arguments.seat_type), "no end" if arguments.limit is None else arguments.limit
    waited = f" {promoted} who waited got one." if promoted else ""
    data = {"seat_type": arguments.seat_type, "limit": arguments.limit, "promoted": promoted}
    return Result(data, f"The limit of {name} seats is {end}.{waited}")


async def price(arguments: Namespace, _: Settings) -> Result:
    """What one costs."""
    await seat_pools.set_price(await acting_in(arguments.organization), arguments.seat_type, arguments.price)
    name = label(arguments.seat_type)
    text = "not sold" if arguments.price is None else f"{arguments.price} minor units for a period"
    return Result({"seat_type": arguments.seat_type, "price_minor": arguments.price}, f"A {name} seat is {text}.")


async def terms(arguments: Namespace, _: Settings) -> Result:
    """In what currency and periods."""
    actor = await acting_in(arguments.organization)
    await seat_pools.set_terms(
        actor,
        currency=arguments.currency,
        interval=arguments.interval,
        anchor=arguments.anchor,
        is_enrolled=arguments.enrolled,
        pack_size=arguments.pack_size,
    )
    return _terms(await seat_pools.terms(actor))


async def accept(arguments: Namespace, _: Settings) -> Result:
    """The monthly cap."""
    actor = await acting_in(arguments.organization)
    await seat_pools.accept_cap(actor, arguments.cap, by=arguments.by)
    return _terms(await seat_pools.terms(actor))


async def ledger(arguments: Namespace, _: Settings) -> Result:
    """Who took and gave back seats."""
    found = await seat_pools.ledger(await acting_in(arguments.organization), limit=arguments.limit)
    rows = [
        [each["entered_at"], f"{each['delta']:+}", each["seat_type"], each["email"], each["cause"], each["request_id"]]
        for each in found
    ]
    head = ("WHEN", "SEAT", "TYPE", "WHO", "WHY", "TRACE")
    return Result(found, table(rows, head=head, otherwise="Nobody ever took a seat."))


async def alerts(arguments: Namespace, _: Settings) -> Result:
    """Which thresholds were crossed."""
    found = await seat_pools.alerts(await acting_in(arguments.organization), limit=arguments.limit)
    rows = [
        [
            each["raised_at"],
            each["seat_type"],
            f"{each['percent']} %",
            each["used"],
            each["seat_limit"],
            each["cleared_at"],
        ]
        for each in found
    ]
    head = ("RAISED", "TYPE", "AT", "TAKEN", "LIMIT", "CLEARED")
    return Result(found, table(rows, head=head, otherwise="No threshold was ever crossed."))


async def purchases(arguments: Namespace, _: Settings) -> Result:
    """What was bought."""
    end = datetime.now(UTC)
    start = end - timedelta(days=arguments.days)
    found = await seat_pools.purchases(await acting_in(arguments.organization), start, end)
    rows = [
        [
            each["added_on"],
            each["quantity"],
            each["seat_type"],
            each["email"],
            money(int(str(each["price_minor"])), str(each["currency"])),
            money(int(str(each["amount_minor"])), str(each["currency"])),
            each["period_end"],
            each["state"],
            each["reason"],
            each["id"],
        ]
        for each in found
    ]
    head = ("ADDED", "SEATS", "TYPE", "FOR", "PRICE", "CHARGED", "UNTIL", "STATE", "IN THE WAY", "PURCHASE")
    return Result(found, table(rows, head=head, otherwise=f"Nothing was bought in the last {arguments.days} days."))


async def history(arguments: Namespace, _: Settings) -> Result:
    """How the last days ended."""
    actor = await acting_in(arguments.organization)
    found = {each: await seat_pools.history(actor, each, days=arguments.days) for each in SeatType}
    rows = [[day.day, label(each), day.used, day.limit] for each, days in found.items() for day in days]
    rows.sort(key=lambda row: str(row[0]))
    return Result(found, table(rows, head=("DAY", "SEAT", "TAKEN", "LIMIT"), otherwise="No day is known yet."))


def _terms(found: dict[str, object] | None) -> Result:
    shown = {name.replace("_", " "): value for name, value in (found or {}).items() if name != "organization_id"}
    return Result(found, listing(shown))


def add_type(parser: ArgumentParser) -> None:
    """The argument that names a type of seat."""
    parser.add_argument("seat_type", type=_seat_type, metavar="TYPE", help="full, lite or free")


def _seat_type(text: str) -> SeatType:
    try:
        return SeatType(text.lower())
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is none of full, lite, free") from None


def _interval(text: str) -> BillingInterval:
    try:
        return BillingInterval(text.upper())
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is neither MONTH nor YEAR") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no date such as 2026-01-31") from None


def _limit(text: str) -> int | None:
    return None if text == "none" else whole_number(0, 999_999_999)(text)
