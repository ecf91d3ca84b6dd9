"""Those who wait for a seat: whatever makes one free, and whatever bridges the time (REQUIREMENTS R134, D5)."""

from __future__ import annotations

from typing import Any

from api.provisioning import removals

from .conversation import Json, Scim, document
from .governing import active, choose, governor, member_of, person
from .test_breaker import statuses
from .test_seats import limit, seated, sold, taken


async def test_who_waits_gets_what_was_bought_too_many(scim: Scim, ann: Json) -> None:
    await limit(scim, full=1)
    await choose(scim, seat_limit="HOLD")
    await scim.post("/Users", person("bob"))
    await sold(scim, pack=2)
    await scim.post("/Users", person("eve"))
    assert await taken(scim) == {"full": 3}
    assert (await member_of(scim, "bob@example.com"))["status"] == "ACTIVE"


async def test_undone_removals_find_no_more_guest_seats_than_there_are(scim: Scim) -> None:
    """R140: people who want seats of different types and would all have the last guest seat meanwhile."""
    users = [document(await scim.post("/Users", seated(f"p{seat}", seat))) for seat in ("full", "lite")]
    for each in users:
        await scim.patch(f"/Users/{each['id']}", active(False))
    await limit(scim, full=0, lite=0, free=1)
    await choose(scim, seat_limit="DOWNGRADE_TO_FREE")
    found: list[Any] = await removals.applied(governor(scim), scim.access.directory_id)
    await removals.undo(governor(scim), [each["id"] for each in found], by="dana")
    assert await statuses(scim) == {"ACTIVE": 1, "WAITING_FOR_SEAT": 1}
    assert await taken(scim) == {"free": 1}
