"""A customer of Google's with a directory here whose people are fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from api import settings
from api.google import pull
from api.google.client import read_key_file
from api.google.pull import Count
from api.provisioning import organizations, pulls
from api.provisioning.actor import Actor, operator
from api.provisioning.directories import Settings
from api.provisioning.pulls import Choice
from db import sql
from db.ids import DirectoryId
from tests.conftest import BASE_URL

from . import double
from .double import ADMIN, Workspace


@dataclass(frozen=True, slots=True)
class Fetched:
    """A directory, and what its provider has."""

    actor: Actor
    directory: DirectoryId
    workspace: Workspace

    async def fetch(self) -> Count | None:
        """One pass."""
        chosen = settings.read({"ROLLCALL_PUBLIC_URL": BASE_URL})
        return await pull.run(self.actor.organization, self.directory, chosen, self.workspace.places)

    async def fetched(self) -> Count:
        """One pass that must be made, and must be complete."""
        count = await self.fetch()
        assert count is not None
        assert await self.problem() is None
        return count

    async def problem(self) -> str | None:
        """What people are told about the last pass."""
        return (await pulls.find(self.actor, self.directory)).problem

    async def members(self) -> dict[str, str]:
        """The members of the organization, and their status."""
        found = await sql.rows("SELECT email, status FROM member WHERE organization_id = $1", self.actor.organization)
        return {row[0]: row[1] for row in found}

    async def group(self, name: str) -> set[str]:
        """The userNames of a group's members."""
        found = await sql.rows(
            """SELECT u.user_name FROM directory_group g JOIN group_member m ON m.group_id = g.id
               JOIN directory_user u ON u.id = m.value WHERE g.organization_id = $1 AND g.display_name = $2""",
            self.actor.organization,
            name,
        )
        return {row[0] for row in found}

    async def requests(self) -> list[tuple[str, str, int]]:
        """What was recorded, oldest first: method, path without ids, and status."""
        found = await sql.rows(
            "SELECT method, split_part(path, '/', 4), status FROM request WHERE organization_id = $1 ORDER BY id",
            self.actor.organization,
        )
        return [tuple(row) for row in found]


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """Ann and Bob, both in Sales."""
    with double.serving() as made:
        made.add_user("1", "ann@example.com")
        made.add_user("2", "bob@example.com")
        made.add_group("g1", "Sales", ["1", "2"])
        yield made


def choice(workspace: Workspace, **values: Any) -> Choice:
    """What an admin chooses."""
    account = read_key_file(workspace.key_file)
    return replace(Choice(ADMIN, account.client_email, workspace.key_file.encode()), **values)


@pytest.fixture
async def fetched(database: None, workspace: Workspace) -> Fetched:
    """A directory of a new organization."""
    actor = operator(await organizations.create("Acme"))
    directory = await pulls.connect(actor, "Google Workspace", Settings(), choice(workspace))
    return Fetched(actor, directory, workspace)


@pytest.fixture
async def stranger(fetched: Fetched) -> Actor:
    """The operator of another organization."""
    return operator(await organizations.create("Other"))
