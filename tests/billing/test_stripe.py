"""Seats charged by Stripe, whose double checks every call against what Stripe publishes."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest

from api.billing.stripe import Stripe
from api.outbox.work import Later
from api.provisioning import (
    billing,
    billing_accounts,
    billing_secrets,
    clock,
    purchases,
)
from api.provisioning.billing import Order
from api.provisioning.billing_secrets import Name
from api.provisioning.caller import the_operator
from api.provisioning.proration import Period
from db import sql
from db.enums import BillingProvider, SeatType
from tests.scim.conversation import Scim
from tests.scim.governing import governor, member_of
from tests.scim.test_seats import taken

from .conftest import END, LEFT, NOW
from .settling import buy, hurry, purchase, settle, tried, work
from .settling import purchases as all_purchases
from .stripe_double import KEY, Double, Trouble
from .stripe_published import Refusal


class Killed(BaseException):
    """A worker that ends just there."""


async def test_a_purchase_raises_the_quantity_and_is_prorated_on_the_next_invoice(house: Scim, double: Double) -> None:
    """R130, R133: from the moment of the purchase on, to the second."""
    await buy(house, "ann")
    await settle(house)
    found = await purchase()
    assert (found["state"], double.full, double.lite) == ("CONFIRMED", 11, 3)
    assert double.changes == [
        {
            "items[0][id]": "si_full",
            "items[0][quantity]": "11",
            "proration_behavior": "create_prorations",
            "proration_date": str(int(NOW.timestamp())),
            "payment_behavior": "error_if_incomplete",
        }
    ]
    assert double.keys == [str(found["id"])]
    assert found["reference"] == "sub_1/si_full: 11"
    assert found["amount_minor"] == sum(each["amount"] for each in double.charged) == round(3000 * LEFT)


async def test_purchases_of_an_organization_come_one_after_the_other(house: Scim, double: Double) -> None:
    await buy(house, "ann", "bob", "eve")
    while any(each["state"] == "RESERVED" for each in await all_purchases()):
        await hurry()
        await work()
    assert double.full == 13
    assert [each["items[0][quantity]"] for each in double.changes] == ["11", "12", "13"]
    assert len(set(double.keys)) == 3


@pytest.mark.parametrize("is_after", [False, True])
async def test_an_answer_that_is_lost_is_asked_for_again_with_the_same_key(
    house: Scim, double: Double, is_after: bool
) -> None:
    """Whether Stripe had carried it out or not."""
    double.troubles = [Trouble(is_after=is_after)]
    await buy(house, "ann")
    await tried(house)
    found = await purchase()
    assert (found["state"], double.full) == ("RESERVED", 11 if is_after else 10)
    assert "Stripe does not answer" in found["reason"]
    await settle(house)
    assert ((await purchase())["state"], double.full, len(double.charged)) == ("CONFIRMED", 11, 2)
    assert set(double.keys) == {str(found["id"])}


async def test_a_worker_that_is_killed_after_stripe_has_charged_is_followed_by_one_that_sees_it(
    house: Scim, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between Stripe's effect and our note of it."""
    stripe_ = billing.of(BillingProvider.STRIPE)
    assert isinstance(stripe_, Stripe)

    class Dying(Stripe):
        async def confirm(self, *arguments: Any) -> Any:
            await super().confirm(*arguments)
            raise Killed

    billing.use(BillingProvider.LEDGER, {BillingProvider.STRIPE: Dying(double.url)})
    await buy(house, "ann")
    with pytest.raises(Killed):
        await settle(house)
    assert (double.full, (await purchase())["state"]) == (11, "RESERVED")
    billing.use(BillingProvider.LEDGER, {BillingProvider.STRIPE: stripe_})
    await hurry()
    await settle(house)
    assert ((await purchase())["state"], double.full, len(double.changes)) == ("CONFIRMED", 11, 1)


