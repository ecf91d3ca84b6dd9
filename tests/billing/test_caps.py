"""Nothing is bought beyond what somebody accepted (C12)."""

from __future__ import annotations

import asyncio
from contextvars import Context
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from api.provisioning import clock, purchases, seat_pools, seat_views
from api.provisioning.billing import Confirmation
from api.provisioning.errors import InTheWay, ProviderRefused
from db import sql
from db.enums import BillingInterval, MailKind, SeatType
from db.queries import seats
from tests.mail.carrying import told
from tests.scim.conversation import Scim
from tests.scim.governing import governor
from tests.scim.test_seats import limit, seated, taken

from .provider import Provider
from .settling import buy, purchase, settle
from .settling import purchases as purchases_

START = date(2026, 1, 1)


async def test_seats_of_two_types_bought_at_once_stay_within_one_cap(scim: Scim) -> None:
    """Each type has a pool of its own to lock, and all of them one cap."""
    await limit(scim, lite=0)
    for seat_type in (SeatType.FULL, SeatType.LITE):
        await seat_pools.set_price(governor(scim), seat_type, 3000)
    today = clock.now().date()
    await seat_pools.set_terms(
        governor(scim), currency="EUR", interval=BillingInterval.MONTH, anchor=today, is_enrolled=True, pack_size=1
    )
    for round in range(10):
        await sql.rows("DELETE FROM seat_purchase")
        await seat_pools.accept_cap(governor(scim), 3000, by="dana@example.com")
        people = (seated(f"{seat_type}{round}", seat_type) for seat_type in ("full", "lite"))
        answers = await asyncio.gather(*(scim.post("/Users", each) for each in people))
        assert sorted(answer.status_code for answer in answers) == [201, 403]


async def test_a_provider_that_wants_more_than_somebody_accepted_gets_nothing(scim: Scim, provider: Provider) -> None:
    """The price that is agreed on here and the one that it knows may differ."""
    provider.amount_minor = 100_001
    await buy(scim, "ann")
    await settle(scim)
    found = await purchase()
    assert (found["state"], provider.charged) == ("FAILED", {})
    assert provider.let_go == [str(found["id"])]
    assert "wants 1000.01 EUR" in found["reason"]
    assert "the monthly cap of 1000.00 EUR" in found["reason"]
    assert await taken(scim) == {"full": 1}
    provider.amount_minor = 100_000
    await purchases.retry(governor(scim), found["id"])
    await settle(scim)
    assert (await purchase())["state"] == "CONFIRMED"


async def test_what_a_provider_charges_is_what_is_spent(scim: Scim, provider: Provider) -> None:
    """From the moment on at which it says so."""
    provider.amount_minor, provider.before = 99_990, [ProviderRefused("Your card was declined.")]
    await buy(scim, "ann")
    await settle(scim)
    assert (await purchase())["amount_minor"] == 99_990
    await purchases.retry(governor(scim), (await purchase())["id"])
    answer = await scim.post("/Users", seated("bob", None))
    assert answer.status_code == 403
    assert "999.90 EUR are spent" in answer.text


