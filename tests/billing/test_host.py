"""Seats charged by the host application, which is the example of docs, asked over HTTP on loopback."""

from __future__ import annotations

import asyncio
import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from api.billing import host_accounts
from api.provisioning import billing, billing_accounts, clock, invoices, purchases, reconciliation
from api.provisioning.billing import Order
from api.provisioning.errors import ProviderAway, ProviderRefused
from api.provisioning.global_ids import write
from api.provisioning.proration import Period
from db import sql
from db.enums import BillingProvider, SeatType
from tests.scim.conversation import Scim
from tests.scim.governing import governor, member_of
from tests.scim.test_seats import limit, taken

from .host_application import EXAMPLE, Application
from .settling import buy, hurry, purchase, settle, tried, work


async def test_a_purchase_is_reserved_and_charged_by_the_host_application(hosted: Scim, there: Application) -> None:
    """R130."""
    await buy(hosted, "ann")
    assert there.asked == [], "nobody is asked before the seat is there"
    reserved = await purchase()
    await work()
    found = await purchase()
    assert (found["state"], found["reservation"], found["reference"]) == ("CONFIRMED", "R-1", "INV-1")
    assert there.acts == ["billing.reserve", "billing.confirm"]
    assert there.purchases() == [("CHARGED", reserved["amount_minor"])]
    assert found["amount_minor"] == reserved["amount_minor"]


async def test_what_is_asked_is_signed_and_says_what_was_bought(hosted: Scim, there: Application) -> None:
    await buy(hosted, "ann")
    await settle(hosted)
    found, organization = await purchase(), hosted.access.organization_id
    for asked, act in zip(there.asked, ("reserve", "confirm"), strict=True):
        id = f"{act}_{found['id']}"
        assert (asked.headers["webhook-id"], asked.headers["idempotency-key"]) == (id, id)
        data = asked.message["data"]
        assert data.pop("reservation") == (None if act == "reserve" else "R-1")
        assert data == {
            "organizationId": write("Organization", organization, organization),
            "purchaseId": write("SeatPurchase", organization, found["id"]),
            "key": str(found["id"]),
            "seatType": "FULL",
            "quantity": 1,
            "priceMinor": 3000,
            "amountMinor": found["amount_minor"],
            "currency": "EUR",
            "periodStart": found["period_start"].isoformat(),
            "periodEnd": found["period_end"].isoformat(),
            "purchasedAt": found["purchased_at"].isoformat().replace("+00:00", "Z"),
        }


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", [0, 1])
async def test_an_answer_that_is_lost_is_asked_for_again_word_for_word(
    hosted: Scim, there: Application, moment: str, number: int
) -> None:
    """Whether the application had done it or not, and whatever it was that was asked."""
    there.troubles = [*[""] * number, moment]
    await buy(hosted, "ann")
    await tried(hosted)
    found = await purchase()
    assert (found["state"], found["reason"][:37]) == ("RESERVED", "The host application cannot be asked:")
    await settle(hosted)
    assert ((await purchase())["state"], [state for state, _ in there.purchases()]) == ("CONFIRMED", ["CHARGED"])
    again = [each.body for each in there.asked if each.message["type"] == there.acts[number]]
    assert len(again) == 2
    assert again[0] == again[1]


async def test_what_it_said_that_seats_cost_is_what_it_is_asked_to_charge(hosted: Scim, there: Application) -> None:
    """The same before and after a worker was lost."""
    there.host.reserve = _costing(1234, there.host.reserve)
    there.troubles = ["", "after"]
    await buy(hosted, "ann")
    await tried(hosted)
    await settle(hosted)
    first, second = (each for each in there.asked if each.message["type"] == "billing.confirm")
    assert first.body == second.body
    assert first.message["data"]["amountMinor"] == 1234


async def test_those_that_ask_at_once_charge_once(hosted: Scim, there: Application) -> None:
    """As a worker does that was thought dead."""
    await buy(hosted, "ann")
    found, account = await purchase(), await billing_accounts.find(hosted.access.organization_id)
    period = Period(found["period_start"], found["period_end"])
    order = Order(found["id"], str(found["id"]), SeatType.FULL, 1, 3000, 2000, "EUR", period, found["purchased_at"])
    host = billing.of(BillingProvider.HTTP)
    reservation = (await host.reserve(account, order)).text
    there.together = threading.Barrier(4)
    done = await asyncio.gather(*(host.confirm(account, order, reservation) for _ in range(4)))
    assert {each.reference for each in done} == {"INV-1"}
    assert there.purchases() == [("CHARGED", 2000)]


