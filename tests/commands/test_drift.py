"""Drift from the command line."""

from __future__ import annotations

import httpx

from db import sql
from tests.commands.conftest import Ask, read
from tests.conftest import NewDirectory


async def test_drift_is_shown_and_fixed(ask: Ask, client: httpx.AsyncClient, new_directory: NewDirectory) -> None:
    """R121."""
    directory = await new_directory()
    client.headers["Authorization"] = f"Bearer {directory.key}"
    await client.post("/scim/v2/Users", json={"userName": "ann@example.com"})
    await sql.rows("UPDATE member SET status = 'DEACTIVATED', role_id = NULL")
    where = ("--organization", directory.organization_id)
    shown = await ask("drift", "show", *where)
    assert read(shown)["differing_in_all"] == 1
    assert "ann@example.com  DEACTIVATED  ACTIVE     -     viewer" in shown.text
    fixed = await ask("drift", "fix", *where)
    assert read(fixed) == {"members": 1, "users": 0, "seat_entries": 0, "problems": []}
    assert "Put right: members: 1," in fixed.text
    assert read(await ask("drift", "show", *where))["differing_in_all"] == 0
