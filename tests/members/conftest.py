"""An organization with directories, and a look after every test whether its seats add up."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from db import sql
from tests.scim.conftest import ann, scim, sibling, stranger

__all__ = ["ann", "scim", "sibling", "stranger"]

_HELD = "SELECT organization_id, seat, count(*) FROM member WHERE seat IS NOT NULL GROUP BY 1, 2"
_COUNTED = "SELECT organization_id, seat_type, sum(used)::bigint FROM seat_count GROUP BY 1, 2 HAVING sum(used) <> 0"
_ENTERED = "SELECT organization_id, seat_type, sum(delta)::bigint FROM seat_entry GROUP BY 1, 2 HAVING sum(delta) <> 0"


@pytest.fixture(autouse=True)
async def seats_add_up(database: None) -> AsyncIterator[None]:
    """The seats that members hold, those that are counted and those of the ledger are the same (R140)."""
    yield
    held, counted, entered = [sorted(await sql.rows(query), key=str) for query in (_HELD, _COUNTED, _ENTERED)]
    assert held == counted == entered