async def test_those_that_ask_at_once_charge_once(house: Scim, double: Double) -> None:
    """As a worker does that was thought dead: all have read the old quantity, and Stripe repeats its answer."""
    await buy(house, "ann")
    stripe_, account = billing.of(BillingProvider.STRIPE), await billing_accounts.find(house.access.organization_id)
    found = await purchase()
    period = Period(found["period_start"], found["period_end"])
    order = Order(found["id"], str(found["id"]), SeatType.FULL, 1, 3000, 2000, "EUR", period, found["purchased_at"])
    reservation = (await stripe_.reserve(account, order)).text
    double.together = threading.Barrier(4)
    done = await asyncio.gather(*(stripe_.confirm(account, order, reservation) for _ in range(4)))
    assert {each.amount_minor for each in done} == {round(3000 * LEFT)}
    assert (double.full, len(double.changes), len(double.keys)) == (11, 1, 4)


@pytest.mark.parametrize(
    ("refusal", "keys", "text"),
    [
        (Refusal(429, "invalid_request_error", "Too many requests."), 1, "takes no more requests"),
        (Refusal(409, "invalid_request_error", "Key in use."), 1, "doing it just now"),
        (Refusal(401, "invalid_request_error", "Invalid API Key."), 1, "does not let us in"),
        (Refusal(500, "api_error", "Oh no.", is_kept=True), 2, "is in trouble. Oh no. (req_double)"),
        (Refusal(503, "api_error", "Oh no.", is_kept=True), 2, "is in trouble"),
        (Refusal(424, "api_error", "Somebody else.", is_kept=True), 2, "is in trouble"),
        (Refusal(400, "idempotency_error", "Used with other parameters.", is_kept=True), 2, "is in trouble"),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Refusal) else None,
)
async def test_trouble_that_passes_is_waited_for(
    house: Scim, double: Double, refusal: Refusal, keys: int, text: str
) -> None:
    """With another key where Stripe repeats the answer for the old one."""
    double.troubles = [Trouble(refusal)]
    await buy(house, "ann")
    await tried(house)
    found = await purchase()
    assert (found["state"], double.full) == ("RESERVED", 10)
    assert text in found["reason"]
    assert (await member_of(house))["seat"] == "full"
    await settle(house)
    assert ((await purchase())["state"], double.full, len(set(double.keys))) == ("CONFIRMED", 11, keys)


async def test_trouble_after_the_effect_charges_once(house: Scim, double: Double) -> None:
    """A 500 says nothing about what was done; so that is read before anything else."""
    double.troubles = [Trouble(Refusal(500, "api_error", "Oh no.", is_kept=True), is_after=True)]
    await buy(house, "ann")
    await tried(house)
    await settle(house)
    assert ((await purchase())["state"], double.full, len(double.changes)) == ("CONFIRMED", 11, 1)


async def test_stripe_says_when_to_ask_again(house: Scim, double: Double) -> None:
    refusal = Refusal(429, "invalid_request_error", "Too many requests.", Retry_After="3000")
    double.troubles = [Trouble(refusal)]
    await buy(house, "ann")
    with pytest.raises(Later):
        await settle(house)
    assert (await purchase())["next_attempt_at"] == NOW + timedelta(seconds=3000)


async def test_a_declined_card_fails_the_purchase_and_nobody_loses_a_seat(house: Scim, double: Double) -> None:
    declined = Refusal(402, "card_error", "Your card was declined.", is_kept=True, code="card_declined")
    double.troubles = [Trouble(declined)]
    await buy(house, "ann")
    await settle(house)
    found = await purchase()
    assert (found["state"], found["reason"]) == ("FAILED", "Stripe refuses: Your card was declined. (req_double)")
    assert (await taken(house), double.full) == ({"full": 1}, 10)
    await purchases.retry(governor(house), found["id"])
    await settle(house)
    assert ((await purchase())["state"], double.full) == ("CONFIRMED", 11)
    assert double.keys == [str(found["id"]), f"{found['id']}-2"]


