"""Seats over SCIM: who takes one, and what happens when all are taken (REQUIREMENTS §1.9)."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest

from api.provisioning import clock, seat_pools
from db import sql
from db.enums import BillingInterval, SeatType

from .conversation import Json, Scim, assert_error, document
from .governing import active, choose, governor, member_of, person

SEAT = "urn:ietf:params:scim:schemas:extension:safetyculture:2.0"


def seated(name: str, seat_type: str | None) -> Json:
    """A person who asks for a seat."""
    return person(name) if seat_type is None else person(name, **{SEAT: {"seat_type": seat_type}})


def asks_for(seat_type: str) -> Json:
    """The operation that asks for another seat."""
    return {"op": "replace", "path": f"{SEAT}:seat_type", "value": seat_type}


async def limit(scim: Scim, **limits: int | None) -> None:
    """Give the organization so many seats of these types."""
    for seat_type, number in limits.items():
        await seat_pools.set_limit(governor(scim), SeatType(seat_type), number)


async def sold(scim: Scim, *, cap: int | None = 100_000, pack: int = 1, enrolled: bool = True) -> None:
    """Sell full and lite seats at 30.00 and 10.00 a month, with a cap that somebody accepted."""
    for seat_type, price in ((SeatType.FULL, 3000), (SeatType.LITE, 1000)):
        await seat_pools.set_price(governor(scim), seat_type, price)
    await seat_pools.set_terms(
        governor(scim),
        currency="EUR",
        interval=BillingInterval.MONTH,
        anchor=date(2026, 1, 1),
        is_enrolled=enrolled,
        pack_size=pack,
    )
    if cap is not None:
        await seat_pools.accept_cap(governor(scim), cap, by="dana@acme.example.com")
    await choose(scim, seat_limit="AUTO_PURCHASE")


async def taken(scim: Scim) -> dict[str, int]:
    """Seats taken by type, after a look whether counts, members and ledger say the same."""
    organization = scim.access.organization_id
    held = await sql.rows(
        "SELECT seat, count(*) FROM member WHERE organization_id = $1 AND seat IS NOT NULL GROUP BY 1", organization
    )
    entered = await sql.rows(
        "SELECT seat_type, sum(delta) FROM seat_entry WHERE organization_id = $1 GROUP BY 1 HAVING sum(delta) <> 0",
        organization,
    )
    counted = {view.seat_type.value: view.used for view in await seat_pools.overview(governor(scim)) if view.used}
    assert counted == dict(map(tuple, held)) == dict(map(tuple, entered))
    return counted


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the clock."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_to


@pytest.mark.parametrize(
    ("sent", "seat"), [("full", "full"), ("lite", "lite"), ("free", "free"), (None, "full"), ("", "full")]
)
async def test_people_get_the_seat_that_was_sent_or_else_a_full_one(scim: Scim, sent: str | None, seat: str) -> None:
    """R005, R126, R127, R128, R131."""
    assert (await scim.post("/Users", seated("ann", sent))).status_code == 201
    assert (await member_of(scim))["seat"] == seat
    assert await taken(scim) == {seat: 1}


async def test_the_seat_table_of_the_first_source(scim: Scim) -> None:
    """R005: three users with full, lite and free; the seats count 1/1/1; free is the guest seat and has no end."""
    for name, seat in (("ann", "full"), ("bob", "lite"), ("eve", "free")):
        await scim.post("/Users", seated(name, seat))
    views = {view.label: (view.used, view.limit) for view in await seat_pools.overview(governor(scim))}
    assert views == {"Full": (1, None), "Lite": (1, None), "Guest": (1, None)}
    detail = assert_error(await scim.post("/Users", seated("kim", "guest")), 400, "invalidValue")
    assert all(word in detail for word in ("full", "lite", "free"))


async def test_the_default_is_the_organizations(scim: Scim) -> None:
    """R126; who has a seat keeps it when the default changes."""
    await scim.post("/Users", person())
    await choose(scim, default_seat_type="lite")
    await scim.post("/Users", person("bob"))
    assert await taken(scim) == {"full": 1, "lite": 1}


async def test_nobody_gets_in_when_all_seats_are_taken_and_the_answer_says_what_to_do(scim: Scim) -> None:
    """R134, C12: BLOCK."""
    await limit(scim, full=1)
    await scim.post("/Users", person())
    answer = await scim.post("/Users", person("bob"))
    assert "The only full seat is taken. Free one, or raise the limit" in assert_error(answer, 403)
    assert await sql.value("SELECT count(*) FROM directory_user") == 1
    assert (await scim.post("/Users", seated("eve", "free"))).status_code == 201
    assert await taken(scim) == {"full": 1, "free": 1}


async def test_a_seat_is_free_again_after_deactivation_and_after_deletion(scim: Scim, ann: Json) -> None:
    """R137: and what was bought stays."""
    await limit(scim, full=1)
    await scim.patch(f"/Users/{ann['id']}", active(False))
    bob = document(await scim.post("/Users", person("bob")))
    assert_error(await scim.patch(f"/Users/{ann['id']}", active(True)), 403)
    await scim.delete(f"/Users/{bob['id']}")
    assert (await scim.patch(f"/Users/{ann['id']}", active(True))).status_code == 200
    [full, *_] = await seat_pools.overview(governor(scim))
    assert (full.used, full.limit) == (1, 1)
    assert await taken(scim) == {"full": 1}


async def test_another_type_of_seat_is_taken_before_the_old_one_is_given_back(scim: Scim, ann: Json) -> None:
    """R138: full → lite with lite full → the policy decides, and the full seat is kept on failure."""
    await limit(scim, lite=0)
    path = f"/Users/{ann['id']}"
    assert "no lite seats" in assert_error(await scim.patch(path, asks_for("lite")), 403)
    assert await taken(scim) == {"full": 1}
    await choose(scim, seat_limit="HOLD")
    assert (await scim.patch(path, asks_for("lite"))).status_code == 200
    assert ((await member_of(scim))["seat"], (await member_of(scim))["awaits_seat"]) == ("full", "lite")
    await limit(scim, lite=1)
    assert await taken(scim) == {"lite": 1}
    assert (await member_of(scim))["awaits_seat"] is None


async def test_who_waits_gets_the_seat_that_becomes_free_in_the_same_request(scim: Scim, ann: Json) -> None:
    """R134: HOLD; the one who waits longest comes first."""
    await limit(scim, full=1)
    await choose(scim, seat_limit="HOLD")
    for name in ("bob", "eve"):
        assert (await scim.post("/Users", person(name))).status_code == 201
        assert (await member_of(scim, f"{name}@example.com"))["status"] == "WAITING_FOR_SEAT"
    await scim.patch(f"/Users/{ann['id']}", active(False))
    statuses = {name: (await member_of(scim, f"{name}@example.com"))["status"] for name in ("ann", "bob", "eve")}
    assert statuses == {"ann": "DEACTIVATED", "bob": "ACTIVE", "eve": "WAITING_FOR_SEAT"}
    await limit(scim, full=None)
    assert await taken(scim) == {"full": 2}


async def test_who_is_deactivated_while_waiting_waits_no_more(scim: Scim, ann: Json) -> None:
    await limit(scim, full=1)
    await choose(scim, seat_limit="HOLD")
    bob = document(await scim.post("/Users", person("bob")))
    await scim.patch(f"/Users/{bob['id']}", active(False))
    await scim.patch(f"/Users/{ann['id']}", active(False))
    assert await taken(scim) == {}
    assert (await member_of(scim, "bob@example.com"))["awaits_seat"] is None


async def test_a_guest_seat_bridges_the_time_until_a_full_one_is_free(scim: Scim, ann: Json) -> None:
    """R134: DOWNGRADE_TO_FREE."""
    await limit(scim, full=1)
    await choose(scim, seat_limit="DOWNGRADE_TO_FREE")
    await scim.post("/Users", person("bob"))
    bob = await member_of(scim, "bob@example.com")
    assert (bob["status"], bob["seat"], bob["awaits_seat"]) == ("ACTIVE", "free", "full")
    await scim.delete(f"/Users/{ann['id']}")
    assert await taken(scim) == {"full": 1}
    assert (await member_of(scim, "bob@example.com"))["seat"] == "full"


async def test_more_than_there_are_is_allowed_where_that_was_chosen(scim: Scim, ann: Json) -> None:
    """R134: ALLOW_OVERAGE; availability is below zero then."""
    await limit(scim, full=1)
    await choose(scim, seat_limit="ALLOW_OVERAGE")
    assert (await scim.post("/Users", person("bob"))).status_code == 201
    [full, *_] = await seat_pools.overview(governor(scim))
    assert (full.used, full.free) == (2, -1)


async def test_a_full_house_buys_the_seat_that_is_needed(scim: Scim, at: Any) -> None:
    """R007, R130, R131, R133: added on day 11 of 30, 30.00 a period: 20.00."""
    await limit(scim, full=1, lite=1, free=0)
    await sold(scim)
    at(datetime(2026, 4, 11, 12, tzinfo=UTC))
    for name, seat in (("ann", "full"), ("bob", "lite"), ("eve", "full")):
        assert (await scim.post("/Users", seated(name, seat))).status_code == 201
    [bought] = await seat_pools.purchases(
        governor(scim), datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    )
    assert (bought["seat_type"], bought["quantity"], bought["amount_minor"]) == ("full", 1, 2000)
    assert (bought["email"], bought["state"], bought["added_on"]) == ("eve@example.com", "RESERVED", date(2026, 4, 11))
    assert [view.limit for view in await seat_pools.overview(governor(scim))] == [2, 1, 0]
    assert "Guest seats are not sold" in assert_error(await scim.post("/Users", seated("kim", "free")), 403)
    assert await taken(scim) == {"full": 2, "lite": 1}


async def test_seats_are_bought_in_packs(scim: Scim) -> None:
    await limit(scim, full=0)
    await sold(scim, pack=5)
    await scim.post("/Users", person())
    [full, *_] = await seat_pools.overview(governor(scim))
    assert full.limit == 5


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        ({"enrolled": False}, "not enrolled"),
        ({"cap": None}, "has accepted a monthly cap"),
        ({"cap": 100}, "would exceed the monthly cap of 1.00 EUR"),
    ],
)
async def test_nothing_is_bought_that_nobody_agreed_to(scim: Scim, terms: dict[str, Any], text: str) -> None:
    """C12: money never moves without a cap that somebody accepted."""
    await limit(scim, full=0)
    await sold(scim, **terms)
    assert text in assert_error(await scim.post("/Users", person()), 403)
    assert await sql.value("SELECT count(*) FROM seat_purchase") == 0


async def test_the_cap_counts_what_was_charged_in_the_calendar_month(scim: Scim, at: Any) -> None:
    await limit(scim, full=0)
    await sold(scim, cap=3000)
    at(datetime(2026, 4, 30, 12, tzinfo=UTC))
    await scim.post("/Users", person())
    assert (await scim.post("/Users", person("bob"))).status_code == 201
    at(datetime(2026, 5, 1, tzinfo=UTC))
    assert (await scim.post("/Users", person("eve"))).status_code == 201
    assert "of which 30.00 EUR are spent" in assert_error(await scim.post("/Users", person("kim")), 403)


async def test_thresholds_are_raised_once_for_each_crossing(scim: Scim) -> None:
    """R135."""
    await limit(scim, full=5)
    ids = [document(await scim.post("/Users", person(f"p{number}")))["id"] for number in range(5)]
    await scim.patch(f"/Users/{ids[0]}", active(False))
    await scim.patch(f"/Users/{ids[0]}", active(True))
    found = await seat_pools.alerts(governor(scim), limit=10)
    assert [(each["percent"], each["cleared_at"] is None) for each in found] == [(100, True), (100, False), (80, True)]
    await limit(scim, full=50)
    assert all(each["cleared_at"] for each in await seat_pools.alerts(governor(scim), limit=10))


async def test_a_day_is_remembered_as_it_ended(scim: Scim, at: Any) -> None:
    """R135: snapshots, of which a forecast is made; a day without one is a gap."""
    await limit(scim, full=100)
    for day in range(1, 11):
        at(datetime(2026, 4, day, 12, tzinfo=UTC))
        await scim.post("/Users", person(f"p{day}"))
        await seat_pools.take_snapshot(scim.access.organization_id)
    days = await seat_pools.history(governor(scim), SeatType.FULL, days=30)
    assert [(day.day.day, day.used) for day in days] == [(day, day) for day in range(1, 11)]
    [full, *_] = await seat_pools.overview(governor(scim))
    assert full.forecast is not None
    assert full.forecast.days == 90


@pytest.mark.parametrize("policy", ["BLOCK", "HOLD", "DOWNGRADE_TO_FREE"])
async def test_two_creates_for_the_last_seat_give_it_to_one(scim: Scim, policy: str) -> None:
    """R139: fifty at once for one seat."""
    await limit(scim, full=1)
    await choose(scim, seat_limit=policy)
    answers = await asyncio.gather(*(scim.post("/Users", person(f"p{number}")) for number in range(50)))
    assert (await taken(scim))["full"] == 1
    if policy == "BLOCK":
        assert sorted(answer.status_code for answer in answers) == [201, *[403] * 49]
    else:
        assert {answer.status_code for answer in answers} == {201}


async def test_the_ledger_says_who_took_and_gave_back_which_seat_and_why(scim: Scim, ann: Json) -> None:
    await scim.patch(f"/Users/{ann['id']}", asks_for("lite"))
    await scim.patch(f"/Users/{ann['id']}", active(False))
    lines = [
        (each["delta"], each["seat_type"], each["cause"], each["email"], each["request_id"] is not None)
        for each in await seat_pools.ledger(governor(scim), limit=10)
    ]
    assert lines[0] == (-1, "lite", "DEACTIVATED", "ann@example.com", True)
    assert sorted(lines[1:3]) == [
        (-1, "full", "CHANGED", "ann@example.com", True),
        (1, "lite", "CHANGED", "ann@example.com", True),
    ]
    assert lines[3] == (1, "full", "ARRIVED", "ann@example.com", True)
