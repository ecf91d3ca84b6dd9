"""Purchases in tests: made by a directory, settled by a worker, and looked at."""

from __future__ import annotations

from typing import Any

import pytest

from api.outbox.work import Later
from api.provisioning import settlements
from api.provisioning.settlements import Settlement
from api.worker.registry import WORK
from db import queue, sql
from tests.scim.conversation import Scim, document
from tests.scim.test_seats import seated
from tests.worker.working import until_done, working


async def buy(scim: Scim, *names: str, seat: str | None = None) -> None:
    """Have people come for whom there are no seats."""
    for name in names:
        document(await scim.post("/Users", seated(name, seat)))


async def work() -> None:
    """Let a worker do what is due."""
    async with working(*WORK.handlers):
        await until_done()


async def settle(scim: Scim, number: int = 0) -> None:
    """What the task of a purchase does."""
    id = (await purchases())[number]["id"]
    await settlements.settle(Settlement(scim.access.organization_id, id))


async def tried(scim: Scim) -> None:
    """One try that comes to nothing."""
    with pytest.raises(Later):
        await settle(scim)
    await hurry()


async def hurry() -> None:
    """Make everything due that is to be done later."""
    await sql.rows(f"UPDATE {queue.TASK} SET execute_after = now()")
    await sql.rows("UPDATE seat_purchase SET next_attempt_at = NULL, leased_until = NULL")


async def purchases() -> list[Any]:
    """All purchases, oldest first."""
    return await sql.rows("SELECT * FROM seat_purchase ORDER BY purchased_at, id")


async def purchase() -> Any:
    """The only one."""
    [found] = await purchases()
    return found


async def actions() -> list[str]:
    """What was remembered of purchases, oldest first."""
    return [row[0] for row in await sql.rows("SELECT action FROM change WHERE subject_type = 'purchase' ORDER BY id")]
