"""Whether a provider charges for as many seats as there are: told, never put right by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.provisioning import clock, maintenance, reconciliation
from api.provisioning.errors import ProviderAway, ProviderRefused
from db import sql
from db.enums import SeatType
from db.queries import platform
from tests.scim.conversation import Scim
from tests.scim.governing import governor
from tests.scim.test_seats import limit

from .provider import Provider
from .settling import buy, hurry, purchase, work


async def differing(scim: Scim) -> list[tuple[str, int, int]]:
    """Type, our number and the provider's."""
    return [(each.seat_type, each.ours, each.theirs) for each in await reconciliation.drift(governor(scim))]


async def compare(scim: Scim) -> int:
    """A look at the organization."""
    return await reconciliation.compare(scim.access.organization_id)


async def test_a_provider_that_charges_for_another_number_is_told(scim: Scim, provider: Provider) -> None:
    await limit(scim, full=10, lite=5)
    provider.seats = {SeatType.FULL: 8, SeatType.LITE: 5}
    assert await compare(scim) == 1
    assert await differing(scim) == [("full", 10, 8)]
    assert (await reconciliation.drift(governor(scim)))[0].text.startswith("There are 10 full seats, and the provider")
    assert await sql.value("SELECT seat_limit FROM seat_pool WHERE seat_type = 'full'") == 10
    provider.seats = {SeatType.FULL: 10, SeatType.LITE: 5}
    assert (await compare(scim), await differing(scim)) == (0, [])


async def test_purchases_are_counted_in_as_they_are_confirmed(scim: Scim, provider: Provider) -> None:
    await limit(scim, full=1)
    provider.seats = {SeatType.FULL: 1}
    await compare(scim)
    await buy(scim, "ann", "bob")
    assert await differing(scim) == []
    await work()
    assert await differing(scim) == []
    provider.before = [ProviderRefused("Your card was declined.")]
    await buy(scim, "eve")
    await work()
    assert await differing(scim) == [("full", 3, 2)]


async def test_while_a_purchase_is_under_way_nobody_is_compared(
    scim: Scim, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider may have counted it, and we not yet."""
    provider.seats = {SeatType.FULL: 1}
    provider.after = [ProviderAway("The answer was lost.")]
    await buy(scim, "ann")
    await work()
    assert (await compare(scim), await differing(scim)) == (0, [])
    assert scim.access.organization_id in await platform.uncompared(clock.now(), "http")
    await hurry()
    await work()
    assert (await purchase())["state"] == "CONFIRMED"
    later = clock.now() + timedelta(seconds=1)  # what was settled within the same moment counts as under way
    monkeypatch.setattr(clock, "now", lambda: later)
    assert (await compare(scim), await differing(scim)) == (0, [])
    assert await sql.value("SELECT quantity FROM billed_quantity") == 1


async def test_trouble_is_kept_and_the_next_look_is_in_a_day(scim: Scim, provider: Provider, stranger: Scim) -> None:
    """Nobody is asked about organizations that sell nothing, or by the ledger."""

    async def away(_: object) -> None:
        raise ProviderAway("No answer.")

    provider.quantities = away  # type: ignore[method-assign, assignment]  # a provider in trouble
    before = [each for each in await maintenance.run() if each.task == "billing"]
    assert [(each.organizations, each.count, each.failed) for each in before] == [(1, 0, ())]
    assert await sql.value("SELECT problem FROM billing_account") == "No answer."
    assert await platform.uncompared(clock.now() - timedelta(days=1), "http") == []
    assert await platform.uncompared(clock.now(), "ledger") == []
    assert await platform.uncompared(clock.now(), "http") == [scim.access.organization_id]
