"""Seats over GraphQL."""

from __future__ import annotations

from api.provisioning.actor import Right
from db.enums import PurchaseState, SeatType
from tests.factories import SeatPurchaseFactory
from tests.scim.conversation import Scim, document
from tests.scim.governing import person

from .conftest import Api, NewApi

LIMIT = """mutation ($id: ID!, $n: Int) { seatLimitsSet(organizationId: $id, limits: [{seatType: FULL, limit: $n}]) {
  seats { byType { seatType limit used available } } userErrors { code } auditEntry { action before after } } }"""
LEDGER = """query ($id: ID!, $filter: SeatEntryFilter) { organization(id: $id) { seats {
  history(from: "2026-01-01", to: "2026-01-31") { day }
  ledger(first: 1, filter: $filter) { nodes { id seatType delta cause requestId member { email } }
    pageInfo { hasNextPage endCursor } } } } }"""
OPERATOR = """mutation ($id: ID!) {
  terms: billingTermsSet(organizationId: $id,
    input: {currency: "EUR", interval: MONTH, anchor: "2026-01-01", isEnrolled: true}) { userErrors { code } }
  price: seatPriceSet(organizationId: $id, input: {seatType: FULL, price: 3000}) { userErrors { code } } }"""
CAP = """mutation ($id: ID!) { spendingCapAccept(organizationId: $id, monthlyCap: 30050) { userErrors { code }
  seats { terms { monthlyCap { minor amount currency } acceptedBy } byType { price { amount } } } } }"""


async def test_limits_are_set_and_remembered(scim: Scim, api: Api) -> None:
    document(await scim.post("/Users", person("ann")))
    done = (await api.ask(LIMIT, id=api.id("Organization", api.organization), n=5))["seatLimitsSet"]
    assert done["userErrors"] == []
    assert done["seats"]["byType"][0] == {"seatType": "FULL", "limit": 5, "used": 1, "available": 4}
    assert done["auditEntry"]["action"] == "seat_limit_changed"


async def test_limits_that_make_no_sense_or_that_one_may_not_set(scim: Scim, api: Api, new_api: NewApi) -> None:
    id = api.id("Organization", api.organization)
    reader = await new_api(api.organization, [Right.ORGANIZATION_READ])
    for asker, number, code in ((api, -1, "INVALID"), (reader, 5, "FORBIDDEN")):
        assert (await asker.ask(LIMIT, id=id, n=number))["seatLimitsSet"]["userErrors"] == [{"code": code}]


async def test_another_organizations_limits_are_not_there(scim: Scim, api: Api, new_directory: object) -> None:
    other = await new_directory()  # type: ignore[operator]  # a fixture
    id = api.id("Organization", other.organization_id, other.organization_id)
    assert (await api.ask(LIMIT, id=id, n=5))["seatLimitsSet"]["userErrors"] == [{"code": "NOT_FOUND"}]


async def test_the_ledger_by_filter(scim: Scim, api: Api) -> None:
    for name in ("ann", "bob"):
        document(await scim.post("/Users", person(name)))
    id = api.id("Organization", api.organization)
    page = (await api.ask(LEDGER, id=id))["organization"]["seats"]["ledger"]
    assert page["nodes"][0]["member"] == {"email": "bob@example.com"}
    assert page["pageInfo"]["hasNextPage"]
    for filter, count in (({"from": "2026-01-01T00:00:00Z"}, 1), ({"to": "2026-01-01T00:00:00Z"}, 0)):
        page = (await api.ask(LEDGER, id=id, filter=filter))["organization"]["seats"]["ledger"]
        assert len(page["nodes"]) == count


async def test_the_operator_sells_and_the_organization_accepts(scim: Scim, api: Api, new_api: NewApi) -> None:
    id = api.id("Organization", api.organization)
    refused = await api.ask(OPERATOR, id=id)
    assert {each["userErrors"][0]["code"] for each in refused.values()} == {"FORBIDDEN"}
    done = await (await new_api(None)).ask(OPERATOR, id=id)
    assert [each["userErrors"] for each in done.values()] == [[], []]
    seats = (await api.ask(CAP, id=id))["spendingCapAccept"]["seats"]
    assert seats["terms"] == {
        "monthlyCap": {"minor": 30050, "amount": "300.50", "currency": "EUR"},
        "acceptedBy": "Backstage",
    }
    assert seats["byType"][0]["price"] == {"amount": "30.00"}


async def test_the_ledger_and_purchases_by_type_and_state(scim: Scim, api: Api) -> None:
    document(await scim.post("/Users", person("ann")))
    for seat_type, state in (
        (SeatType.FULL, PurchaseState.CONFIRMED),
        (SeatType.LITE, PurchaseState.CONFIRMED),
        (SeatType.FULL, PurchaseState.FAILED),
    ):
        await SeatPurchaseFactory.make(organization=api.organization, seat_type=seat_type, state=state)
    text = """query ($type: SeatType, $state: PurchaseState, $filter: SeatEntryFilter) { organization { seats {
      ledger(last: 5, filter: $filter) { nodes { seatType } }
      purchases(last: 5, seatType: $type, state: $state) { totalCount nodes { seatType state } } } } }"""

    async def seen(**asked: object) -> tuple[int, int, int]:
        filter = {"seatType": asked["type"]} if "type" in asked else None
        found = (await api.ask(text, filter=filter, **asked))["organization"]["seats"]
        purchases = found["purchases"]
        return len(found["ledger"]["nodes"]), purchases["totalCount"], len(purchases["nodes"])

    assert await seen() == (1, 3, 3)
    assert await seen(type="FULL") == (1, 2, 2)
    assert await seen(type="LITE") == (0, 1, 1)
    assert await seen(state="FAILED") == (1, 1, 1)
    assert await seen(type="LITE", state="FAILED") == (0, 0, 0)
