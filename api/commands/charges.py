"""`billing preview|invoice|retry|cancel`: what seats cost, and what becomes of purchases."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from api.provisioning import invoices, purchases
from api.provisioning.billing import InvoiceLine
from api.provisioning.currencies import money
from api.settings import Settings
from db.seat_view_rows import PurchaseView

from .results import Result, table
from .seats import add_type
from .verbs import IN_ORGANIZATION, Verbs, acting_in, an_id, query, whole_number

_INVOICE = """\
A period is called by the month in which it begins. Its lines are what was added in it, by the day, each rounded half
up; they come to whatever the organization pays for each period anyway."""


def add_to(verbs: Verbs) -> None:
    """Add these verbs to those of billing."""
    parser = query(
        verbs, "preview", preview, does="Show what more seats would cost", example=_example("preview full 5")
    )
    add_type(parser)
    parser.add_argument("quantity", type=whole_number(1, purchases.MOST), metavar="NUMBER")
    parser = query(
        verbs,
        "invoice",
        invoice,
        does="Show what was added in a billing period",
        more=_INVOICE,
        example=_example("invoice --period 2026-11 --csv"),
    )
    parser.add_argument("--period", required=True, metavar="MONTH", help="such as 2026-11")
    parser.add_argument("--csv", action="store_true", help="print CSV instead of a table")
    for verb, ask, does in (
        ("retry", retry, "Try a purchase now that waits, or once more one that failed"),
        ("cancel", cancel, "Give up a purchase that waits; nobody loses a seat"),
    ):
        parser = query(verbs, verb, ask, does=does, example=f"python -m api billing {verb} PURCHASE {IN_ORGANIZATION}")
        parser.add_argument("purchase", type=an_id, metavar="PURCHASE", help="its id, as `seats purchases` shows it")


async def preview(arguments: Namespace, _: Settings) -> Result:
    """What more seats would cost."""
    actor = await acting_in(arguments.organization)
    provider, seen = await purchases.preview(actor, arguments.seat_type, arguments.quantity)
    price, currency = money(seen.price.unit_minor, seen.price.currency), seen.price.currency
    last = f"{money(seen.amount_minor, currency)} until {seen.price.period.end}; {price} a seat and period."
    facts = {"provider": provider, **_fields(seen), "amount_minor": seen.amount_minor}
    return Result(facts, f"{_lines(seen.lines)}\n{last}")


async def invoice(arguments: Namespace, _: Settings) -> Result:
    """What was added in a period."""
    found = await invoices.find(await acting_in(arguments.organization), arguments.period)
    if arguments.csv:
        return Result(found, invoices.as_csv(found).rstrip())
    total = f"{found.period.start} to {found.period.end}: {money(found.sum_minor, found.currency)}"
    return Result({**_fields(found), "sum_minor": found.sum_minor}, f"{_lines(found.lines)}\n{total}")


async def retry(arguments: Namespace, _: Settings) -> Result:
    """A purchase that is tried."""
    return _purchase(await purchases.retry(await acting_in(arguments.organization), arguments.purchase))


async def cancel(arguments: Namespace, _: Settings) -> Result:
    """A purchase that is given up."""
    return _purchase(await purchases.cancel(await acting_in(arguments.organization), arguments.purchase))


def _example(rest: str) -> str:
    return f"python -m api billing {rest} {IN_ORGANIZATION}"


def _fields(data: object) -> dict[str, object]:
    return {name: getattr(data, name) for name in data.__dataclass_fields__}  # type: ignore[attr-defined]  # a dataclass


def _lines(lines: Sequence[InvoiceLine]) -> str:
    rows = [
        [
            each.since,
            each.until,
            each.text,
            each.email,
            None if each.unit_minor is None else money(each.unit_minor, each.currency),
            money(each.amount_minor, each.currency),
            each.state,
        ]
        for each in lines
    ]
    head = ("SINCE", "UNTIL", "WHAT", "FOR", "PRICE", "CHARGED", "STATE")
    return table(rows, head=head, otherwise="Nothing was added.")


def _purchase(found: PurchaseView) -> Result:
    text = f"The purchase of {found.quantity} {found.seat_type} is {found.state.lower()}; a worker asks the provider."
    return Result(found, text)
