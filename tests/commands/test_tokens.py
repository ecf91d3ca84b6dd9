"""API tokens and organizations from the command line."""

from __future__ import annotations

import uuid

import httpx
import pytest

from api.provisioning.actor import operator
from api.provisioning.errors import Forbidden, NotFound
from db import sql
from db.ids import OrganizationId

from .conftest import Ask, read, read_list


async def status(client: httpx.AsyncClient, token: object) -> int:
    """How a program with this token is answered."""
    headers = {"Authorization": f"Bearer {token}"}
    return (await client.post("/graphql", json={"query": "{ viewer { name } }"}, headers=headers)).status_code


async def test_the_operators_first_token(client: httpx.AsyncClient, ask: Ask) -> None:
    made = await ask("tokens", "create", "Backstage", "--allow", "platform.manage", "--allow", "audit.read")
    shown = read(made)
    assert await status(client, shown["token"]) == 200
    assert str(shown["token"]) in made.text
    listed = await ask("tokens", "list")
    [found] = read_list(listed)
    assert (found["name"], found["state"], found["rights"]) == ("Backstage", "LIVE", ["audit.read", "platform.manage"])
    assert str(shown["token"]) not in listed.as_json()
    assert read(await ask("tokens", "revoke", shown["id"]))["state"] == "REVOKED"
    assert await status(client, shown["token"]) == 401


async def test_a_token_of_an_organization_is_in_its_history(ask: Ask) -> None:
    organization = read(await ask("organizations", "create", "Acme"))["id"]
    made = read(
        await ask(
            *("tokens", "create", "CI", "--organization", organization, "--allow", "organization.read"),
            *("--expires-in-days", 3),
        )
    )
    assert made["expires_at"] is not None
    await ask("tokens", "revoke", made["id"])
    assert read_list(await ask("tokens", "list")) == []
    assert len(read_list(await ask("tokens", "list", "--organization", organization))) == 1
    actor = operator(OrganizationId(uuid.UUID(str(organization))))
    actions = await sql.rows("SELECT action FROM change WHERE organization_id = $1 ORDER BY id", actor.organization)
    assert [row[0] for row in actions] == ["organization_created", "token_created", "token_revoked"]


async def test_what_is_not_there_or_not_allowed_is_refused(ask: Ask) -> None:
    nobody = uuid.uuid4()
    for argv in (
        ("tokens", "create", "CI", "--organization", nobody, "--allow", "organization.read"),
        ("tokens", "list", "--organization", nobody),
        ("tokens", "revoke", nobody),
    ):
        with pytest.raises(NotFound):
            await ask(*argv)
    organization = read(await ask("organizations", "create", "Acme"))["id"]
    with pytest.raises(Forbidden):
        await ask("tokens", "create", "CI", "--organization", organization, "--allow", "platform.manage")
    for right in ("directory.provision", "everything"):
        with pytest.raises(SystemExit):
            await ask("tokens", "create", "CI", "--allow", right)
