"""A preview of an act that buys seats tells how many, and for how much; nothing is bought by looking."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from api.commands import acts
from api.provisioning import clock
from api.provisioning.directories import ChangeDirectory
from api.provisioning.errors import SeatLimitReached
from api.provisioning.previews import summary
from db import sql
from db.billing_rows import CostRow
from tests.graphql.conftest import NewApi, new_api
from tests.scim.conversation import Scim, document
from tests.scim.governing import active, govern, governor
from tests.scim.test_previews import look
from tests.scim.test_seats import limit, seated, taken

from .settling import purchases

__all__ = ["new_api"]
PREVIEW = """query ($input: PreviewInput!) { preview(input: $input) {
  token buys { seatType quantity amount { amount currency } } } }"""


@pytest.fixture
async def left(scim: Scim, monkeypatch: pytest.MonkeyPatch) -> Scim:
    """An organization in which two people with full seats and one with a lite one were deactivated."""
    await limit(scim, full=2, lite=1)
    people = [
        document(await scim.post("/Users", seated(name, seat)))
        for name, seat in (("ann", "full"), ("bob", "full"), ("eve", "lite"))
    ]
    for each in people:
        await scim.patch(f"/Users/{each['id']}", active(False))
    await limit(scim, full=0, lite=0)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 4, 11, 12, tzinfo=UTC))
    return scim


async def test_what_an_act_buys_is_told_before_it_is_bought(left: Scim) -> None:
    """All who were deactivated come back, and need seats."""
    wish = ChangeDirectory(left.access.directory_id, {"suspend_on_inactive": "false"})
    seen = await look(left, wish)
    assert seen.buys == (CostRow("full", 2, 4000, "EUR"), CostRow("lite", 1, 667, "EUR"))
    assert summary(seen).endswith("2 full seats bought for 40.00 EUR, 1 lite seat bought for 6.67 EUR")
    assert (await purchases(), await taken(left)) == ([], {})
    shown = await acts.look(governor(left), wish)
    assert "2 full seats bought for 40.00 EUR" in shown.text
    await govern(left, wish, token=seen.token)
    assert await taken(left) == {"full": 2, "lite": 1}
    found = await purchases()
    assert sum(each["amount_minor"] for each in found) == sum(each.amount_minor for each in seen.buys)


async def test_what_is_beyond_the_cap_is_told_by_the_preview(left: Scim) -> None:
    await sql.rows("UPDATE billing_terms SET monthly_cap_minor = 4666")
    with pytest.raises(SeatLimitReached, match=r"exceed the monthly cap of 46\.66 EUR"):
        await look(left, ChangeDirectory(left.access.directory_id, {"suspend_on_inactive": "false"}))


async def test_the_schema_shows_what_an_act_buys(left: Scim, new_api: NewApi) -> None:
    api = await new_api(left.access.organization_id)
    change = {"id": api.id("Directory", left.access.directory_id), "input": {"suspendOnInactive": False}}
    seen = (await api.ask(PREVIEW, input={"directoryChange": change}))["preview"]
    assert seen["buys"] == [
        {"seatType": "FULL", "quantity": 2, "amount": {"amount": "40.00", "currency": "EUR"}},
        {"seatType": "LITE", "quantity": 1, "amount": {"amount": "6.67", "currency": "EUR"}},
    ]