async def test_a_refusal_fails_the_purchase_with_its_reason_and_nobody_loses_a_seat(
    hosted: Scim, there: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    prices = dict(EXAMPLE.PRICES_MINOR)
    monkeypatch.setattr(EXAMPLE, "PRICES_MINOR", {"LITE": 1000})
    await buy(hosted, "ann")
    await settle(hosted)
    found = await purchase()
    assert found["state"] == "FAILED"
    assert found["reason"] == "The host application refuses: FULL seats are not sold."
    assert (await taken(hosted), (await member_of(hosted))["status"]) == ({"full": 1}, "ACTIVE")
    monkeypatch.setattr(EXAMPLE, "PRICES_MINOR", prices)
    await purchases.retry(governor(hosted), found["id"])
    await settle(hosted)
    assert (await purchase())["state"] == "CONFIRMED"
    assert [each.message["data"]["key"] for each in there.asked[1:]] == [f"{found['id']}-2"] * 2


async def test_a_purchase_is_given_up_unless_it_is_charged_for(hosted: Scim, there: Application) -> None:
    there.troubles = ["", "before"]
    await buy(hosted, "ann")
    await tried(hosted)
    await purchases.cancel(governor(hosted), (await purchase())["id"])
    await settle(hosted)
    assert ((await purchase())["state"], [state for state, _ in there.purchases()]) == ("FAILED", ["CANCELLED"])


async def test_what_was_charged_without_our_knowing_cannot_be_given_up(hosted: Scim, there: Application) -> None:
    there.troubles = ["", "after"]
    await buy(hosted, "ann")
    await tried(hosted)
    await purchases.cancel(governor(hosted), (await purchase())["id"])
    await settle(hosted)
    found = await purchase()
    assert (found["state"], found["reference"], there.acts[-1]) == ("CONFIRMED", "INV-1", "billing.cancel")


async def test_more_than_somebody_accepted_is_given_up_there(hosted: Scim, there: Application) -> None:
    """C12: what the application would charge is held against the cap before it does."""
    there.host.reserve = _costing(100_001, there.host.reserve)
    await buy(hosted, "ann")
    await settle(hosted)
    found = await purchase()
    assert (found["state"], there.acts) == ("FAILED", ["billing.reserve", "billing.cancel"])
    assert "The provider wants 1000.01 EUR instead of" in found["reason"]
    assert [state for state, _ in there.purchases()] == ["CANCELLED"]


def _costing(amount_minor: int, reserve: Any) -> Any:
    def answer(data: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status, found = reserve(data)
        return status, {**found, "amountMinor": amount_minor}

    return answer


async def test_a_preview_is_the_host_application_s(
    hosted: Scim, there: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2026, 4, 11, 12, tzinfo=UTC)
    monkeypatch.setattr(there.host, "_verified", lambda _, body: json.loads(body))  # signed now, in April
    monkeypatch.setattr(clock, "now", lambda: at)
    provider, seen = await purchases.preview(governor(hosted), SeatType.FULL, 3)
    assert (provider, seen.price.unit_minor, seen.amount_minor) == (BillingProvider.HTTP, 3000, 6000)
    [line] = seen.lines
    assert (line.text, line.seat_type, line.quantity) == ("3 more full seats", SeatType.FULL, 3)
    assert (line.since.isoformat(), line.until, seen.price.period.end) == ("2026-04-11", *[line.until] * 2)
    assert there.purchases() == []
    with pytest.raises(ProviderRefused, match="FREE seats are not sold"):
        await purchases.preview(governor(hosted), SeatType.FREE, 1)


async def test_an_invoice_lists_what_was_charged(hosted: Scim, there: Application) -> None:
    await buy(hosted, "ann")
    await work()
    found = await invoices.find(governor(hosted), f"{clock.now():%Y-%m}")
    assert [(line.text, line.email) for line in found.lines] == [("1 Full seat", "ann@example.com")]
    assert found.sum_minor == (await purchase())["amount_minor"]
    assert found.provider is BillingProvider.HTTP
    assert len(there.asked) == 2


async def test_numbers_of_another_provider_are_forgotten(hosted: Scim) -> None:
    """The host application says nothing of numbers, so there is nothing to compare with."""
    organization = hosted.access.organization_id
    await billing_accounts.choose(governor(hosted), BillingProvider.STRIPE)
    await sql.rows(
        "INSERT INTO billed_quantity (organization_id, seat_type, quantity, seen_at) VALUES ($1, 'full', 7, now())",
        organization,
    )
    await limit(hosted, full=3)
    assert len(await reconciliation.drift(governor(hosted))) == 1
    await billing_accounts.choose(governor(hosted), BillingProvider.HTTP)
    assert await reconciliation.drift(governor(hosted)) == []
    assert await reconciliation.compare(organization) == 0


async def test_without_a_url_or_a_secret_that_opens_everything_waits(hosted: Scim, there: Application) -> None:
    await buy(hosted, "ann")
    await sql.rows("UPDATE billing_secret SET secret = 'no secret'")
    await tried(hosted)
    assert (await purchase())["state"] == "RESERVED"
    await sql.rows("UPDATE billing_account SET host_url = NULL")
    await sql.rows("DELETE FROM billing_secret")
    await tried(hosted)
    assert "by `billing host`" in (await purchase())["reason"]
    with pytest.raises(ProviderAway, match="by `billing host`"):
        await purchases.preview(governor(hosted), SeatType.FULL, 1)
    assert there.asked == []


async def test_anybody_else_s_requests_are_refused(hosted: Scim, there: Application, stranger: Scim) -> None:
    """By the example, that is: each organization has a secret of its own."""
    secret = await host_accounts.set_url(governor(stranger), there.url)
    assert secret is not None
    there.share(secret)
    await buy(hosted, "ann")
    await tried(hosted)
    assert (await purchase())["reason"] == "The host application answers HTTP 401."
    assert there.purchases() == []


async def test_either_secret_is_good_while_one_replaces_the_other(hosted: Scim, there: Application) -> None:
    there.host.verifiers, [old] = [], there.host.verifiers
    new = Webhook(await host_accounts.rotate(governor(hosted), timedelta(hours=1)))
    for name, verifier, count in (("ann", old, 2), ("bob", new, 2)):
        there.host.verifiers = [verifier]
        await buy(hosted, name)
        await work()
        assert {len(each.headers["webhook-signature"].split()) for each in there.asked} == {count}
    await host_accounts.rotate(governor(hosted), timedelta())
    await buy(hosted, "eve")
    await work()
    await hurry()
    assert len(there.asked[-1].headers["webhook-signature"].split()) == 1
    assert [each["state"] for each in await sql.rows("SELECT state FROM seat_purchase ORDER BY purchased_at")] == [
        "CONFIRMED",
        "CONFIRMED",
        "RESERVED",
    ]
