"""An organization that buys seats automatically, and workers that have them charged for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from api import settings
from api.billing import adapters
from api.billing.ledger import Ledger
from api.provisioning import billing, billing_accounts, billing_secrets, clock
from api.provisioning.billing_secrets import Name
from api.provisioning.caller import the_operator
from db import sql
from db.enums import BillingProvider, SeatType
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim
from tests.scim.governing import governor
from tests.scim.test_seats import limit, sold
from tests.webhooks.receiver import Receiver, receiving

from .host_application import Application, application
from .hosting import LOOPBACK, ask_at
from .provider import Provider
from .stripe_double import KEY, Double, stripe

NOW = datetime(2026, 4, 11, 6, 30, tzinfo=UTC)
START, END = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
LEFT = (END - NOW) / (END - START)
"""The part of April that is left."""


@pytest.fixture
async def scim(client: httpx.AsyncClient, new_directory: NewDirectory) -> Scim:
    """A directory of an organization without any full seat, where they are bought at 30.00 EUR a month."""
    made = Scim(client, await new_directory())
    await limit(made, full=0)
    await sold(made)
    return made


@pytest.fixture
def provider(scim: Scim) -> Iterator[Provider]:
    """Whoever charges by default, instead of the ledger."""
    made = Provider()
    billing.use(BillingProvider.HTTP, {BillingProvider.HTTP: made, BillingProvider.LEDGER: Ledger()})
    yield made
    adapters.load(settings.read({}))


@pytest.fixture
def double() -> Iterator[Double]:
    """Stripe, with ten full seats and three lite ones at 30.00 EUR in a subscription for April."""
    with stripe(int(START.timestamp()), int(END.timestamp())) as made:
        yield made


@pytest.fixture
async def house(scim: Scim, double: Double, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scim]:
    """An organization with ten full seats, charged by Stripe, in the middle of April."""
    await limit(scim, full=10, lite=3)
    adapters.load(settings.read({"ROLLCALL_STRIPE_URL": double.url}))
    await billing_secrets.keep(the_operator(), Name.STRIPE_KEY, KEY)
    items = {SeatType.FULL: "si_full", SeatType.LITE: "si_lite"}
    await billing_accounts.set_stripe(governor(scim), "cus_1", "sub_1", items)
    await billing_accounts.choose(governor(scim), BillingProvider.STRIPE)
    await sql.rows("UPDATE seat_pool SET seat_limit = 0 WHERE seat_type = 'full'")  # as if all of them were taken
    monkeypatch.setattr(clock, "now", lambda: NOW)
    yield scim
    adapters.load(settings.read({}))


@pytest.fixture
async def stranger(scim: Scim, new_directory: NewDirectory) -> Scim:
    """A directory of another organization than `scim`."""
    return replace(scim, access=await new_directory())


@pytest.fixture
def there() -> Iterator[Application]:
    """The host application of docs/examples."""
    with application() as made:
        yield made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A host application that answers whatever a test wants."""
    with receiving() as made:
        yield made


@pytest.fixture
async def hosted(scim: Scim, there: Application, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scim]:
    """An organization that is charged by the host application."""
    monkeypatch.setenv("ROLLCALL_ALLOW_NETWORKS", LOOPBACK)
    adapters.load(settings.read({"ROLLCALL_ALLOW_NETWORKS": LOOPBACK}))
    await ask_at(scim, there.url, there)
    await billing_accounts.choose(governor(scim), BillingProvider.HTTP)
    yield scim
    adapters.load(settings.read({}))
