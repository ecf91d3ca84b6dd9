"""`billing show|use|stripe|secret|secrets|preview|invoice|retry|cancel|compare`."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from getpass import getpass

from api.provisioning import billing_accounts, billing_secrets, invoices, purchases, reconciliation
from api.provisioning.billing import InvoiceLine
from api.provisioning.billing_secrets import Name
from api.provisioning.caller import the_operator
from api.provisioning.currencies import money
from api.settings import Settings
from db.enums import BillingProvider, SeatType
from db.seat_view_rows import PurchaseView

from .results import Result, listing, table
from .seats import add_type
from .verbs import IN_ORGANIZATION, Verbs, acting_in, an_id, noun, query, whole_number

_USE = """\
`default` is what ROLLCALL_BILLING names. What was reserved with another provider stays with that."""

_STRIPE = """\
The subscription must exist, with an item for each type of seat that is sold. Its quantity is how many seats there are:
Rollcall raises it when more are bought, and never lowers it."""

_SECRET = """\
stripe-key is a secret or restricted key of Stripe's API, stripe-events the signing secret of the endpoint for events.
They are sealed by the keys of ROLLCALL_SECRET_KEYS and shown never again."""

_INVOICE = """\
A period is called by the month in which it begins. Its lines are what was added in it, by the day, each rounded half
up; they come to whatever the organization pays for each period anyway."""


def add(nouns: Verbs) -> None:
    """The verbs of billing."""
    verbs = noun(nouns, "billing", about="Say who charges for seats, and see what was charged")
    where = IN_ORGANIZATION
    query(verbs, "show", show, does="Show who charges, and where the numbers differ", example=_example("show"))
    parser = query(
        verbs, "use", use, does="Choose who charges an organization", more=_USE, example=_example("use stripe")
    )
    parser.add_argument("provider", type=_provider, metavar="PROVIDER", help="ledger, stripe or default")
    parser = query(
        verbs,
        "stripe",
        stripe,
        does="Name what an organization has at Stripe",
        more=_STRIPE,
        example=f"python -m api billing stripe --customer cus_1 --subscription sub_1 --item full=si_1 {where}",
    )
    parser.add_argument("--customer", required=True, metavar="ID")
    parser.add_argument("--subscription", required=True, metavar="ID")
    parser.add_argument("--item", action="append", required=True, type=_item, metavar="TYPE=ID", dest="items")
    parser = query(
        verbs,
        "secret",
        secret,
        does="Keep a secret of whoever charges, which is read from standard input",
        more=_SECRET,
        example="python -m api billing secret stripe-key < key",
        in_organization=False,
    )
    parser.add_argument("name", type=_secret_name, metavar="NAME", help=", ".join(Name))
    query(
        verbs,
        "secrets",
        secrets,
        does="List which secrets there are, and since when",
        example="python -m api billing secrets",
        in_organization=False,
    )
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
        parser = query(verbs, verb, ask, does=does, example=f"python -m api billing {verb} PURCHASE {where}")
        parser.add_argument("purchase", type=an_id, metavar="PURCHASE", help="its id, as `seats purchases` shows it")
    query(
        verbs,
        "compare",
        compare,
        does="Ask the provider now for how many seats it charges",
        example=_example("compare"),
    )


async def show(arguments: Namespace, _: Settings) -> Result:
    """Who charges."""
    actor = await acting_in(arguments.organization)
    account, stored = await billing_accounts.show(actor)
    drift = await reconciliation.drift(actor)
    facts = {
        "provider": account.provider,
        "chosen": stored is not None and stored.provider is not None,
        "customer": account.customer,
        "subscription": account.subscription,
        **{f"item of {seat_type}": item for seat_type, item in account.items.items()},
        "compared at": stored.compared_at if stored else None,
        "problem": stored.problem if stored else None,
    }
    return Result({**facts, "drift": drift}, "\n".join([listing(facts), *(each.text for each in drift)]))


async def use(arguments: Namespace, chosen: Settings) -> Result:
    """Who charges from now on."""
    await billing_accounts.choose(await acting_in(arguments.organization), arguments.provider)
    return await show(arguments, chosen)


async def stripe(arguments: Namespace, chosen: Settings) -> Result:
    """What there is at Stripe."""
    actor = await acting_in(arguments.organization)
    await billing_accounts.set_stripe(actor, arguments.customer, arguments.subscription, dict(arguments.items))
    return await show(arguments, chosen)


async def secret(arguments: Namespace, _: Settings) -> Result:
    """A secret from standard input, without an echo where somebody types it."""
    read = getpass("Secret: ") if sys.stdin.isatty() else sys.stdin.readline()
    await billing_secrets.keep(the_operator(), arguments.name, read.strip())
    return Result({"name": arguments.name}, f"The secret {arguments.name} is kept.")


async def secrets(_: Namespace, __: Settings) -> Result:
    """When each secret was set."""
    found = await billing_secrets.known(the_operator())
    return Result(found, table(list(found.items()), head=("SECRET", "SET"), otherwise="There is none."))


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


async def compare(arguments: Namespace, chosen: Settings) -> Result:
    """What the provider charges for."""
    await acting_in(arguments.organization)
    await reconciliation.compare(arguments.organization)
    return await show(arguments, chosen)


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


def _provider(text: str) -> BillingProvider | None:
    if text == "default":
        return None
    try:
        return BillingProvider(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is none of {', '.join(BillingProvider)}, default") from None


def _secret_name(text: str) -> Name:
    try:
        return Name(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is none of {', '.join(Name)}") from None


def _item(text: str) -> tuple[SeatType, str]:
    seat_type, separator, item = text.partition("=")
    try:
        return SeatType(seat_type), item
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is nothing like full=si_1{'' if separator else ', with an ='}") from None
