"""What pages of provisioning do by themselves in a browser: copy, count, wait, and say how long a guest has."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from api.identity import portal
from db.enums import PortalPurpose
from tests.scim.conversation import Scim

from .firm import Firm
from .looking import signed_in, window

At = Callable[..., AbstractAsyncContextManager[Page]]


@pytest.fixture
async def at(acme: Firm, okta: Scim, chrome: Browser) -> At:
    """Opens a page of `acme` as Ada sees it."""
    session = await acme.session("ada")

    @asynccontextmanager
    async def opened(path: str, **chosen: Any) -> AsyncIterator[Page]:
        async with window(chrome, acme.place.url, signed_in(session), **chosen) as seen:
            yield await seen.go(acme.path + path)

    return opened


async def _clipboard(page: Page) -> str:
    found: str = await page.evaluate("navigator.clipboard.readText()")
    return found


async def test_the_url_and_the_report_are_written_to_the_clipboard(okta: Scim, acme: Firm, at: At) -> None:
    """R033, R153."""
    refused = await okta.post("/Users", {"userName": "zoe@elsewhere.example.org"})
    assert refused.status_code == 403
    [trace] = re.findall(r"trace ([0-9a-f-]{36})", refused.json()["detail"])
    may = ["clipboard-read", "clipboard-write"]
    async with at(f"/provisioning/{okta.access.directory_id}", permissions=may) as page:
        button = page.locator("[data-copy=scim-url]")
        await button.click()
        await expect(button).to_have_text("Copied")
        await expect(page.locator("#live")).to_have_text("Copied")
        assert await _clipboard(page) == f"{acme.place.url}/scim/v2"
        await page.get_by_role("button", name="Copy report").click()
        await expect(page.locator("[data-copy=report]")).to_have_text("Copied")
        report = await _clipboard(page)
        assert trace in report
        assert okta.access.key not in report
        await page.goto(f"{acme.place.url}{acme.path}/activity/{trace}")
        await page.get_by_role("button", name="Copy report").click()
        await expect(page.locator("[data-copy=report]")).to_have_text("Copied")
        assert trace in await _clipboard(page)
        assert await _clipboard(page) != report


async def test_where_the_clipboard_is_shut_the_text_is_selected(okta: Scim, at: At) -> None:
    async with at(f"/provisioning/{okta.access.directory_id}") as page:
        await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        await page.get_by_role("button", name="Copy report").click()
        await expect(page.locator("#live")).to_contain_text("Copy it with Ctrl+C")
        assert await page.evaluate("getSelection().toString()") == await page.locator("#report").inner_text()


async def test_the_counter_rises_without_a_reload(okta: Scim, acme: Firm, at: At) -> None:
    """R051."""
    async with at(f"/provisioning/{okta.access.directory_id}") as page:
        counted = page.locator("#arriving dd").first
        await expect(counted).to_have_text("1")
        await page.evaluate("window.stays = true")
        for number in range(10):
            await acme.person(okta, f"p{number}")
        await expect(counted).to_have_text("11", timeout=10_000)
        assert await page.evaluate("window.stays")


@pytest.fixture
async def guest(acme: Firm) -> str:
    """The session of somebody who came by a portal link."""
    async with acme.place.within():
        made = await portal.create(acme.operator, PortalPurpose.PROVISIONING, lives=timedelta(hours=1))
        return (await portal.enter(made.token)).token


async def test_a_guest_is_told_in_time_and_has_more_of_it_without_losing_the_key(
    acme: Firm, guest: str, chrome: Browser
) -> None:
    """WCAG 2.2.1."""
    async with window(chrome, acme.place.url, {"rollcall-portal": guest}) as seen:
        page = await seen.go(f"{acme.path}/provisioning/new?step=details&provider=OKTA")
        await expect(page.locator("[data-left]")).to_have_text(re.compile("in (59|60) minutes"))
        await expect(page.locator("#live")).to_be_empty()
        await acme.write(
            "UPDATE portal_link SET session_ends_at = now() + interval '4 minutes' WHERE organization_id = $1"
        )
        await page.get_by_role("button", name="Make the URL and the key").click()
        await expect(page.locator("#live")).to_have_text("4 minutes left. “One hour more” gives you another hour.")
        key = await page.locator("#secret").inner_text()
        await page.get_by_role("button", name="One hour more").click()
        await expect(page.locator("[data-left]")).to_have_text(re.compile("in (59|60) minutes"))
        await expect(page.locator("#live")).to_contain_text("Your time ends at")
        await expect(page.get_by_role("button", name="One hour more")).to_be_focused()
        assert await page.locator("#secret").inner_text() == key
        assert seen.complaints == []
