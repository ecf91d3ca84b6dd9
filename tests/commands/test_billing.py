"""Who charges for seats, from the command line."""

from __future__ import annotations

from typing import Any

import pytest

from api.commands import command_line
from api.provisioning.errors import BadSetting, InTheWay
from db.enums import PurchaseState
from tests.conftest import DirectoryAccess, NewDirectory
from tests.factories import (
    BilledQuantityFactory,
    BillingTermsFactory,
    OrganizationFactory,
    SeatPoolFactory,
    SeatPurchaseFactory,
)

from .conftest import Ask, read


@pytest.fixture
async def acme(new_directory: NewDirectory) -> DirectoryAccess:
    """An organization that sells full seats."""
    made = await new_directory()
    await BillingTermsFactory.make(organization=made.organization_id, monthly_cap_minor=100_000)
    await SeatPoolFactory.make(organization=made.organization_id)
    return made


async def billing(ask: Ask, acme: DirectoryAccess, *argv: object) -> Any:
    """A verb of billing."""
    return await ask("billing", *argv, "--organization", acme.organization_id)


async def test_who_charges_is_chosen_and_shown(ask: Ask, acme: DirectoryAccess) -> None:
    assert read(await billing(ask, acme, "show"))["provider"] == "ledger"
    where = ("--customer", "cus_1", "--subscription", "sub_1", "--item", "full=si_1", "--item", "lite=si_2")
    shown = read(await billing(ask, acme, "stripe", *where))
    assert (shown["customer"], shown["subscription"], shown["item of lite"]) == ("cus_1", "sub_1", "si_2")
    shown = read(await billing(ask, acme, "use", "stripe"))
    assert (shown["provider"], shown["chosen"]) == ("stripe", True)
    await BilledQuantityFactory.make(organization=acme.organization_id, quantity=7)
    assert "There are 10 full seats, and the provider charges for 7." in (await billing(ask, acme, "show")).text
    shown = read(await billing(ask, acme, "use", "default"))
    assert (shown["provider"], shown["chosen"], shown["drift"]) == ("ledger", False, [])


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        (("--customer", "sub_1", "--subscription", "sub_1", "--item", "full=si_1"), "no id of a Stripe customer"),
        (("--customer", "cus_1", "--subscription", "sub 1", "--item", "full=si_1"), "no id of a Stripe subscription"),
        (("--customer", "cus_1", "--subscription", "sub_1", "--item", "full=x"), "no id of a Stripe subscription item"),
        (("--customer", "cus_1", "--subscription", "sub_1", "--item", "free=si_1"), "Guest seats are free"),
        (
            ("--customer", "cus_1", "--subscription", "sub_1", "--item", "full=si_1", "--item", "lite=si_1"),
            "an item of its own|subscription item of its own",
        ),
    ],
)
async def test_what_is_nothing_at_stripe_is_refused(
    ask: Ask, acme: DirectoryAccess, argv: tuple[str, ...], text: str
) -> None:
    with pytest.raises(BadSetting, match=text):
        await billing(ask, acme, "stripe", *argv)


async def test_a_subscription_belongs_to_one_organization(ask: Ask, acme: DirectoryAccess) -> None:
    where = ("--customer", "cus_1", "--subscription", "sub_1", "--item", "full=si_1")
    await billing(ask, acme, "stripe", *where)
    other = await OrganizationFactory.make()
    with pytest.raises(Exception, match="Another organization has the subscription sub_1"):
        await ask("billing", "stripe", *where, "--organization", other.id)


async def test_the_host_application_is_named_and_its_secret_shown_once(ask: Ask, acme: DirectoryAccess) -> None:
    url = "https://app.example.com/billing"
    named = await billing(ask, acme, "host", url)
    assert str(read(named)["secret"]).startswith("whsec_")
    assert str(read(named)["secret"]) in named.text
    assert "shown this once" in named.text
    assert read(await billing(ask, acme, "host", url))["secret"] is None
    shown = await billing(ask, acme, "use", "http")
    assert (read(shown)["provider"], read(shown)["host url"]) == ("http", url)
    assert "whsec_" not in shown.text
    rotated = read(await billing(ask, acme, "rotate", "--overlap-hours", 1))
    assert rotated["secret"] not in (None, read(named)["secret"])


@pytest.mark.parametrize(
    "argv",
    [("use", "paypal"), ("rotate", "--overlap-hours", "1000"), ("stripe", "--item", "full"), ("preview", "full", "0")],
)
def test_what_makes_no_sense_is_wrong_usage(argv: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit):
        command_line.parser().parse_args(["billing", *argv, "--organization", str(OrganizationFactory.build().id)])


async def test_invoices_for_people_for_programs_and_as_csv(ask: Ask, acme: DirectoryAccess) -> None:
    made = await SeatPurchaseFactory.make(organization=acme.organization_id)
    found = await billing(ask, acme, "invoice", "--period", "2026-04")
    assert found.text.splitlines()[-1] == "2026-04-01 to 2026-05-01: 20.00 EUR"
    assert (read(found)["sum_minor"], len(read(found)["lines"])) == (2000, 1)  # type: ignore[arg-type]  # a list
    head, line = (await billing(ask, acme, "invoice", "--period", "2026-04", "--csv")).text.splitlines()
    assert head.startswith("text,seat_type,quantity,unit_price,amount,currency,since,until")
    assert line == f"1 Full seat,full,1,30.00,20.00,EUR,2026-04-11,2026-05-01,CONFIRMED,,{made.id}"


async def test_what_seats_would_cost(ask: Ask, acme: DirectoryAccess) -> None:
    seen = await billing(ask, acme, "preview", "full", 2)
    assert "2 Full seats" in seen.text
    assert 0 < int(str(read(seen)["amount_minor"])) <= 6000


async def test_purchases_are_tried_again_and_given_up(ask: Ask, acme: DirectoryAccess) -> None:
    made = await SeatPurchaseFactory.make(
        organization=acme.organization_id, state=PurchaseState.FAILED, reason="No card."
    )
    listed = await ask("seats", "purchases", "--days", 3650, "--organization", acme.organization_id)
    assert all(text in listed.text for text in ("FAILED", "No card.", str(made.id)))
    assert read(await billing(ask, acme, "retry", made.id))["state"] == "RESERVED"
    assert read(await billing(ask, acme, "cancel", made.id))["state"] == "RESERVED"
    confirmed = await SeatPurchaseFactory.make(organization=acme.organization_id)
    for verb in ("retry", "cancel"):
        with pytest.raises(InTheWay, match="confirmed already"):
            await billing(ask, acme, verb, confirmed.id)


async def test_comparing_with_the_ledger_finds_nothing(ask: Ask, acme: DirectoryAccess) -> None:
    shown = read(await billing(ask, acme, "compare"))
    assert (shown["compared at"] is not None, shown["problem"], shown["drift"]) == (True, None, [])
