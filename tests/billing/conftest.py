"""An organization that buys seats automatically, and workers that have them charged for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from api.billing.ledger import Ledger
from api.provisioning import billing
from db.enums import BillingProvider
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim
from tests.scim.test_seats import limit, sold

from .provider import Provider


@pytest.fixture
async def scim(client: httpx.AsyncClient, new_directory: NewDirectory) -> Scim:
    """A directory of an organization without any full seat, where they are bought at 30.00 EUR a month."""
    made = Scim(client, await new_directory())
    await limit(made, full=0)
    await sold(made)
    return made


@pytest.fixture
def provider(scim: Scim) -> Iterator[Provider]:
    """Whoever charges by default, instead of the ledger."""
    made = Provider()
    billing.use(BillingProvider.HTTP, {BillingProvider.HTTP: made, BillingProvider.LEDGER: Ledger()})
    yield made
    billing.use(BillingProvider.LEDGER, {BillingProvider.LEDGER: Ledger()})


@pytest.fixture
async def stranger(scim: Scim, new_directory: NewDirectory) -> Scim:
    """A directory of another organization than `scim`."""
    return replace(scim, access=await new_directory())
