"""Every page, light and dark, on a desk and on a phone, with scripts and without."""

from __future__ import annotations

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from playwright.async_api import Browser

from . import addresses
from .looking import COLOURS, DESKTOP, NARROW, PHONE, RULES, Rules, Window, signed_in, window
from .place import Place
from .world import World

HEAVIEST = 60_000


@pytest.mark.parametrize("path", addresses.paths())
async def test_a_page_is_as_it_should_be(
    path: str, chrome: Browser, served: Place, full: World, operators_session: str
) -> None:
    """No complaint of the browser, nothing too wide, nothing inaccessible, and light to load.

    A theme changes nothing but colours, so that other rules are asked once for each width; what a page shows besides
    its first look is looked at light on a desk and dark on a phone.
    """
    troubles: list[str] = []
    for number, address in enumerate(addresses.of(path, full, operators_session)):
        async with window(chrome, served.url, address.cookies) as seen:
            await seen.go(address.path)
            found = [*await _told(seen), *await _looked_at(seen, "desk", "light")]
            if (weight := await seen.weight()) > HEAVIEST and path not in addresses.HEAVY:
                found.append(f"{weight} bytes")
            if number == 0:
                found += await _looked_at(seen, "desk", "dark", COLOURS)
            await seen.be(width=PHONE, theme="light")
            await seen.page.reload()
            if number == 0:
                found += await _looked_at(seen, "phone", "light", COLOURS)
            found += await _looked_at(seen, "phone", "dark")
            await seen.be(width=NARROW)
            found += [f"320 px: {each}" for each in await seen.too_wide()]
            troubles += [f"{address.path}: {each}" for each in (*found, *seen.complaints)]
            seen.complaints.clear()
    assert not troubles, "\n".join(troubles)


@pytest.mark.parametrize("path", addresses.paths())
async def test_a_page_needs_no_script(
    path: str, chrome: Browser, served: Place, full: World, operators_session: str
) -> None:
    """Without JavaScript a page is whole, and as wide as the window."""
    [address, *_] = addresses.of(path, full, operators_session)
    async with window(chrome, served.url, address.cookies, java_script_enabled=False) as seen:
        await seen.go(address.path)
        found = await _told(seen)
        for width in (DESKTOP, PHONE, NARROW):
            await seen.be(width=width)
            found += [f"{width} px: {each}" for each in await seen.too_wide()]
        assert found == []


@pytest.mark.parametrize("path", [each for each in addresses.paths() if addresses.is_plain(each)])
async def test_a_page_of_an_organization_that_has_nothing(
    path: str, chrome: Browser, served: Place, empty: World, operators_session: str
) -> None:
    """It says what to do, in both themes and as narrow as can be."""
    [address, *_] = addresses.of(path, empty, operators_session)
    async with window(chrome, served.url, address.cookies) as seen:
        await seen.go(address.path)
        assert await _looked_at(seen, "desk", "light") == []
        await seen.be(width=NARROW)
        assert await _looked_at(seen, "phone", "dark", COLOURS) == []


@pytest.mark.parametrize(("path", "status"), [("people", 403), ("nothing-like-this", 404)])
async def test_a_page_that_nobody_gets(path: str, status: int, chrome: Browser, served: Place, full: World) -> None:
    """Somebody who may not see it, and something that there is not."""
    async with window(chrome, served.url, signed_in(full.viewer)) as seen:
        await seen.go(f"{full.firm.path}/{path}", status=status)
        assert [*await _told(seen), *await _looked_at(seen, "desk", "light")] == []
        await seen.be(width=NARROW)
        assert await _looked_at(seen, "phone", "dark", COLOURS) == []


def test_no_page_is_forgotten(_application: Litestar) -> None:  # noqa: PT019  # what it serves is looked at
    """Whatever the dashboard answers to a browser is looked at, or stands among what is no page."""
    asked = {
        route.path
        for route in _application.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "GET" in handler.http_methods and handler.fn.__module__.startswith("dashboard.")
    }
    assert asked - {"/static/{name:str}"} == {*addresses.paths(), *addresses.NO_PAGES}


async def _told(seen: Window) -> list[str]:
    title, headings = await seen.page.title(), await seen.page.locator("h1").count()
    return [
        *([] if title.strip() else ["no title"]),
        *([] if headings == 1 else [f"{headings} first headings"]),
    ]


async def _looked_at(seen: Window, where: str, theme: str, rules: Rules = RULES) -> list[str]:
    await seen.be(theme=theme)
    found = [*await seen.too_wide(), *await seen.inaccessible(rules)]
    return [f"{where}, {theme}: {each}" for each in found]
