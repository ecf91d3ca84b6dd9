"""Names, titles, reasons, requests and browsers that try to break out of pages: all are shown, none does anything."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page

from . import addresses
from .looking import NARROW, signed_in, window
from .place import Place
from .world import PAYLOADS, World

_TAGS_OF_PAYLOADS = "main script, main img:not([src^='/static/']), main iframe, main base, main style, main [onfocus]"
FOREIGN = f"{_TAGS_OF_PAYLOADS}, [onmouseover], [onerror], svg[onload], a[href^='javascript:'], form[action^='//']"


@pytest.mark.parametrize("path", addresses.paths())
async def test_what_is_shown_does_nothing(
    path: str, chrome: Browser, served: Place, hostile: World, operators_session: str
) -> None:
    """No script runs, nothing is loaded, the policy forbids nothing, since nothing tries; and nothing is too wide."""
    for address in addresses.of(path, hostile, operators_session):
        async with window(chrome, served.url, address.cookies, width=NARROW) as seen:
            page = await seen.go(address.path)
            assert await page.locator(FOREIGN).count() == 0, address.path
            assert await page.locator("h1").is_visible()
            await _touch(page)
            assert await seen.too_wide() == [], address.path


async def test_the_texts_are_there_to_be_shown(chrome: Browser, served: Place, hostile: World) -> None:
    """Otherwise the test above would see nothing."""
    async with window(chrome, served.url, signed_in(hostile.admin)) as seen:
        told = ""
        for path in ("", "/people", "/groups", "/activity", "/audit", "/developers", "/activity/held", "/provisioning"):
            page = await seen.go(hostile.firm.path + path)
            told += await page.inner_text("body")
        assert [each for each in PAYLOADS if each.casefold() not in told.casefold()] == []


async def _touch(page: Page) -> None:
    """Open what is folded, and have the pointer and the focus over what could listen."""
    await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    await page.evaluate("""
        for (const each of document.querySelectorAll("main *"))
          for (const type of ["mouseover", "focus", "load", "error"]) each.dispatchEvent(new Event(type));
    """)


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("<img src=/static/mark.svg onload=alert(1)>", "violates the following Content Security Policy"),
        ("<img src=//elsewhere.example/x.png>", "violates the following Content Security Policy"),
        ("<p style=color:red>", "violates the following Content Security Policy"),
        ("<img src=/static/nothing.svg>", "404 for"),
    ],
)
async def test_what_breaks_out_would_be_heard(html: str, complaint: str, chrome: Browser, served: Place) -> None:
    """Otherwise the tests above would hear nothing."""
    async with window(chrome, served.url, {}) as seen:
        page = await seen.go("/sign-in")
        async with page.expect_event("console"):
            await page.evaluate("(html) => { document.querySelector('main').innerHTML = html; }", html)
        assert any(complaint in each for each in seen.complaints), seen.complaints
        seen.complaints.clear()


async def test_a_script_that_runs_would_be_heard(chrome: Browser, served: Place) -> None:
    """By what it says to people."""
    async with window(chrome, served.url, {}) as seen:
        page = await seen.go("/sign-in")
        async with page.expect_event("dialog"):
            await page.evaluate("setTimeout(() => alert(1), 0)")
        await page.evaluate("1")
        assert seen.complaints == ["a dialog: 1"]
        seen.complaints.clear()
