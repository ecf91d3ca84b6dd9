"""Lists that are full: still light to load, and no wider than a phone."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from . import addresses
from .addresses import ORGANIZATION
from .looking import DESKTOP, NARROW, PHONE, window
from .place import Place
from .test_every_page import HEAVIEST
from .world import World

FULL = {
    f"{ORGANIZATION}/people": 50,
    f"{ORGANIZATION}/groups": 50,
    f"{ORGANIZATION}/groups/{{group:uuid}}": 50,
    f"{ORGANIZATION}/seats/ledger": 50,
    f"{ORGANIZATION}/seats/purchases": 50,
    f"{ORGANIZATION}/activity": 50,
    f"{ORGANIZATION}/activity/held": 50,
    f"{ORGANIZATION}/activity/decisions": 20,
    f"{ORGANIZATION}/audit": 50,
    f"{ORGANIZATION}/domains": 50,
    f"{ORGANIZATION}/developers": 50,
    f"{ORGANIZATION}/developers/webhooks/{{endpoint:uuid}}": 25,
    f"{ORGANIZATION}/people/jobs": 50,
    f"{ORGANIZATION}/people/jobs/{{done:uuid}}?outcome=REFUSED": 50,
    f"{ORGANIZATION}/provisioning/portal": 50,
    "/events": 50,
    "/orgs": 25,
    "/jobs": 25,
    "/jobs/mails": 50,
    "/platform-audit": 50,
}
"""How many rows there are at least on the first page of each list."""


@pytest.mark.parametrize("path", FULL)
async def test_a_full_list_is_light_and_narrow(
    path: str, chrome: Browser, served: Place, crowded: World, operators_session: str
) -> None:
    [address, *_] = addresses.of(path, crowded, operators_session)
    async with window(chrome, served.url, address.cookies) as seen:
        page = await seen.go(address.path)
        rows = await page.locator("main tbody tr, main article").count()
        found = [] if rows >= FULL[path] else [f"{rows} rows"]
        if (weight := await seen.weight()) > HEAVIEST:
            found.append(f"{weight} bytes")
        for width in (DESKTOP, PHONE, NARROW):
            await seen.be(width=width)
            found += [f"{width} px: {each}" for each in await seen.too_wide()]
        assert found == []
