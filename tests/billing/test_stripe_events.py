"""Stripe tells that something changed: only if it is Stripe, and only so that somebody looks."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest

from api.billing.stripe_events import is_signed, subscription_of
from api.outbox.work import Later
from api.provisioning import billing_secrets, reconciliation
from api.provisioning.billing_secrets import Name
from api.provisioning.caller import the_operator
from db import queue, sql
from tests.scim.conversation import Scim
from tests.scim.governing import governor

from .conftest import NOW
from .settling import buy, purchase, settle, work
from .stripe_double import Double, Trouble

SECRET = "whsec_of_the_endpoint"
SUBSCRIPTION = {"object": "subscription", "id": "sub_1"}


def event(about: dict[str, Any]) -> bytes:
    """An event, as Stripe sends it."""
    return msgspec.json.encode({"id": "evt_1", "object": "event", "type": "x", "data": {"object": about}})


def signature(body: bytes, at: datetime = NOW, secret: str = SECRET) -> str:
    """Stripe's signature of a body."""
    seconds = int(at.timestamp())
    made = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={made}"


@pytest.fixture
async def listening(house: Scim) -> Scim:
    """The organization of `house`, with a secret for events."""
    await billing_secrets.keep(the_operator(), Name.STRIPE_EVENTS, SECRET)
    return house


async def tell(scim: Scim, body: bytes, header: str | None) -> httpx.Response:
    """Send an event."""
    headers = {} if header is None else {"Stripe-Signature": header}
    return await scim.http.post("/billing/stripe/events", content=body, headers=headers)


async def test_an_event_has_the_provider_looked_at(listening: Scim, double: Double) -> None:
    """What it says of quantities is not believed."""
    double.full = 7
    body = event({**SUBSCRIPTION, "items": {"data": [{"id": "si_full", "quantity": 99}]}})
    for _ in range(2):  # Stripe sends some twice
        assert (await tell(listening, body, signature(body))).status_code == 200
    await work()
    seen = await sql.rows("SELECT seat_type, quantity FROM billed_quantity ORDER BY 1")
    assert [tuple(row) for row in seen] == [("full", 7), ("lite", 3)]
    assert [each.theirs for each in await reconciliation.drift(governor(listening))] == [7]


async def test_an_event_has_purchases_tried_that_wait(listening: Scim, double: Double) -> None:
    double.troubles = [Trouble()]
    await buy(listening, "ann")
    with pytest.raises(Later):
        await settle(listening)
    assert (await purchase())["next_attempt_at"] > NOW
    body = event(SUBSCRIPTION)
    assert (await tell(listening, body, signature(body))).status_code == 200
    await work()
    assert ((await purchase())["state"], double.full) == ("CONFIRMED", 11)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "t=,v1=",
        "nonsense",
        signature(event(SUBSCRIPTION), secret="whsec_another"),
        signature(event({"object": "subscription", "id": "sub_2"})),
        signature(event(SUBSCRIPTION), NOW - timedelta(minutes=6)),
        signature(event(SUBSCRIPTION), NOW + timedelta(minutes=6)),
        signature(event(SUBSCRIPTION)).replace("v1=", "v0="),
        signature(event(SUBSCRIPTION)).replace("t=", "t=1,t="),
        f"t={'9' * 30},v1=00",
    ],
)
async def test_what_stripe_did_not_sign_just_now_does_nothing(listening: Scim, header: str | None) -> None:
    answer = await tell(listening, event(SUBSCRIPTION), header)
    assert (answer.status_code, answer.text) == (400, "the signature is wrong, or too old")
    assert await sql.value(f"SELECT count(*) FROM {queue.TASK}") == 0


async def test_events_of_others_and_other_events_are_seen_and_do_nothing(listening: Scim) -> None:
    for body in (event({"object": "subscription", "id": "sub_2"}), event({"object": "charge"}), b"[]", b"\xff"):
        assert (await tell(listening, body, signature(body))).text == "seen"
    assert await sql.value(f"SELECT count(*) FROM {queue.TASK}") == 0


async def test_where_nobody_expects_events_there_is_nothing(house: Scim) -> None:
    body = event(SUBSCRIPTION)
    assert (await tell(house, body, signature(body))).status_code == 404


async def test_too_large_an_event_is_not_read(listening: Scim) -> None:
    body = event({**SUBSCRIPTION, "more": "x" * 1_000_000})
    assert (await tell(listening, body, signature(body))).status_code == 413


def test_one_of_several_signatures_is_enough() -> None:
    """While the secret is being replaced, Stripe signs by both."""
    body = event(SUBSCRIPTION)
    seconds, _, first = signature(body, secret="whsec_old").partition(",")
    assert is_signed(body, f"{seconds},{first},{signature(body).partition(',')[2]},v0=x", SECRET, NOW)
    assert not is_signed(body, f"{seconds},v1=é", SECRET, NOW)
    assert not is_signed(body, "t=١٢٣,v1=00", SECRET, NOW)
    assert is_signed(body, signature(body, NOW - timedelta(minutes=5)), SECRET, NOW.astimezone(UTC))


@pytest.mark.parametrize(
    ("about", "subscription"),
    [
        (SUBSCRIPTION, "sub_1"),
        ({"object": "invoice", "id": "in_1", "parent": {"subscription_details": {"subscription": "sub_1"}}}, "sub_1"),
        ({"object": "invoice", "id": "in_1", "parent": None}, None),
        ({"object": "customer", "id": "cus_1"}, None),
    ],
)
def test_the_subscription_that_an_event_is_about(about: dict[str, Any], subscription: str | None) -> None:
    assert subscription_of(event(about)) == subscription
