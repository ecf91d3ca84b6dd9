"""The demo, filled once for all tests of a module, which leave it as it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar

from api import settings
from api.demo import access, filling, hands, people
from api.demo.access import Access
from api.demo.hands import Hands
from api.provisioning import global_ids
from api.secrets import at_hand
from api.settings import Settings
from tests.conftest import BASE_URL, empty

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Demo:
    """The filled demo, how it was filled, and its admin, who asks."""

    application: Litestar
    settings: Settings
    access: Access
    token: str
    fills: list[str]
    admin: Hands
    http: httpx.AsyncClient

    async def ask(self, selection: str) -> Json:
        """What an admin finds of the organization."""
        id = global_ids.write("Organization", self.access.organization, self.access.organization)
        return await self.admin.do(f"query($o: ID!) {{ organization(id: $o) {{ {selection} }} }}", o=id)


@pytest.fixture
def application(_application: Litestar) -> Litestar:
    """The whole application, running."""
    return _application


@pytest.fixture(scope="module")
async def demo(
    _application: Litestar, secret_keys: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Demo]:
    """Acme as it is today."""
    at_hand.load(str(secret_keys))
    folder = tmp_path_factory.mktemp("demo")
    chosen = settings.read({"ROLLCALL_DATA": str(folder / "postgres"), "ROLLCALL_PUBLIC_URL": BASE_URL})
    fills = list[str]()

    async def fill() -> Access:
        fills.append("once")
        return await filling.fill(_application, chosen)

    found, token = await access.prepare(chosen, fill)
    admin = await hands.sign_in(found.organization, people.ADMIN, chosen)
    transport = httpx.ASGITransport(app=_application)  # type: ignore[arg-type]  # Litestar is an ASGI application
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        yield Demo(_application, chosen, found, token, fills, admin, client)
    await empty()
