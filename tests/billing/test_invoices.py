"""Invoices of the ledger: what was added in a period, by the day, to the minor unit."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest

from api.provisioning import clock, invoices, purchases, seat_pools
from api.provisioning.actor import system
from api.provisioning.errors import BadSetting, NotFound, ProviderRefused
from api.provisioning.invoices import Invoice
from db.enums import BillingInterval, PurchaseState, SeatType
from db.ids import OrganizationId
from db.tables import Organization
from tests.factories import BillingTermsFactory, MemberFactory, OrganizationFactory, SeatPurchaseFactory
from tests.scim.conversation import Scim
from tests.scim.governing import governor
from tests.scim.test_seats import limit

from .settling import buy


async def invoice(organization: Organization, month: str) -> Invoice:
    """The invoice of a month."""
    return await invoices.find(system(OrganizationId(organization.id)), month)


async def _house(anchor: date = date(2026, 1, 1), interval: BillingInterval = BillingInterval.MONTH) -> Organization:
    organization = await OrganizationFactory.make()
    await BillingTermsFactory.make(organization=organization, anchor=anchor, interval=interval)
    return organization


async def test_what_was_added_in_a_period_is_on_its_invoice_from_that_day_on(
    scim: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R133, and R132's lines: for whom, when, price, charge; each rounded by itself."""
    await limit(scim, lite=0)
    for day, name, seat in ((11, "ann", "full"), (12, "bob", "lite")):
        monkeypatch.setattr(clock, "now", lambda day=day: datetime(2026, 4, day, 23, 59, tzinfo=UTC))
        await buy(scim, name, seat=seat)
    found = await invoices.find(governor(scim), "2026-04")
    assert [
        (line.text, line.unit_minor, line.amount_minor, line.since, line.until, line.email) for line in found.lines
    ] == [
        ("1 Full seat", 3000, 2000, date(2026, 4, 11), date(2026, 5, 1), "ann@example.com"),
        ("1 Lite seat", 1000, 633, date(2026, 4, 12), date(2026, 5, 1), "bob@example.com"),
    ]
    assert (found.currency, found.sum_minor) == ("EUR", 2633)


@pytest.mark.parametrize(
    ("anchor", "month", "start", "end"),
    [
        ("2026-01-01", "2026-02", "2026-02-01", "2026-03-01"),
        ("2026-01-31", "2026-01", "2026-01-31", "2026-02-28"),
        ("2026-01-31", "2026-02", "2026-02-28", "2026-03-31"),
        ("2026-01-31", "2028-02", "2028-02-29", "2028-03-31"),
        ("2026-01-15", "2026-12", "2026-12-15", "2027-01-15"),
    ],
)
@pytest.mark.usefixtures("database")
async def test_a_period_is_called_by_the_month_in_which_it_begins(
    anchor: str, month: str, start: str, end: str
) -> None:
    """R133, at the ends of months."""
    found = await invoice(await _house(date.fromisoformat(anchor)), month)
    assert (found.period.start.isoformat(), found.period.end.isoformat()) == (start, end)


@pytest.mark.usefixtures("database")
async def test_each_line_is_on_one_invoice(monkeypatch: pytest.MonkeyPatch) -> None:
    organization = await _house(date(2026, 1, 31))
    for day in (date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 30), date(2026, 3, 31)):
        await SeatPurchaseFactory.make(organization=organization, added_on=day)
    counts = [len((await invoice(organization, month)).lines) for month in ("2026-01", "2026-02", "2026-03")]
    assert counts == [1, 2, 1]


@pytest.mark.usefixtures("database")
async def test_failed_purchases_and_those_of_others_are_on_no_invoice() -> None:
    organization = await _house()
    for values in ({"state": PurchaseState.FAILED}, {"provider": "http"}, {"organization": await _house()}):
        await SeatPurchaseFactory.make(**{"organization": organization, **values})
    assert (await invoice(organization, "2026-04")).lines == []


@pytest.mark.usefixtures("database")
async def test_years_begin_in_one_month() -> None:
    organization = await _house(date(2026, 5, 10), BillingInterval.YEAR)
    assert (await invoice(organization, "2027-05")).period.end == date(2028, 5, 10)
    with pytest.raises(BadSetting, match="begins in 2026-05"):
        await invoice(organization, "2026-11")


@pytest.mark.parametrize(
    "month", ["2026", "2026-13", "2026-1", "0000-01", "9999-12", "November", "2026-11-01", "２０２６-01"]
)
@pytest.mark.usefixtures("database")
async def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(BadSetting, match="no month"):
        await invoice(await _house(), month)


@pytest.mark.usefixtures("database")
async def test_before_there_are_terms_there_is_no_invoice() -> None:
    with pytest.raises(NotFound, match="no billing terms"):
        await invoice(await OrganizationFactory.make(), "2026-11")


@pytest.mark.usefixtures("database")
async def test_a_spreadsheet_reads_numbers_and_takes_no_text_for_a_formula() -> None:
    organization = await _house()
    member = await MemberFactory.make(organization=organization, email="=1+1@example.com")
    made = await SeatPurchaseFactory.make(organization=organization, member=member, quantity=2, amount_minor=4000)
    [line] = csv.DictReader(io.StringIO(invoices.as_csv(await invoice(organization, "2026-04"))))
    assert line == {
        "text": "2 Full seats",
        "seat_type": "full",
        "quantity": "2",
        "unit_price": "30.00",
        "amount": "40.00",
        "currency": "EUR",
        "since": "2026-04-11",
        "until": "2026-05-01",
        "state": "CONFIRMED",
        "for": "'=1+1@example.com",
        "purchase": str(made.id),
    }


async def test_a_preview_costs_what_the_purchase_will(scim: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 4, 11, tzinfo=UTC))
    _, seen = await purchases.preview(governor(scim), SeatType.FULL, 3)
    assert (seen.price.unit_minor, seen.price.period.end, seen.amount_minor) == (3000, date(2026, 5, 1), 6000)
    with pytest.raises(ProviderRefused, match="Guest seats are not sold"):
        await purchases.preview(governor(scim), SeatType.FREE, 1)
    with pytest.raises(BadSetting, match="1 to 10000"):
        await purchases.preview(governor(scim), SeatType.FULL, 0)
    assert await seat_pools.purchases(governor(scim), datetime(2026, 1, 1, tzinfo=UTC), clock.now()) == []


@pytest.mark.usefixtures("database")
async def test_without_terms_nothing_has_a_price() -> None:
    organization = await OrganizationFactory.make()
    with pytest.raises(ProviderRefused, match="no billing terms"):
        await purchases.preview(system(OrganizationId(organization.id)), SeatType.FULL, 1)
