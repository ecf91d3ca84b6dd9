"""`maintain` from the command line."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import UTC, datetime

from api.provisioning import maintenance
from db import sql
from db.enums import MemberStatus
from tests.commands.conftest import Ask, read_list
from tests.factories import MemberFactory

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


async def test_a_pass_says_what_it_did(ask: Ask) -> None:
    done = await ask("maintain")
    assert [each["task"] for each in read_list(done)] == [task.name for task in maintenance.TASKS]
    assert done.exit_code == 0
    assert "members erased after their grace period" in done.text


async def test_a_pass_that_failed_for_somebody_says_so_by_its_exit_code(database: None, database_url: str) -> None:
    """And does the rest all the same: here the policies of one organization cannot be read."""
    broken, sound = [
        await MemberFactory.make(status=MemberStatus.DEPROVISIONED, seat=None, erase_after=LONG_AGO) for _ in range(2)
    ]
    await sql.rows("UPDATE organization SET policies = '[]' WHERE id = $1", broken.organization_id)
    environment = os.environ | {"DATABASE_URL": database_url}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "api", "maintain", "--json"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, logged = await process.communicate()
    assert process.returncode == 1
    [erasures] = [each for each in json.loads(told) if each["task"] == "erasures"]
    assert (erasures["count"], erasures["failed"]) == (1, [str(broken.organization_id)])
    assert f"erasures failed for organization {broken.organization_id}" in logged.decode()
    statuses = {row["id"]: row["status"] for row in await sql.rows("SELECT id, status FROM member")}
    assert statuses == {broken.id: "DEPROVISIONED", sound.id: "ERASED"}