async def test_what_is_tried_again_counts_in_the_month_in_which_it_is(
    scim: Scim, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what failed in one month would be charged in another beside a whole cap."""
    then = datetime(2026, 4, 1, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: then)
    await seat_pools.accept_cap(governor(scim), 3000, by="dana@example.com")
    provider.before = [ProviderRefused("Your card was declined.")]
    await buy(scim, "ann")
    await settle(scim)
    monkeypatch.setattr(clock, "now", lambda: then + timedelta(days=30))
    failed = (await purchase())["id"]
    await purchases.retry(governor(scim), failed)
    assert (await scim.post("/Users", seated("bob", None))).status_code == 403
    provider.before = [ProviderRefused("Your card was declined.")]
    await settle(scim)
    await buy(scim, "bob")
    with pytest.raises(InTheWay, match=r"cap of 30\.00 EUR"):
        await purchases.retry(governor(scim), failed)


async def test_a_provider_that_wants_more_once_the_cap_is_taken_back_gets_nothing(
    scim: Scim, provider: Provider
) -> None:
    provider.amount_minor = 50_000
    await buy(scim, "ann")
    await seat_pools.accept_cap(governor(scim), None)
    await settle(scim)
    found = await purchase()
    assert (found["state"], provider.charged, provider.let_go) == ("FAILED", {}, [str(found["id"])])
    assert "Nobody with the permission billing.manage has accepted a monthly cap." in found["reason"]


async def test_what_a_provider_charges_beyond_the_cap_is_told(
    scim: Scim, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is charged already, so it is confirmed and counts; and somebody has to know."""

    async def confirm(*_: Any) -> Confirmation:
        return Confirmation("INV-1", charges.pop(0))

    monkeypatch.setattr(provider, "confirm", confirm)
    charges = [50_000, 50_001]
    await buy(scim, "ann", "bob")
    reserved = [each["amount_minor"] for each in await purchases_()]
    await settle(scim)
    assert await told(MailKind.PURCHASE_FAILED) == []
    await settle(scim, 1)
    assert [(each["state"], each["amount_minor"]) for each in await purchases_()] == [
        ("CONFIRMED", 50_000),
        ("CONFIRMED", 50_001),
    ]
    [(_, mail)] = await told(MailKind.PURCHASE_FAILED)
    assert (mail["amount_minor"], mail["charged_minor"]) == (reserved[1], 50_001)
    assert mail["reason"] == "That exceeds the monthly cap of 1000.00 EUR."
    assert (await scim.post("/Users", seated("eve", None))).status_code == 403


async def in_yen(scim: Scim, cap: int) -> None:
    """Seats are paid for in another currency from now on, up to so much a month."""
    await seat_pools.set_terms(
        governor(scim), currency="JPY", interval=BillingInterval.MONTH, anchor=START, is_enrolled=True, pack_size=1
    )
    await seat_pools.accept_cap(governor(scim), cap, by="dana@example.com")


async def test_a_cap_is_about_what_is_bought_in_its_currency(scim: Scim, provider: Provider) -> None:
    """30.00 EUR are no 3000 JPY."""
    await buy(scim, "ann")
    await sql.rows("UPDATE seat_purchase SET amount_minor = 99000")
    await in_yen(scim, 3000)
    await buy(scim, "bob")
    found = await seat_views.spending(governor(scim))
    assert found is not None
    assert found.spent_minor == (await purchases_())[1]["amount_minor"] <= 3000
    assert [each["currency"] for each in await purchases_()] == ["EUR", "JPY"]


async def test_what_failed_in_another_currency_is_not_tried_again(scim: Scim, provider: Provider) -> None:
    provider.before = [ProviderRefused("Your card was declined.")]
    await buy(scim, "ann")
    await settle(scim)
    await in_yen(scim, 100_000)
    with pytest.raises(InTheWay, match="is in EUR, and seats are paid for in JPY now"):
        await purchases.retry(governor(scim), (await purchase())["id"])


async def test_more_than_was_accepted_in_another_currency_is_not_charged(scim: Scim, provider: Provider) -> None:
    provider.amount_minor = 50_000
    await buy(scim, "ann")
    await in_yen(scim, 100_000)
    await settle(scim)
    assert ((await purchase())["state"], provider.charged) == ("FAILED", {})


async def test_a_cap_that_is_taken_back_just_now_counts(scim: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for whoever had read it before."""
    lock = seats.lock_pool

    async def late(*arguments: Any) -> tuple[int | None, int]:
        found = await lock(*arguments)
        await asyncio.create_task(seat_pools.accept_cap(governor(scim), None), context=Context())
        return found

    monkeypatch.setattr(seats, "lock_pool", late)
    answer = await scim.post("/Users", seated("ann", None))
    assert (answer.status_code, await purchases_()) == (403, [])
    assert "accepted a monthly cap yet" in answer.text
