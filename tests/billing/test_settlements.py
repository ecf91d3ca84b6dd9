"""Purchases are confirmed once, whatever happens on the way, and nobody loses a seat by what does not."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.outbox.work import Later
from api.provisioning import clock, settlements
from api.provisioning import purchases as acts
from api.provisioning.billing import Reservation
from api.provisioning.errors import InTheWay, NotFound, ProviderAway, ProviderRefused
from db import queue, sql
from db.enums import MailKind
from db.ids import new_id
from tests.mail.carrying import told
from tests.scim.conversation import Scim
from tests.scim.governing import governor, member_of
from tests.scim.test_seats import taken

from .provider import Provider
from .settling import actions, buy, hurry, purchase, purchases, settle, work


class Killed(BaseException):
    """A worker that ends just there."""


async def test_a_purchase_is_reserved_with_the_seat_and_confirmed_by_a_worker(scim: Scim) -> None:
    """R130; by the ledger, which is the default."""
    await buy(scim, "ann")
    found = await purchase()
    assert (found["state"], found["provider"], found["settled_at"]) == ("RESERVED", "ledger", None)
    await work()
    found = await purchase()
    assert (found["state"], found["attempts"], found["settled_at"] is not None) == ("CONFIRMED", 1, True)
    assert await actions() == ["purchase_confirmed"]
    assert await taken(scim) == {"full": 1}


async def test_what_is_only_tried_leaves_no_task(scim: Scim) -> None:
    """A task is there if its purchase is."""
    await sql.rows("UPDATE billing_terms SET monthly_cap_minor = 1")
    await scim.post("/Users", {"schemas": [], "userName": "ann"})
    assert await purchases() == []
    assert await sql.value(f"SELECT count(*) FROM {queue.TASK} WHERE entrypoint = '{settlements.SETTLE}'") == 0


async def test_the_provider_says_what_it_calls_that_and_what_it_charges(scim: Scim, provider: Provider) -> None:
    await buy(scim, "ann")
    reserved = (await purchase())["amount_minor"]
    await work()
    found = await purchase()
    assert (found["reference"], found["amount_minor"]) == ("INV-1", reserved - 1)
    assert provider.charged == {str(found["id"]): 1}


async def test_people_keep_their_seats_while_the_provider_is_away(scim: Scim, provider: Provider) -> None:
    provider.before = [ProviderAway("No answer.")]
    await buy(scim, "ann")
    await work()
    found = await purchase()
    assert (found["state"], found["reason"], found["attempts"]) == ("RESERVED", "No answer.", 1)
    assert found["next_attempt_at"] > clock.now()
    assert (await member_of(scim))["status"] == "ACTIVE"
    await hurry()
    await work()
    found = await purchase()
    assert (found["state"], found["reason"], found["attempts"]) == ("CONFIRMED", None, 2)
    assert set(provider.calls) == {str(found["id"])}


async def test_a_provider_that_says_when_is_not_asked_before(scim: Scim, provider: Provider) -> None:
    again = clock.now() + timedelta(minutes=7)
    provider.before = [ProviderAway("Too many requests.", again_at=again)]
    await buy(scim, "ann")
    with pytest.raises(Later) as later:
        await settle(scim)
    assert (later.value.when, (await purchase())["next_attempt_at"]) == (again, again)
    with pytest.raises(Later) as later:
        await settle(scim)
    assert (later.value.when, len(provider.asked)) == (again, 1)


async def test_a_request_that_came_to_its_end_is_not_taken_for_the_next_one(scim: Scim, provider: Provider) -> None:
    """Stripe answers 500 for a key as long as it knows it."""
    provider.before = [ProviderAway("Internal error.", is_over=True)]
    await buy(scim, "ann")
    await work()
    id = (await purchase())["id"]
    await sql.rows("UPDATE seat_purchase SET reservation = 'for ' || id || '-2'")
    await hurry()
    await work()
    assert provider.asked == [str(id), f"{id}-2"]


async def test_a_refusal_takes_nothing_from_anybody_and_is_tried_again_by_hand(scim: Scim, provider: Provider) -> None:
    """Failures never remove people."""
    provider.before = [ProviderRefused("Your card was declined.")]
    await buy(scim, "ann")
    await work()
    found = await purchase()
    assert (found["state"], found["reason"]) == ("FAILED", "Your card was declined.")
    assert found["told_at"] is not None
    assert (await member_of(scim))["seat"] == "full"
    assert await taken(scim) == {"full": 1}
    assert await sql.value("SELECT seat_limit FROM seat_pool WHERE seat_type = 'full'") == 1
    again = await acts.retry(governor(scim), found["id"])
    assert (again.state, again.reason) == ("RESERVED", None)
    await work()
    assert (await purchase())["state"] == "CONFIRMED"
    assert provider.asked == [str(found["id"]), f"{found['id']}-2"]
    assert await actions() == ["purchase_failed", "purchase_retried", "purchase_confirmed"]


async def test_what_failed_is_not_tried_again_beyond_the_cap(scim: Scim, provider: Provider) -> None:
    """C12."""
    provider.before = [ProviderRefused("Your card was declined.")]
    await buy(scim, "ann")
    await work()
    await sql.rows("UPDATE billing_terms SET monthly_cap_minor = 1")
    with pytest.raises(InTheWay, match=r"cap of 0\.01 EUR"):
        await acts.retry(governor(scim), (await purchase())["id"])
    await sql.rows("UPDATE billing_terms SET monthly_cap_minor = NULL")
    with pytest.raises(InTheWay, match="accepted a monthly cap"):
        await acts.retry(governor(scim), (await purchase())["id"])


async def test_two_workers_charge_once(scim: Scim, provider: Provider) -> None:
    await buy(scim, "ann")
    done = await asyncio.gather(*(settle(scim) for _ in range(8)), return_exceptions=True)
    assert all(each is None or isinstance(each, Later) for each in done)
    assert (len(provider.asked), await actions()) == (1, ["purchase_confirmed"])


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_worker_that_is_killed_while_it_asks_is_followed_by_one_with_the_same_key(
    scim: Scim, provider: Provider, moment: str
) -> None:
    """Between the provider's effect and our note of it, as well."""
    getattr(provider, moment).append(Killed())
    await buy(scim, "ann")
    with pytest.raises(Killed):
        await settle(scim)
    found = await purchase()
    assert (found["state"], found["reservation"]) == ("RESERVED", f"for {found['id']}")
    with pytest.raises(Later, match="Another worker"):
        await settle(scim)
    await hurry()
    await settle(scim)
    assert (await purchase())["state"] == "CONFIRMED"
    assert provider.charged == {str(found["id"]): 1}
    assert provider.asked == [str(found["id"])] * 2


