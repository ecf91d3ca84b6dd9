"""Lists as one works in them with scripts: choices in rows keep the focus, keys go through rows, and rest when told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from api.provisioning import members
from tests.scim.conversation import Scim

from .firm import Firm
from .looking import PHONE, Window, signed_in, window

_AT = "document.activeElement.id"


@pytest.fixture
async def okta(acme: Firm) -> Scim:
    """A directory of `acme` that has brought Ada, who is an admin, and two viewers."""
    directory = await acme.directory()
    await acme.person(directory, "ada", "admin")
    await acme.person(directory, "bo")
    await acme.person(directory, "cy")
    return directory


@pytest.fixture
async def seen(acme: Firm, okta: Scim, chrome: Browser) -> AsyncIterator[Window]:
    """A window of Ada's."""
    async with window(chrome, acme.place.url, signed_in(await acme.session("ada"))) as opened:
        yield opened


async def _choice(acme: Firm, page: Page, field: str, name: str) -> Any:
    return page.locator(f"#{field}-{await acme.member(name)}")


async def _has_role(acme: Firm, name: str, key: str) -> bool:
    statement = (
        "SELECT r.key FROM member m JOIN role r ON r.id = m.role_id WHERE m.organization_id = $1 AND m.email = $2"
    )
    return await acme.value(statement, acme.address(name)) == key


async def test_a_role_is_chosen_in_the_row_and_the_focus_stays(acme: Firm, seen: Window) -> None:
    page = await seen.go(f"{acme.path}/people")
    choice, id = await _choice(acme, page, "role", "bo"), f"role-{await acme.member('bo')}"
    await page.get_by_role("checkbox", name="Bo").check()
    await choice.focus()
    await choice.select_option(label="Account Manager")
    await expect(page.locator("#live")).to_have_text("Bo has the role Account Manager.")
    await expect(page.locator(f"#member-{await acme.member('bo')}")).to_contain_text("Chosen in the list of people")
    assert await page.evaluate(_AT) == id
    assert await _has_role(acme, "bo", "account-manager")
    await expect(choice.locator("option:checked")).to_have_text("Account Manager")
    await expect(page.get_by_role("checkbox", name="Bo")).to_be_checked()
    await expect(page.get_by_role("button", name="Change 1 ticked")).to_be_visible()
    assert await seen.inaccessible() == []


async def test_a_choice_that_is_refused_is_told_in_the_row_which_keeps_what_it_had(acme: Firm, seen: Window) -> None:
    page = await seen.go(f"{acme.path}/people")
    choice, id = await _choice(acme, page, "role", "ada"), f"role-{await acme.member('ada')}"
    await choice.focus()
    await choice.select_option(label="Viewer")
    await expect(page.locator(f"#{id}-wrong")).to_contain_text("without an admin")
    await expect(choice.locator("option:checked")).to_have_text("Admin")
    assert await page.evaluate(_AT) == id
    assert await seen.inaccessible() == []
    await seen.be(width=PHONE)
    assert await seen.too_wide() == []
    seen.complaints.clear()  # 422 is what was asked for


async def test_arrows_in_a_row_save_nothing_before_enter(acme: Firm, seen: Window) -> None:
    page = await seen.go(f"{acme.path}/people")
    choice = await _choice(acme, page, "role", "bo")
    sent: list[str] = []
    page.on("request", lambda each: sent.append(each.url) if each.method == "POST" else None)
    await choice.focus()
    await page.keyboard.press("ArrowDown")
    await expect(choice.locator("option:checked")).to_have_text("Admin")
    await expect(page.locator("#live")).to_have_text("Enter saves, Escape takes it back")
    await page.keyboard.press("Escape")
    await expect(choice.locator("option:checked")).to_have_text("Viewer")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    assert sent == []
    await page.keyboard.press("Enter")
    await expect(page.locator("#live")).to_have_text("Bo has the role Account Manager.")
    assert len(sent) == 1
    assert await page.evaluate(_AT) == f"role-{await acme.member('bo')}"


async def test_what_was_chosen_by_keys_is_saved_by_leaving_the_list(acme: Firm, seen: Window) -> None:
    page = await seen.go(f"{acme.path}/people")
    choice = await _choice(acme, page, "seat", "bo")
    await choice.focus()
    await page.keyboard.type("Lite")
    await page.keyboard.press("Tab")
    await expect(page.locator("#live")).to_have_text("Bo has a lite seat.")
    assert await page.evaluate(_AT) == f"role-{await acme.member('bo')}"


async def test_what_cannot_be_sent_does_not_stay_in_sight(acme: Firm, seen: Window) -> None:
    page = await seen.go(f"{acme.path}/people")
    choice = await _choice(acme, page, "role", "bo")
    await page.context.set_offline(True)
    await choice.select_option(label="Admin")
    await expect(page.locator(".wrong")).to_contain_text("nothing is changed")
    await expect(choice.locator("option:checked")).to_have_text("Viewer")
    await page.context.set_offline(False)
    seen.complaints.clear()


