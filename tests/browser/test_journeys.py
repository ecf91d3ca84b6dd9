"""What admins come for, from the first page to the effect: with scripts, without them, and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date

import pytest
from playwright.async_api import Browser, expect

from api.provisioning import policies, seat_pools
from db.enums import BillingInterval, SeatType
from tests.scim.conversation import Scim
from tests.scim.governing import active

from .firm import Firm
from .hands import Hands
from .looking import signed_in, window

At = Callable[[str], AbstractAsyncContextManager[Hands]]

WAYS = {
    "with scripts": {"scripts": True, "by_keyboard": False},
    "without scripts": {"scripts": False, "by_keyboard": False},
    "by keyboard": {"scripts": True, "by_keyboard": True},
    "by keyboard, without scripts": {"scripts": False, "by_keyboard": True},
}


_LOOKS = 50


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> dict[str, bool]:
    """How somebody works."""
    return WAYS[request.param]


@pytest.fixture
async def at(acme: Firm, okta: Scim, chrome: Browser, way: dict[str, bool]) -> At:
    """Opens a page of `acme` as Ada sees it."""
    session = await acme.session("ada")

    @asynccontextmanager
    async def opened(path: str) -> AsyncIterator[Hands]:
        async with window(chrome, acme.place.url, signed_in(session), java_script_enabled=way["scripts"]) as seen:
            yield Hands(await seen.go(acme.path + path), way["by_keyboard"])

    return opened


async def test_okta_is_connected_by_the_wizard_while_it_sends(
    acme: Firm, okta: Scim, at: At, way: dict[str, bool]
) -> None:
    async with at("/provisioning/new") as hands:
        page = hands.page
        await hands.press(page.locator("a.choice", has_text=re.compile("^OOkta|Okta")).first)
        await hands.write(page.get_by_label("Name", exact=True), "Okta production")
        await hands.press(hands.button("Make the URL and the key"))
        await expect(page.locator("#waiting-title")).to_contain_text("Waiting for the first request")
        theirs = okta.using(await page.locator("#secret").inner_text())
        assert (await theirs.get("/Users", filter='userName eq "bo"')).status_code == 200
        await _look_again(hands, way)
        await expect(page.locator("#waiting-title")).to_contain_text("Working since")
        emails = [{"value": acme.address("bo"), "primary": True}]
        await theirs.make_user(acme.address("bo"), displayName="Bo Berg", emails=emails)
        refused = await theirs.post("/Users", {"userName": acme.address("cy")})
        assert refused.status_code == 403
        assert "pilot" in refused.text
        for _ in ("attributes", "seats", "groups", "pilot", "live"):
            await hands.press(page.get_by_role("link", name="Go on", exact=True))
        await hands.press(hands.button("Go live"))
        await expect(page.locator("h1")).to_contain_text("is live")
        await theirs.make_user(acme.address("cy"), displayName="Cy Chan")
        await hands.press(hands.link("See who came"))
        await expect(page.locator("tbody")).to_contain_text("Cy Chan")


async def test_a_group_is_mapped_after_a_look_at_whom_it_concerns(acme: Firm, okta: Scim, at: At) -> None:
    people = [await okta.make_user(acme.address(name), displayName=name.title()) for name in ("bo", "cy")]
    await okta.make_group("Sales", [each["id"] for each in people])
    async with at("/groups") as hands:
        page = hands.page
        await hands.choose(page.get_by_label("Role of Sales"), "Account Manager")
        await hands.press(hands.button("Preview the mapping"))
        await expect(page.locator("main")).to_contain_text("Nothing is changed yet")
        await expect(page.locator("tbody")).to_contain_text("Cy")
        await hands.press(hands.button("Save for 2 people"))
        await expect(page.get_by_label("Role of Sales").locator("option:checked")).to_have_text("Account Manager")
        await page.goto(f"{acme.place.url}{acme.path}/people?query=bo")
        await expect(page.locator("tbody")).to_contain_text("Account Manager")


async def test_a_role_is_overridden_and_the_page_says_why(acme: Firm, okta: Scim, at: At) -> None:
    await acme.person(okta, "bo")
    async with at("/people") as hands:
        page = hands.page
        await hands.press(page.locator("tbody").get_by_role("link", name="Bo"))
        await expect(page.locator("h2", has_text="Role:")).to_have_text("Role: Viewer")
        await hands.press(page.get_by_text("Choose a role"))
        await hands.choose(page.get_by_label("Role", exact=True), "Admin")
        await hands.write(page.get_by_label("Why").first, "Runs the pilot in Leeds")
        await hands.press(hands.button("Choose this role"))
        await expect(page.locator("h2", has_text="Role:")).to_have_text("Role: Admin")
        await expect(page.locator("li.decisive")).to_contain_text("Runs the pilot in Leeds")


async def test_seats_run_out_more_are_bought_and_the_ledger_tells(acme: Firm, okta: Scim, at: At) -> None:
    async with acme.place.within():
        await seat_pools.set_price(acme.operator, SeatType.FULL, 3000)
        await seat_pools.set_terms(
            acme.operator,
            currency="EUR",
            interval=BillingInterval.MONTH,
            anchor=date(2026, 1, 1),
            is_enrolled=True,
            pack_size=2,
        )
        await seat_pools.set_limits(acme.operator, {SeatType.FULL: 1})
    refused = await okta.post("/Users", {"userName": acme.address("bo"), "displayName": "Bo Berg"})
    assert "The only full seat is taken" in refused.text
    async with at("/seats/settings") as hands:
        page = hands.page
        await hands.tick(page.get_by_label("Buy more"))
        await hands.press(hands.button("Save").first)
        if await hands.button("Save").count() == 1:  # who would change by it is shown first
            await hands.press(hands.button("Save"))
            await page.goto(f"{acme.place.url}{acme.path}/seats/settings")
        await hands.write(page.get_by_label(re.compile("Cap, in EUR")), "200")
        await hands.tick(page.get_by_label(re.compile("I agree that seats are bought")))
        await hands.press(hands.button("Accept the cap"))
        await expect(page.locator("main")).to_contain_text("accepted by")
        await okta.make_user(acme.address("bo"), displayName="Bo Berg")
        await hands.press(page.locator("main").get_by_role("link", name="Purchases"))
        await expect(page.locator("tbody")).to_contain_text("2")
        await hands.press(page.locator("main").get_by_role("link", name="Ledger"))
        await expect(page.locator("tbody")).to_contain_text("Bo Berg")


async def test_why_somebody_is_missing_is_found_out(acme: Firm, okta: Scim, at: At) -> None:
    await okta.post("/Users", {"userName": "zoe@elsewhere.example.org", "displayName": "Zoe"})
    async with at("/people") as hands:
        page = hands.page
        await hands.press(hands.link("Find out why"))
        await hands.write(page.get_by_label(re.compile("E-mail address or userName")), "zoe@elsewhere.example.org")
        await hands.press(hands.button("Find out"))
        await expect(page.locator(".finding").first).to_contain_text("Next:")
        await hands.press(hands.link("Show the request").first)
        await expect(page.locator("h1")).to_contain_text("zoe@elsewhere.example.org")
        await expect(page.locator("main")).to_contain_text("Refused")


async def test_held_removals_are_approved(acme: Firm, okta: Scim, at: At) -> None:
    made = [await okta.make_user(acme.address(f"p{number}"), displayName=f"P {number}") for number in range(4)]
    async with acme.place.within():
        await policies.change(acme.operator, {"breaker_people": 1, "breaker_percent": 1})
    for each in made:
        await okta.patch(f"/Users/{each['id']}", active(False))
    async with at("/activity/held") as hands:
        page = hands.page
        await expect(page.locator("main")).to_contain_text("The first 1 were removed, 3 are on hold")
        await hands.press(hands.button("Approve"))
        await expect(page.locator("h1")).to_have_text("Remove 3 people?")
        await hands.press(hands.button("Remove 3 people"))
        await expect(page.locator("main")).to_contain_text("Access has ended for 3 people.")
        await expect(page.locator("main")).to_contain_text("No removal is on hold")


async def test_a_key_is_replaced_after_the_new_one_proved_that_it_is_used(
    acme: Firm, okta: Scim, at: At, way: dict[str, bool]
) -> None:
    async with at(f"/provisioning/{okta.access.directory_id}?tab=keys") as hands:
        page = hands.page
        await hands.press(hands.button("Make a second key"))
        await expect(page.locator("main")).to_contain_text("Both keys work until")
        await expect(page.locator("#waiting-title")).to_contain_text("Waiting for the first request with the new key")
        second = okta.using(await page.locator("#secret").inner_text())
        assert (await okta.get("/Users")).status_code == 200
        await expect(page.locator("#waiting-title")).to_contain_text("Waiting")
        assert (await second.get("/Users")).status_code == 200
        await _look_again(hands, way)
        await expect(page.locator("#waiting-title")).to_contain_text("Working since")
        await hands.press(hands.link("end the old one"))
        await hands.press(page.get_by_role("link", name=re.compile("End now")).last)
        await hands.press(hands.button("End the key"))
        await expect(page.locator("main")).to_contain_text("The key has ended.")
        assert [(await each.get("/Users")).status_code for each in (okta, second)] == [401, 200]


async def _look_again(hands: Hands, way: dict[str, bool]) -> None:
    """With scripts the page looks by itself; that a key was used is written a moment afterwards."""
    if way["scripts"]:
        return
    for _ in range(_LOOKS):
        await hands.press(hands.link("Look again"))
        if "Working" in await hands.page.locator("#waiting-title").inner_text():
            return
