"""`billing show|use|stripe|host|rotate|secret|secrets|compare`, and what `charges` adds."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError, Namespace
from datetime import timedelta
from getpass import getpass

from api.billing import host_accounts
from api.provisioning import billing_accounts, billing_secrets, reconciliation
from api.provisioning.billing_secrets import Name
from api.provisioning.caller import the_operator
from api.settings import Settings
from db.enums import BillingProvider, SeatType

from . import charges
from .results import Result, listing, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, noun, query, whole_number

_USE = """\
`default` is what ROLLCALL_BILLING names. What was reserved with another provider stays with that."""

_STRIPE = """\
The subscription must exist, with an item for each type of seat that is sold. Its quantity is how many seats there are:
Rollcall raises it when more are bought, and never lowers it."""

_HOST = """\
Requests are signed by Standard Webhooks; docs/billing.md tells what is asked and answered, and has an example. After
`billing use http`, the application charges for what is bought from then on."""

_SECRET = """\
stripe-key is a secret or restricted key of Stripe's API, stripe-events the signing secret of the endpoint for events.
They are sealed by the keys of ROLLCALL_SECRET_KEYS and shown never again."""


def add(nouns: Verbs) -> None:
    """The verbs of billing."""
    verbs = noun(nouns, "billing", about="Say who charges for seats, and see what was charged")
    where = IN_ORGANIZATION
    query(verbs, "show", show, does="Show who charges, and where the numbers differ", example=_example("show"))
    parser = query(
        verbs, "use", use, does="Choose who charges an organization", more=_USE, example=_example("use stripe")
    )
    parser.add_argument("provider", type=_provider, metavar="PROVIDER", help="ledger, stripe, http or default")
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
        "host",
        host,
        does="Name where the host application is asked that charges; its secret is shown this once",
        more=_HOST,
        example=_example("host https://app.example.com/billing"),
    )
    parser.add_argument("url", metavar="URL", help="https; http only into networks of ROLLCALL_ALLOW_NETWORKS")
    parser = query(
        verbs,
        "rotate",
        rotate,
        does="Make a new secret for the host application; both sign until the overlap is over",
        example=_example("rotate"),
    )
    parser.add_argument(
        "--overlap-hours",
        type=whole_number(0, host_accounts.OVERLAP_AT_MOST // timedelta(hours=1)),
        default=24,
        metavar="N",
        help="how long the old one counts, too; 24 if left out",
    )
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
    charges.add_to(verbs)
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
        "host url": account.host_url,
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


async def host(arguments: Namespace, _: Settings) -> Result:
    """Where the host application is asked."""
    made = await host_accounts.set_url(await acting_in(arguments.organization), arguments.url)
    return _keyed({"url": arguments.url.strip(), "secret": made}, made)


async def rotate(arguments: Namespace, _: Settings) -> Result:
    """A new secret."""
    overlap = timedelta(hours=arguments.overlap_hours)
    made = await host_accounts.rotate(await acting_in(arguments.organization), overlap)
    return _keyed({"secret": made}, made)


async def secret(arguments: Namespace, _: Settings) -> Result:
    """A secret from standard input, without an echo where somebody types it."""
    read = getpass("Secret: ") if sys.stdin.isatty() else sys.stdin.readline()
    await billing_secrets.keep(the_operator(), arguments.name, read.strip())
    return Result({"name": arguments.name}, f"The secret {arguments.name} is kept.")


async def secrets(_: Namespace, __: Settings) -> Result:
    """When each secret was set."""
    found = await billing_secrets.known(the_operator())
    return Result(found, table(list(found.items()), head=("SECRET", "SET"), otherwise="There is none."))


async def compare(arguments: Namespace, chosen: Settings) -> Result:
    """What the provider charges for."""
    await acting_in(arguments.organization)
    await reconciliation.compare(arguments.organization)
    return await show(arguments, chosen)


def _keyed(facts: dict[str, object], secret: str | None) -> Result:
    shown = {name: value for name, value in facts.items() if value is not None}
    warning = "\n\nThe secret is shown this once." if secret else ""
    return Result(facts, f"{listing(shown)}{warning}")


def _example(rest: str) -> str:
    return f"python -m api billing {rest} {IN_ORGANIZATION}"


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
