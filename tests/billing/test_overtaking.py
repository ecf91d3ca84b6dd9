"""Workers and purchases that overtake each other: nothing is charged twice by that, and nothing charged is lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from api.outbox.work import Later
from api.provisioning import clock, settlements
from api.provisioning import purchases as acts
from api.provisioning.billing import Confirmation, Reservation
from api.provisioning.errors import ProviderRefused
from db import sql
from db.queries import purchases as rows
from tests.scim.conversation import Scim
from tests.scim.governing import governor

from .provider import Provider
from .settling import buy, hurry, purchase, purchases, settle
from .stripe_double import Double, Trouble
from .stripe_published import Refusal


async def test_at_a_serial_provider_nothing_overtakes_what_is_under_way(scim: Scim, provider: Provider) -> None:
    """Whoever bought first may come last: it is by when the request began, and not by when it was over."""
    provider.is_serial = True
    await buy(scim, "ann", "bob")
    first, second = await purchases()
    await sql.rows("UPDATE seat_purchase SET leased_until = now() + interval '1 minute' WHERE id = $1", second["id"])
    with pytest.raises(Later, match="Another worker"):
        await settle(scim)
    assert provider.asked == []
    await sql.rows(
        "UPDATE seat_purchase SET leased_until = NULL, reservation = 'for ' || id WHERE id = $1", second["id"]
    )
    await settle(scim)
    assert provider.asked == [str(second["id"]), str(first["id"])]


async def test_two_workers_never_find_two_purchases_to_be_the_first(
    scim: Scim, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One has looked and not said so yet, when another purchase comes in front."""
    provider.is_serial = True
    provider.before = [ProviderRefused("Your card was declined.")]
    await buy(scim, "ann")
    await settle(scim)
    await buy(scim, "bob")
    first, second = await purchases()
    found, gone_on, lease = asyncio.Event(), asyncio.Event(), rows.lease

    async def slow(*arguments: Any) -> None:
        monkeypatch.setattr(rows, "lease", lease)
        found.set()
        await gone_on.wait()
        await lease(*arguments)

    monkeypatch.setattr(rows, "lease", slow)
    one = asyncio.create_task(settle(scim, 1))
    await found.wait()
    await acts.retry(governor(scim), first["id"])
    other = asyncio.create_task(settle(scim, 0))
    while not other.done() and not await sql.value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
        await asyncio.sleep(0)
    gone_on.set()
    await one
    with pytest.raises(Later):
        await other
    assert provider.asked == [str(first["id"]), str(second["id"])]


async def test_a_worker_that_was_slow_to_reserve_asks_for_nothing_more(
    scim: Scim, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Since others do not wait for it any more."""
    await buy(scim, "ann")
    reserve, now = provider.reserve, clock.now()

    async def slow(*arguments: Any) -> Reservation:
        monkeypatch.setattr(clock, "now", lambda: now + settlements.LEASE + timedelta(seconds=5))
        return await reserve(*arguments)

    monkeypatch.setattr(provider, "reserve", slow)
    with pytest.raises(Later, match="taken the purchase over"):
        await settle(scim)
    assert (provider.asked, (await purchase())["reservation"]) == ([], None)


async def test_what_is_charged_for_is_confirmed_though_it_was_given_up_meanwhile(
    scim: Scim, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a worker that was thought dead; the provider knows better than we do."""
    await buy(scim, "ann")
    gone_on, asked = asyncio.Event(), asyncio.Event()
    confirm = provider.confirm

    async def slow(*arguments: Any) -> Confirmation:
        asked.set()
        await gone_on.wait()
        return await confirm(*arguments)

    monkeypatch.setattr(provider, "confirm", slow)
    late = asyncio.create_task(settle(scim))
    await asked.wait()
    await acts.cancel(governor(scim), (await purchase())["id"])
    await hurry()
    await settle(scim)
    assert (await purchase())["state"] == "FAILED"
    gone_on.set()
    await late
    found = await purchase()
    assert (found["state"], found["reference"], found["reason"], len(provider.charged)) == (
        "CONFIRMED",
        "INV-1",
        None,
        1,
    )


@pytest.mark.parametrize("is_after", [False, True])
async def test_what_stripe_may_have_charged_comes_before_what_is_tried_again(
    house: Scim, double: Double, is_after: bool
) -> None:
    """Else nobody could tell whose seat it is by which the quantity has risen, and one is charged never or fails."""
    declined = Refusal(402, "card_error", "Your card was declined.", is_kept=True, code="card_declined")
    double.troubles = [Trouble(declined), Trouble(is_after=is_after)]
    await buy(house, "ann")
    await settle(house)
    await buy(house, "bob")
    with pytest.raises(Later):
        await settle(house, 1)
    await acts.retry(governor(house), (await purchases())[0]["id"])
    await hurry()
    await settle(house)
    await settle(house, 1)
    assert [each["state"] for each in await purchases()] == ["CONFIRMED", "CONFIRMED"]
    assert (double.full, [each["items[0][quantity]"] for each in double.changes]) == (12, ["11", "12"])
