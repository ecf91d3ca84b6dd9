"""Who charges for seats, invoices and purchases on their way, over GraphQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from api import settings
from api.billing import adapters
from api.billing.ledger import Ledger
from api.provisioning import billing, clock
from api.provisioning.actor import Right
from api.provisioning.errors import ProviderAway
from db.enums import BillingProvider, PurchaseState, SeatType
from tests.billing.provider import Provider
from tests.factories import (
    BilledQuantityFactory,
    BillingTermsFactory,
    SeatPoolFactory,
    SeatPurchaseFactory,
    SeatSnapshotFactory,
)
from tests.scim.conversation import Scim

from .conftest import Api, NewApi
from .operations.billing import SAMPLES

INVOICE = """query ($period: String!) { organization { seats { invoice(period: $period) { provider periodStart periodEnd
  sum { amount currency } lines { text seatType quantity price { minor } amount { minor } since until state
    purchase { id quantity } } } } } }"""
PREVIEW = """{ organization { seats { purchasePreview(seatType: FULL, quantity: 2) {
  provider price { amount } periodEnd amount { amount currency } lines { text } } } } }"""
BILLING = (
    "{ organization { seats { billing { provider isDefault stripe { subscription } drift { ours theirs text } } } } }"
)
UNUSED = """{ organization { overview { suggestions { code text } billingDrift { seatType ours theirs } }
  seats { byType { seatType unused suggestion } } } }"""


@pytest.fixture
def provider(api: Api) -> Iterator[Provider]:
    """Whoever charges by default, instead of the ledger."""
    made = Provider()
    billing.use(BillingProvider.HTTP, {BillingProvider.HTTP: made, BillingProvider.LEDGER: Ledger()})
    yield made
    adapters.load(settings.read({}))


async def test_an_invoice_has_lines_and_a_sum(scim: Scim, api: Api) -> None:
    await BillingTermsFactory.make(organization=scim.access.organization_id)
    made = await SeatPurchaseFactory.make(organization=scim.access.organization_id)
    found = (await api.ask(INVOICE, period="2026-04"))["organization"]["seats"]["invoice"]
    assert (found["provider"], found["periodStart"], found["periodEnd"]) == ("LEDGER", "2026-04-01", "2026-05-01")
    assert found["sum"] == {"amount": "20.00", "currency": "EUR"}
    assert found["lines"] == [
        {
            "text": "1 Full seat",
            "seatType": "FULL",
            "quantity": 1,
            "price": {"minor": 3000},
            "amount": {"minor": 2000},
            "since": "2026-04-11",
            "until": "2026-05-01",
            "state": "CONFIRMED",
            "purchase": {"id": api.id("SeatPurchase", made.id), "quantity": 1},
        }
    ]


async def test_an_invoice_of_no_month_or_before_there_are_terms(scim: Scim, api: Api) -> None:
    assert (await api.refused(INVOICE, period="2026-04"))["extensions"]["code"] == "NOT_FOUND"
    await BillingTermsFactory.make(organization=scim.access.organization_id)
    assert (await api.refused(INVOICE, period="April"))["extensions"]["code"] == "INVALID"


async def test_what_seats_would_cost(scim: Scim, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await api.refused(PREVIEW))["extensions"]["code"] == "PROVIDER_REFUSED"
    await BillingTermsFactory.make(organization=scim.access.organization_id)
    await SeatPoolFactory.make(organization=scim.access.organization_id)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 4, 11, tzinfo=UTC))
    seen = (await api.ask(PREVIEW))["organization"]["seats"]["purchasePreview"]
    assert seen == {
        "provider": "LEDGER",
        "price": {"amount": "30.00"},
        "periodEnd": "2026-05-01",
        "amount": {"amount": "40.00", "currency": "EUR"},
        "lines": [{"text": "2 Full seats"}],
    }


async def test_a_provider_that_is_away_is_told_as_that(api: Api, provider: Provider) -> None:
    async def away(*_: object) -> None:
        raise ProviderAway("Stripe does not answer.")

    provider.preview = away  # type: ignore[method-assign, assignment]  # a provider in trouble
    error = await api.refused(PREVIEW)
    assert (error["extensions"]["code"], error["message"]) == ("PROVIDER_AWAY", "Stripe does not answer.")


async def test_who_charges_and_where_the_numbers_differ(scim: Scim, api: Api, provider: Provider) -> None:
    organization = scim.access.organization_id
    await SeatPoolFactory.make(organization=organization, seat_limit=12)
    await BilledQuantityFactory.make(organization=organization)
    seen = (await api.ask(BILLING))["organization"]["seats"]["billing"]
    assert (seen["provider"], seen["isDefault"], seen["stripe"]) == ("HTTP", True, None)
    [drift] = seen["drift"]
    assert (drift["ours"], drift["theirs"]) == (12, 10)
    seen = (await api.ask(UNUSED))["organization"]["overview"]
    assert seen["billingDrift"] == [{"seatType": "FULL", "ours": 12, "theirs": 10}]


async def test_the_operator_chooses_who_charges(scim: Scim, api: Api, new_api: NewApi) -> None:
    id = api.id("Organization", scim.access.organization_id)
    operator = await new_api(None)
    done = (await operator.ask(SAMPLES["stripeAccountSet"].document, id=id))["stripeAccountSet"]
    assert (done["billing"]["provider"], done["auditEntry"]["action"]) == ("LEDGER", "stripe_account_set")
    done = (await operator.ask(SAMPLES["billingProviderSet"].document, id=id))["billingProviderSet"]
    assert (done["billing"]["provider"], done["billing"]["isDefault"]) == ("STRIPE", False)
    assert done["billing"]["stripe"] == {"customer": "cus_1", "items": [{"seatType": "FULL", "item": "si_1"}]}
    back = "mutation ($id: ID!) { billingProviderSet(organizationId: $id) { billing { provider isDefault } } }"
    assert (await operator.ask(back, id=id))["billingProviderSet"]["billing"]["provider"] == "LEDGER"


async def test_the_host_application_is_named_and_its_secret_shown_once(scim: Scim, api: Api, new_api: NewApi) -> None:
    id = api.id("Organization", scim.access.organization_id)
    operator = await new_api(None)
    named = (await operator.ask(SAMPLES["billingHostSet"].document, id=id))["billingHostSet"]
    assert named["secret"].startswith("whsec_")
    assert named["billing"] == {"hostUrl": "https://app.example.com/billing"}
    again = (await operator.ask(SAMPLES["billingHostSet"].document, id=id))["billingHostSet"]
    assert (again["secret"], again["userErrors"]) == (None, [])
    rotate = """mutation ($id: ID!, $hours: Int!) { billingHostSecretRotate(organizationId: $id, overlapHours: $hours) {
      secret userErrors { code } } }"""
    done = (await operator.ask(rotate, id=id, hours=1))["billingHostSecretRotate"]
    assert done["secret"] not in (None, named["secret"])
    done = (await operator.ask(rotate, id=id, hours=169))["billingHostSecretRotate"]
    assert (done["secret"], done["userErrors"]) == (None, [{"code": "INVALID"}])


async def test_purchases_are_tried_again_and_given_up(scim: Scim, api: Api, new_api: NewApi) -> None:
    organization = scim.access.organization_id
    await BillingTermsFactory.make(organization=organization, monthly_cap_minor=100_000)
    failed = await SeatPurchaseFactory.make(organization=organization, state=PurchaseState.FAILED, reason="No card.")
    id = api.id("SeatPurchase", failed.id)
    retry, cancel = SAMPLES["purchaseRetry"].document, SAMPLES["purchaseCancel"].document
    done = (await api.ask(retry, id=id))["purchaseRetry"]
    assert (done["purchase"]["state"], done["purchase"]["reason"]) == ("RESERVED", None)
    assert done["auditEntry"] == {"action": "purchase_retried"}
    done = (await api.ask(cancel, id=id))["purchaseCancel"]
    assert (done["auditEntry"], done["userErrors"]) == ({"action": "purchase_cancelled"}, [])
    confirmed = await SeatPurchaseFactory.make(organization=organization)
    for document, name in ((retry, "purchaseRetry"), (cancel, "purchaseCancel")):
        answer = await api.ask(document, id=api.id("SeatPurchase", confirmed.id))
        assert answer[name]["userErrors"][0]["code"] == "CONFLICT"
        reader = await new_api(organization, [Right.ORGANIZATION_READ])
        assert (await reader.ask(document, id=id))[name]["userErrors"][0]["code"] == "FORBIDDEN"


async def test_seats_that_nobody_needs_are_suggested_to_be_given_back(scim: Scim, api: Api) -> None:
    """R137: suggested, never done by itself."""
    organization, today = scim.access.organization_id, clock.now().date()
    await SeatPoolFactory.make(organization=organization, seat_limit=10)
    for days in (61, 30, 1):
        day: date = today - timedelta(days=days)
        await SeatSnapshotFactory.make(organization=organization, seat_type=SeatType.FULL, day=day, used=3)
    seen = (await api.ask(UNUSED))["organization"]
    assert [each["unused"] for each in seen["seats"]["byType"]] == [7, 0, 0]
    [hint] = seen["overview"]["suggestions"]
    assert (hint["code"], hint["text"][:43]) == ("UNUSED_SEATS", "7 full seats were not needed for 60 days. N")
    assert seen["seats"]["byType"][0]["suggestion"] == hint["text"]
    dismiss = (
        "mutation ($id: ID!) { suggestionDismiss(organizationId: $id, code: UNUSED_SEATS) { userErrors { code } } }"
    )
    await api.ask(dismiss, id=api.id("Organization", organization))
    assert (await api.ask(UNUSED))["organization"]["overview"]["suggestions"] == []
