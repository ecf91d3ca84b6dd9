"""A directory to talk to, among others whose contents must never show."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from api.provisioning import directories
from api.provisioning.actor import operator
from api.provisioning.directories import Profile, Settings
from db.enums import Provider
from tests.conftest import DirectoryAccess, NewDirectory

from .conversation import Json, Scim, document
from .deleting import lock_out
from .governing import person
from .serving import listening


@pytest.fixture
async def scim(client: httpx.AsyncClient, new_directory: NewDirectory) -> Scim:
    """A tolerant directory."""
    return Scim(client, await new_directory())


@pytest.fixture
async def strict(client: httpx.AsyncClient, new_directory: NewDirectory) -> Scim:
    """A strict directory, of another organization."""
    return Scim(client, await new_directory(profile="STRICT"))


@pytest.fixture(params=[Profile.TOLERANT, Profile.STRICT])
async def either(request: pytest.FixtureRequest, client: httpx.AsyncClient, new_directory: NewDirectory) -> Scim:
    """A directory of each profile, one after the other."""
    return Scim(client, await new_directory(profile=request.param))


async def second_directory(first: Scim, **settings: str) -> Scim:
    """Another directory of the same organization."""
    organization = first.access.organization_id
    made = await directories.connect(
        operator(organization),
        name="Second",
        provider=Provider.GENERIC,
        settings=directories.parse_settings(settings) if settings else Settings(),
    )
    return replace(first, access=DirectoryAccess(first.access.url, made.key, organization, made.id))


@pytest.fixture
async def sibling(scim: Scim) -> Scim:
    """Another directory of the same organization as `scim`."""
    return await second_directory(scim)


@pytest.fixture
async def stranger(scim: Scim, new_directory: NewDirectory) -> Scim:
    """A directory of another organization than `scim`."""
    return replace(scim, access=await new_directory())


@pytest.fixture
async def neighbours(sibling: Scim, stranger: Scim) -> None:
    """Users and groups of the same names in a sibling directory and in another organization."""
    for other in (sibling, stranger):
        members = [(await other.make_user(f"user{number:02}", title="Neighbour"))["id"] for number in range(3)]
        await other.make_group("group00", members)


@pytest.fixture(scope="session")
async def live(_application: object, database_url: str) -> AsyncIterator[str]:
    """The URL of the application behind a real socket, on the same database."""
    async with listening(database_url) as url:
        yield url


@pytest.fixture
async def ann(scim: Scim) -> Json:
    """A user of `scim` in no group."""
    return document(await scim.post("/Users", person()))


@pytest.fixture
async def people(scim: Scim, sibling: Scim, ann: Json) -> None:
    """Ann is active, Bob is not, Cleo is known to another directory as well, Dan was locked out by hand."""
    for name in ("bob", "cleo", "dan"):
        await scim.post("/Users", person(name, active=name != "bob"))
    await sibling.post("/Users", person("cleo"))
    await lock_out(scim, "dan@example.com")