async def test_keys_go_through_the_list_and_reach_what_is_in_the_row(acme: Firm, seen: Window) -> None:
    page = await seen.go(f"{acme.path}/people")
    ada, bo = [str(await acme.member(name)) for name in ("ada", "bo")]
    for key, at in (("j", f"who-{ada}"), ("j", f"who-{bo}"), ("k", f"who-{ada}"), ("j", f"who-{bo}")):
        await page.keyboard.press(key)
        assert await page.evaluate(_AT) == at
    await page.keyboard.press("x")
    await expect(page.get_by_role("button", name="Change 1 ticked")).to_be_visible()
    assert await page.locator("tbody input:checked").get_attribute("aria-label") == "Bo"
    await page.keyboard.press("e")
    assert await page.evaluate(_AT) == f"seat-{bo}"
    await page.keyboard.press("Escape")
    await page.keyboard.press("r")
    assert await page.evaluate(_AT) == f"role-{bo}"
    await page.keyboard.type("j")  # one writes in a list
    assert await page.evaluate(_AT) == f"role-{bo}"
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    assert await page.evaluate(_AT) == "query"
    await page.keyboard.type("jx?")
    assert await page.input_value("#query") == "jx?"
    await page.fill("#query", "")
    await page.locator("h1").click()
    await page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    await expect(dialog).to_contain_text("Choose the role")
    assert await seen.inaccessible() == []
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Ada")


async def test_keys_that_are_off_do_nothing(acme: Firm, seen: Window) -> None:
    await seen.context.add_cookies([{"name": "rollcall-keys", "value": "off", "url": seen.url}])
    page = await seen.go(f"{acme.path}/people")
    before = await page.evaluate(_AT)
    for key in ("j", "x", "r", "/", "?", "Alt+ArrowUp"):
        await page.keyboard.press(key)
        assert await page.evaluate(_AT) == before
    await expect(page.locator("tbody input:checked")).to_have_count(0)
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_the_list_is_left_alone_while_one_works_in_it_or_has_paused_it(acme: Firm, seen: Window) -> None:
    await seen.page.clock.install()
    page = await seen.go(f"{acme.path}/people")
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url) if "/people/news" in each.url else None)

    async def asks() -> int:
        """How often the page asks within a quarter of a minute."""
        asked.clear()
        await page.clock.run_for(15_100)
        return len(asked)

    assert await asks() == 1
    box = page.locator("tbody input").first
    await box.check()
    assert await asks() == 0
    await box.uncheck()
    await (await _choice(acme, page, "role", "bo")).focus()
    assert await asks() == 0
    await page.get_by_role("button", name="Pause").click()
    assert await asks() == 0
    await expect(page.get_by_role("button", name="Go on")).to_have_attribute("aria-pressed", "true")
    await page.fill("#query", "bo")  # the list is another; that it is paused stays
    await page.clock.run_for(300)
    await expect(page.locator("#people-count")).to_have_text("1 person")
    await expect(page.get_by_role("button", name="Go on")).to_be_visible()
    assert await asks() == 0
    await page.get_by_role("button", name="Go on").click()
    assert await asks() == 1


async def test_the_list_shows_what_others_change(acme: Firm, okta: Scim, seen: Window) -> None:
    await seen.page.clock.install()
    page = await seen.go(f"{acme.path}/people")
    async with acme.place.within():
        await members.override_role(acme.operator, await acme.member("bo"), "admin", reason="Runs it", by="Dana")
    await page.clock.run_for(15_100)
    await expect(page.locator(f"#member-{await acme.member('bo')}")).to_contain_text("Override by Dana")
    await acme.person(okta, "di")
    await page.clock.run_for(15_100)
    await expect(page.locator("#news")).to_contain_text("The list has changed.")
    assert await page.locator("tbody tr").count() == 3
    await page.get_by_role("link", name="The list has changed. Show").click()
    await expect(page.locator("tbody")).to_contain_text("Di")


async def test_a_role_moves_by_its_keys_and_stays_at_hand(acme: Firm, seen: Window) -> None:
    page = await seen.go(f"{acme.path}/roles")
    names = page.locator("tbody .lead a")
    for key in ("j", "j"):
        await page.keyboard.press(key)
    await page.keyboard.press("Alt+ArrowDown")
    await expect(names).to_have_text(["Admin", "Viewer", "Account Manager", "Knowledge Base Viewer"])
    await page.keyboard.press("Alt+ArrowDown")  # the same one: the page is another, and it is where the page begins
    await expect(names).to_have_text(["Admin", "Viewer", "Knowledge Base Viewer", "Account Manager"])
    await page.keyboard.press("Alt+ArrowUp")
    await expect(names).to_have_text(["Admin", "Viewer", "Account Manager", "Knowledge Base Viewer"])


async def test_a_group_is_mapped_from_its_row_by_a_key(acme: Firm, okta: Scim, seen: Window) -> None:
    for name in ("Sales", "Marketing"):
        await okta.make_group(name, [])
    page = await seen.go(f"{acme.path}/groups")
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    name = await page.evaluate("document.activeElement.textContent")
    await page.keyboard.press("m")
    assert await page.evaluate("document.activeElement.ariaLabel") == f"Role of {name}"


async def test_numbers_open_the_tabs_of_a_person_and_what_others_change_is_told(acme: Firm, seen: Window) -> None:
    await seen.page.clock.install()
    bo = await acme.member("bo")
    page = await seen.go(f"{acme.path}/people/{bo}")
    for key, name in (("2", "Profile"), ("6", "Raw SCIM"), ("1", "Access")):
        await page.keyboard.press(key)
        await expect(page.locator("nav.tabs [aria-current]")).to_have_text(name)
    async with acme.place.within():
        await members.override_role(acme.operator, bo, "admin", reason="Runs it", by="Dana")
    await page.clock.run_for(15_100)
    await expect(page.locator("#changed")).to_contain_text("Changed")
    await page.get_by_role("link", name="Reload").click()
    await expect(page.locator("#why-head")).to_have_text("Role: Admin")
