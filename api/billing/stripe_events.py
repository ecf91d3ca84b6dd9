"""Where Stripe tells that something changed. What it says is believed in so far as somebody looks at Stripe again.

POST /billing/stripe/events
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import msgspec
from litestar import MediaType, Request, Response, post
from litestar.datastructures import State

from api.provisioning import billing_secrets, clock, reconciliation
from api.provisioning.billing_secrets import Name
from api.provisioning.errors import CannotSeal
from db.errors import UNAVAILABLE
from db.queries import platform

TOLERANCE = timedelta(minutes=5)
"""How far the time at which an event was signed may be from ours."""

_LARGEST = 1_000_000


class Details(msgspec.Struct, frozen=True):
    """The subscription that an invoice is for."""

    subscription: str | None = None


class Parent(msgspec.Struct, frozen=True):
    """What an invoice comes from."""

    subscription_details: Details | None = None


class Thing(msgspec.Struct, frozen=True):
    """What an event is about."""

    object: str = ""
    id: str | None = None
    parent: Parent | None = None


class Data(msgspec.Struct, frozen=True):
    """The part of an event that says what it is about."""

    object: Thing


class Event(msgspec.Struct, frozen=True):
    """An event, as far as it is needed."""

    data: Data


@post("/billing/stripe/events", media_type=MediaType.TEXT, status_code=200, request_max_body_size=_LARGEST)
async def stripe_events(request: Request[object, object, State]) -> Response[str]:
    """200 for what Stripe signed, whatever it is about; 400 for everything else, 404 where nobody expects it."""
    header, body = request.headers.get("Stripe-Signature", ""), await request.body()
    try:
        secret = await billing_secrets.reveal(Name.STRIPE_EVENTS)
        if secret is None:
            return _said("no secret for events is set", 404)
        if not is_signed(body, header, secret, clock.now()):
            return _said("the signature is wrong, or too old", 400)
        organization = await platform.of_stripe_subscription(subscription_of(body) or "")
        if organization is not None:
            await reconciliation.look_again(organization)
    except UNAVAILABLE:
        return _said("the database does not answer", 503)
    except CannotSeal as error:
        return _said(str(error), 503)
    return _said("seen", 200)


def is_signed(body: bytes, header: str, secret: str, now: datetime) -> bool:
    """Whether a header has Stripe's signature of a body, made just now: `t=…,v1=…`, with several v1 at times."""
    fields = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in fields if name == "t"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit() and len(times[0]) <= 11):
        return False
    if abs(now - datetime.fromtimestamp(int(times[0]), UTC)) > TOLERANCE:
        return False
    expected = hmac.new(secret.encode(), times[0].encode() + b"." + body, hashlib.sha256).hexdigest()
    given = [value for name, _, value in fields if name == "v1"]
    return any(hmac.compare_digest(expected.encode(), each.encode()) for each in given)


def subscription_of(body: bytes) -> str | None:
    """The id of the subscription that an event is about, None for other events."""
    try:
        about = msgspec.json.decode(body, type=Event).data.object
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if about.object == "subscription":
        return about.id
    details = about.parent.subscription_details if about.object == "invoice" and about.parent else None
    return details.subscription if details else None


def _said(text: str, status: int) -> Response[str]:
    return Response(text, status_code=status, media_type=MediaType.TEXT)
