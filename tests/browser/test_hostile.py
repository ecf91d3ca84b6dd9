"""Names, titles, reasons, requests and browsers that try to break out of pages: all are shown, none does anything."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page

from . import addresses
from .looking import NARROW, signed_in, window
from .place import Place
from .world import PAYLOADS, World

_TAGS_OF_PAYLOADS = "main script, main img:not([src^='/static/']), main iframe, main base, main style, main [onfocus]"
_FOREIGN = f"{_TAGS_OF_PAYLOADS}, [onmouseover], [onerror], svg[onload], a[href^='javascript:'], form[action^='//']"


@pytest.mark.parametrize("path", addresses.paths())
async def test_what_is_shown_does_nothing(
    path: str, chrome: Browser, served: Place, hostile: World, operators_session: str
) -> None:
    """No script runs, nothing is loaded, the policy forbids nothing, since nothing tries; and nothing is too wide."""
    for address in addresses.of(path, hostile, operators_session):
        async with window(chrome, served.url, address.cookies, width=NARROW) as seen:
            page = await seen.go(address.path)
            assert await page.locator(_FOREIGN).count() == 0, address.path
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
