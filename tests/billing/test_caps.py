"""Nothing is bought beyond what somebody accepted (C12)."""

from __future__ import annotations

import asyncio

from api.provisioning import clock, seat_pools
from db import sql
from db.enums import BillingInterval, SeatType
from tests.scim.conversation import Scim
from tests.scim.governing import governor
from tests.scim.test_seats import limit, seated


async def test_seats_of_two_types_bought_at_once_stay_within_one_cap(scim: Scim) -> None:
    """Each type has a pool of its own to lock, and all of them one cap."""
    await limit(scim, lite=0)
    for seat_type in (SeatType.FULL, SeatType.LITE):
        await seat_pools.set_price(governor(scim), seat_type, 3000)
    today = clock.now().date()
    await seat_pools.set_terms(
        governor(scim), currency="EUR", interval=BillingInterval.MONTH, anchor=today, is_enrolled=True, pack_size=1
    )
    for round in range(10):
        await sql.rows("DELETE FROM seat_purchase")
        await seat_pools.accept_cap(governor(scim), 3000, by="dana@example.com")
        people = (seated(f"{seat_type}{round}", seat_type) for seat_type in ("full", "lite"))
        answers = await asyncio.gather(*(scim.post("/Users", each) for each in people))
        assert sorted(answer.status_code for answer in answers) == [201, 403]
