"""A directory of an organization, for what domains do to people."""

from __future__ import annotations

import httpx
import pytest

from tests.conftest import NewDirectory
from tests.scim.conversation import Scim


@pytest.fixture
async def scim(client: httpx.AsyncClient, new_directory: NewDirectory) -> Scim:
    """A tolerant directory."""
    return Scim(client, await new_directory())