async def test_a_quantity_that_somebody_else_changed_meanwhile_is_left_alone(house: Scim, double: Double) -> None:
    """It is never lowered, and nobody knows whether these seats are in it."""
    double.troubles = [Trouble()]
    await buy(house, "ann")
    await tried(house)
    double.full = 15
    await settle(house)
    found = await purchase()
    assert (found["state"], double.full, double.changes) == ("FAILED", 15, [])
    assert "it was 10, is 15, and was to become 11" in found["reason"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"status": "canceled"}, "is canceled"),
        ({"customer": "cus_2"}, "another customer's"),
        ({"currency": "usd"}, "charges in USD, and EUR was agreed on"),
    ],
)
async def test_what_cannot_be_charged_fails_with_the_reason(
    house: Scim, double: Double, change: dict[str, str], text: str
) -> None:
    for name, value in change.items():
        setattr(double, name, value)
    await buy(house, "ann")
    await settle(house)
    found = await purchase()
    assert (found["state"], double.changes) == ("FAILED", [])
    assert text in found["reason"]


async def test_a_change_that_waits_for_its_payment_is_waited_for(house: Scim, double: Double) -> None:
    double.pending_update = {"expires_at": 1}
    await buy(house, "ann")
    await tried(house)
    assert "waits for its payment" in (await purchase())["reason"]
    double.pending_update = None
    await settle(house)
    assert (await purchase())["state"] == "CONFIRMED"


async def test_without_a_key_or_a_subscription_everything_waits(house: Scim) -> None:
    await buy(house, "ann")
    await sql.rows("DELETE FROM billing_secret")
    await tried(house)
    assert "no secret key of Stripe" in (await purchase())["reason"]
    await sql.rows("UPDATE billing_account SET stripe_subscription = NULL")
    await billing_secrets.keep(the_operator(), Name.STRIPE_KEY, KEY)
    await tried(house)
    assert "no subscription at Stripe" in (await purchase())["reason"]


async def test_a_purchase_that_waited_into_the_next_period_is_prorated_within_that(
    house: Scim, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    await buy(house, "ann")
    double.start, double.end = double.end, double.end + 31 * 86400
    monkeypatch.setattr(clock, "now", lambda: END + timedelta(hours=1))
    await settle(house)
    assert (double.full, double.changes[0]["proration_date"]) == (11, str(int(END.timestamp())))


async def test_more_items_than_a_page_has(house: Scim, double: Double) -> None:
    double.page = 1
    await buy(house, "ann")
    await settle(house)
    found = await purchase()
    assert (found["state"], double.full) == ("CONFIRMED", 11)
    assert found["amount_minor"] == 2000  # a preview of which only a part can be read says nothing; the rules do


async def test_a_preview_without_a_proration_does_not_make_seats_free(
    house: Scim, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the cap would be held against nothing."""
    preview = double.preview

    def without(asked: dict[str, str]) -> dict[str, Any]:
        seen = preview(asked)
        seen["lines"]["data"] = [each for each in seen["lines"]["data"] if each["id"] == "il_next"]
        return seen

    monkeypatch.setattr(double, "preview", without)
    await buy(house, "ann")
    await settle(house)
    found = await purchase()
    assert (found["state"], found["amount_minor"]) == ("CONFIRMED", 2000)


async def test_a_purchase_is_given_up_unless_stripe_has_charged(house: Scim, double: Double) -> None:
    double.troubles = [Trouble(), Trouble(is_after=True)]
    await buy(house, "ann")
    await tried(house)
    await purchases.cancel(governor(house), (await purchase())["id"])
    await settle(house)
    assert ((await purchase())["state"], double.full) == ("FAILED", 10)
    await buy(house, "bob")
    with pytest.raises(Later):
        await settle(house, 1)
    await purchases.cancel(governor(house), (await all_purchases())[1]["id"])
    await hurry()
    await settle(house, 1)
    assert ((await all_purchases())[1]["state"], double.full) == ("CONFIRMED", 11)
