"""The browser, the place whose pages it shows, and what is there to see; each is made once for a worker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.graphql.conftest import Api
from tests.scim.conversation import Scim

from . import chromium, crowd, firm, place, world
from .firm import Firm
from .place import Place
from .world import World


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where the browser is; without one the test fails, and says how to come by one."""
    try:
        return chromium.find()
    except chromium.NoChromium as none:
        pytest.fail(str(none))


@pytest.fixture(scope="session")
async def chrome(chromium_path: str) -> AsyncIterator[Browser]:
    """The browser; each test opens a window of its own, which shares nothing with others."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path,
            args=["--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
async def served(
    server_url: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory, secret_keys: Path
) -> AsyncIterator[Place]:
    """Rollcall in processes of its own."""
    folder = tmp_path_factory.mktemp("served")
    async with place.served(server_url, f"rollcall_test_{worker_id}_pages", folder, secret_keys) as found:
        yield found


@pytest.fixture(scope="session")
async def operators_api(served: Place) -> Api:
    """GraphQL with a token of the operator's."""
    return await firm.operators_api(served)


@pytest.fixture(scope="session")
async def operators_session(served: Place) -> str:
    """A session of somebody who runs the installation."""
    return await firm.operators_session(served)


@pytest.fixture
async def acme(served: Place, operators_api: Api) -> Firm:
    """A fresh organization with nobody in it."""
    return await firm.founded(served, operators_api)


@pytest.fixture
async def okta(acme: Firm) -> Scim:
    """A directory of `acme` that has brought Ada, who is an admin."""
    directory = await acme.directory()
    await acme.person(directory, "ada", "admin")
    return directory


@pytest.fixture(scope="session")
async def full(served: Place, operators_api: Api) -> World:
    """An organization with something of everything, for tests that change nothing."""
    return await world.furnished(await firm.founded(served, operators_api, "Acme"))


@pytest.fixture(scope="session")
async def empty(served: Place, operators_api: Api) -> World:
    """An organization with an admin and nothing else."""
    return await world.bare(await firm.founded(served, operators_api, "Bare"))


@pytest.fixture(scope="session")
async def spent(served: Place, operators_api: Api) -> World:
    """One whose forms are sent, so that it changes from test to test."""
    return await world.furnished(await firm.founded(served, operators_api, "Spent"))


@pytest.fixture(scope="session")
async def crowded(served: Place, operators_api: Api) -> World:
    """One in which every list is full."""
    return await crowd.crowded(await firm.founded(served, operators_api, "Crowded"))


@pytest.fixture(scope="session")
async def hostile(served: Place, operators_api: Api) -> World:
    """The same made of texts that try to break out of pages."""
    name = world.hostile("Acme")
    return await world.furnished(await firm.founded(served, operators_api, name), world.hostile)