async def test_a_worker_that_was_thought_dead_does_no_harm(
    scim: Scim, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes to its end after another has taken over."""
    await buy(scim, "ann")
    gone_on, reserved = asyncio.Event(), asyncio.Event()
    reserve = provider.reserve

    async def slow(*arguments: object) -> Reservation:
        reserved.set()
        await gone_on.wait()
        return await reserve(*arguments)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(provider, "reserve", slow)
    late = asyncio.create_task(settle(scim))
    await reserved.wait()
    monkeypatch.setattr(provider, "reserve", reserve)
    await hurry()
    await settle(scim)
    gone_on.set()
    with pytest.raises(Later):
        await late
    await settle(scim)
    assert (len(provider.asked), await actions()) == (1, ["purchase_confirmed"])


async def test_a_serial_provider_is_asked_in_the_order_of_the_purchases(scim: Scim, provider: Provider) -> None:
    provider.is_serial = True
    provider.before = [ProviderAway("No answer.")]
    await buy(scim, "ann", "bob", "eve")
    await work()
    assert len(set(provider.asked)) == 1
    while any(each["state"] == "RESERVED" for each in await purchases()):
        await hurry()
        await work()
    ids = [str(each["id"]) for each in await purchases()]
    assert provider.asked == [ids[0], *ids]
    assert {each["state"] for each in await purchases()} == {"CONFIRMED"}


async def test_what_nobody_confirms_for_a_day_is_told_once(
    scim: Scim, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    organization, now = scim.access.organization_id, datetime.now(UTC)
    provider.before = [ProviderAway("No answer.")]
    await buy(scim, "ann")
    await work()
    assert await acts.tell_overdue(organization) == 0
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=25))
    assert [await acts.tell_overdue(organization) for _ in range(2)] == [1, 0]
    assert (await purchase())["state"] == "RESERVED"
    assert [(mail["waits"], mail["reason"]) for mail in await mails()] == [(True, "No answer.")]
    provider.before = [ProviderRefused("Your card was declined.")]
    await hurry()
    await settle(scim)
    assert [mail["waits"] for mail in await mails()] == [True, False]


async def test_each_time_that_a_purchase_fails_is_told(scim: Scim, provider: Provider) -> None:
    """To the billing contacts, with what it was for and why, in the transaction that notes it."""
    provider.before = [ProviderRefused("Your card was declined."), ProviderRefused("It was declined again.")]
    await buy(scim, "ann")
    await settle(scim)
    found = await purchase()
    assert await mails() == [
        {
            "seat_type": "full",
            "quantity": 1,
            "amount_minor": found["amount_minor"],
            "currency": "EUR",
            "reason": "Your card was declined.",
            "waits": False,
            "charged_minor": None,
        }
    ]
    await acts.retry(governor(scim), found["id"])
    await settle(scim)
    assert [mail["reason"] for mail in await mails()] == ["Your card was declined.", "It was declined again."]
    assert await taken(scim) == {"full": 1}


async def mails() -> list[dict[str, Any]]:
    """What the billing contacts were told of purchases, oldest first."""
    return [found for _, found in await told(MailKind.PURCHASE_FAILED)]


async def test_a_purchase_that_waits_can_be_given_up(scim: Scim, provider: Provider) -> None:
    provider.before = [ProviderAway("No answer.")]
    await buy(scim, "ann")
    await work()
    id = (await purchase())["id"]
    await acts.cancel(governor(scim), id)
    await work()
    found = await purchase()
    assert (found["state"], found["reason"], found["told_at"]) == ("FAILED", "Given up by the operator.", None)
    assert await mails() == []
    assert provider.let_go == [str(id)]
    assert await taken(scim) == {"full": 1}


async def test_what_the_provider_charges_for_already_cannot_be_given_up(scim: Scim, provider: Provider) -> None:
    provider.after = [ProviderAway("The answer was lost.")]
    await buy(scim, "ann")
    await work()
    await acts.cancel(governor(scim), (await purchase())["id"])
    await work()
    found = await purchase()
    assert (found["state"], found["cancelled_by"], provider.let_go) == ("CONFIRMED", None, [])


async def test_what_the_provider_never_heard_of_is_given_up_out_of_turn(scim: Scim, provider: Provider) -> None:
    provider.is_serial = True
    provider.before = [ProviderAway("No answer.")]
    await buy(scim, "ann", "bob")
    await work()
    first, second = await purchases()
    await acts.cancel(governor(scim), second["id"])
    await work()
    assert [each["state"] for each in await purchases()] == ["RESERVED", "FAILED"]
    assert provider.asked == [str(first["id"])]


async def test_what_is_settled_is_left_alone(scim: Scim, stranger: Scim) -> None:
    await buy(scim, "ann")
    await work()
    id = (await purchase())["id"]
    for act in (acts.retry, acts.cancel):
        with pytest.raises(InTheWay, match="confirmed already"):
            await act(governor(scim), id)
        for actor, other in ((governor(scim), new_id()), (governor(stranger), id)):
            with pytest.raises(NotFound):
                await act(actor, other)


@pytest.mark.parametrize(("waited", "paused"), [(0, 5), (60, 30), (3600, 1800), (10_000, 3600)])
def test_pauses_grow_with_the_trouble(waited: int, paused: int) -> None:
    assert settlements.pause(timedelta(seconds=waited)) == timedelta(seconds=paused)
