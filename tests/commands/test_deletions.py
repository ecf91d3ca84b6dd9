"""Deleting and restoring directories from the command line."""

from __future__ import annotations

import httpx
import pytest

from api.commands.errors import CommandError
from api.provisioning.errors import BadSetting
from tests.commands.conftest import Ask, read, read_list
from tests.conftest import DirectoryAccess, NewDirectory


@pytest.fixture
async def okta(client: httpx.AsyncClient, new_directory: NewDirectory) -> DirectoryAccess:
    """A directory with one person."""
    made = await new_directory("OKTA")
    client.headers["Authorization"] = f"Bearer {made.key}"
    await client.post("/scim/v2/Users", json={"userName": "ann@example.com"})
    return made


async def test_a_deletion_shows_what_it_would_do_wants_a_choice_and_the_name(ask: Ask, okta: DirectoryAccess) -> None:
    """R146: typed confirmation."""
    which = (okta.directory_id, "--organization", okta.organization_id)
    shown = await ask("directories", "preview-delete", *which)
    assert "1 person in no other directory" in shown.text
    assert [each["statuses"] for each in read(shown)["choices"]] == [{}, {"DEACTIVATED": 1}, {"DEPROVISIONED": 1}]  # type: ignore[attr-defined]  # a list
    with pytest.raises(BadSetting, match="KEEP_LOCAL"):
        await ask("directories", "delete", *which)
    for wrong in ((), ("--confirm", "okta")):
        with pytest.raises(CommandError, match="Repeat its name"):
            await ask("directories", "delete", *which, "--people", "REMOVE_ALL", *wrong)
    done = await ask("directories", "delete", *which, "--people", "remove-all", "--confirm", "OKTA")
    assert read(done)["statuses"] == {"DEPROVISIONED": 1}
    assert "1 DEPROVISIONED" in done.text


async def test_a_deleted_directory_is_listed_apart_and_restored_with_a_key(
    ask: Ask, okta: DirectoryAccess, client: httpx.AsyncClient
) -> None:
    """R147."""
    where = ("--organization", okta.organization_id)
    await client.post("/scim/v2/Groups", json={"displayName": "Team"})
    [team] = read_list(await ask("groups", "list", *where))
    await ask("groups", "map", team["id"], "--role", "viewer", *where)
    await ask("directories", "delete", okta.directory_id, *where, "--people", "KEEP_LOCAL", "--confirm", "OKTA")
    assert read_list(await ask("directories", "list", *where)) == []
    assert read_list(await ask("keys", "list", *where)) == []
    assert read_list(await ask("groups", "list", *where)) == []
    assert {role["groups"] for role in read_list(await ask("roles", "list", *where))} == {0}
    assert read(await ask("organizations", "show", okta.organization_id))["directories"] == 0
    [gone] = read_list(await ask("directories", "list", "--deleted", *where))
    back = read(await ask("directories", "restore", gone["id"], *where))
    answer = await client.get("/scim/v2/Users", headers={"Authorization": f"Bearer {back['key']}"})
    assert answer.json()["totalResults"] == 1
    assert read_list(await ask("directories", "list", "--deleted", *where)) == []
