"""What Stripe would charge, did charge and charges for, as its double tells it."""

from __future__ import annotations

import httpx
import pytest

from api.billing.stripe_client import VERSION
from api.provisioning import invoices, purchases, reconciliation
from api.provisioning.errors import ProviderAway, ProviderRefused
from db import sql
from db.enums import SeatType
from tests.scim.conversation import Scim
from tests.scim.governing import governor

from .conftest import END, LEFT, NOW
from .settling import buy, hurry, settle
from .settling import purchases as all_purchases
from .stripe_double import KEY, Double


async def test_a_preview_is_stripe_s(house: Scim, double: Double) -> None:
    _, seen = await purchases.preview(governor(house), SeatType.FULL, 5)
    assert (seen.price.unit_minor, seen.price.currency, seen.price.period.end) == (3000, "EUR", END.date())
    assert [line.text for line in seen.lines] == ["Unused time on 10 × seat", "Remaining time on 15 × seat"]
    assert seen.amount_minor == round(15 * 3000 * LEFT) - round(10 * 3000 * LEFT)
    assert (double.full, double.charged) == (10, [])
    double.unit_amount = None
    with pytest.raises(ProviderRefused, match="depends on their number"):
        await purchases.preview(governor(house), SeatType.FULL, 5)


async def test_an_invoice_has_stripe_s_prorations(house: Scim, double: Double) -> None:
    await buy(house, "ann", "bob")
    for number in range(2):
        await hurry()
        await settle(house, number)
    double.page = 1
    double.charged.append({**double.charged[0], "id": "ii_other", "parent": None})
    double.charged.append(
        {**double.charged[0], "id": "ii_early", "period": {"start": double.start - 1, "end": double.end}}
    )
    found = await invoices.find(governor(house), "2026-04")
    assert [line.quantity for line in found.lines] == [10, 11, 11, 12]
    assert found.sum_minor == sum(each["amount_minor"] for each in await all_purchases())
    assert (found.lines[0].since, found.lines[0].until) == (NOW.date(), END.date())
    double.page = 100
    assert (await invoices.find(governor(house), "2026-05")).lines == []


async def test_numbers_that_differ_are_told(house: Scim, double: Double) -> None:
    double.full, double.lite = 12, 3
    await sql.rows("UPDATE seat_pool SET seat_limit = 10 WHERE seat_type = 'full'")
    assert await reconciliation.compare(house.access.organization_id) == 1
    [drift] = await reconciliation.drift(governor(house))
    assert (drift.seat_type, drift.ours, drift.theirs, double.full) == (SeatType.FULL, 10, 12, 12)


@pytest.mark.parametrize(
    ("currency", "amount", "counted"),
    [
        pytest.param("isk", 300_000, 3000, id="in hundredths"),
        pytest.param("ugx", 300_050, 3001, id="in hundredths, rounded"),
        pytest.param("mga", 3000, 300_000, id="in whole units"),
        pytest.param("jpy", 3000, 3000, id="as everybody does"),
        pytest.param("kwd", 3000, 3000, id="in thousandths"),
    ],
)
async def test_a_currency_that_stripe_counts_otherwise(
    house: Scim, double: Double, currency: str, amount: int, counted: int
) -> None:
    double.currency, double.unit_amount = currency, amount
    _, seen = await purchases.preview(governor(house), SeatType.FULL, 1)
    assert (seen.price.unit_minor, seen.price.currency) == (counted, currency.upper())


async def test_what_is_no_answer_of_stripe_s(house: Scim, double: Double, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(double, "subscription", lambda: {"id": "sub_1"})
    with pytest.raises(ProviderAway, match="something else than it should"):
        await purchases.preview(governor(house), SeatType.FULL, 1)


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("POST", "/v1/subscriptions/sub_1", {"quantity": "11"}, 400),
        ("POST", "/v1/subscriptions/sub_1", {"items[0][amount]": "11"}, 400),
        ("POST", "/v1/subscriptions/sub_1", {"items[0][quantity]": "many"}, 400),
        ("POST", "/v1/subscriptions/sub_1", {"payment_behavior": "hope"}, 400),
        ("POST", "/v1/invoices/create_preview", {"subscription_items[0][id]": "si_full"}, 400),
        ("GET", "/v1/invoices/upcoming", {}, 404),
        ("GET", "/v1/subscriptions/sub_2", {}, 404),
    ],
)
def test_the_double_takes_nothing_that_stripe_does_not(
    double: Double, method: str, path: str, sent: dict[str, str], status: int
) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "Stripe-Version": VERSION, "Idempotency-Key": "1"}
    name = "data" if method == "POST" else "params"
    answer = httpx.request(method, f"{double.url}{path}", headers=headers, **{name: sent})  # type: ignore[arg-type]
    assert answer.status_code == status, answer.text
