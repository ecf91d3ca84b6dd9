"""Why somebody is not here, asked after what real requests left behind."""

from __future__ import annotations

import pytest

from api.provisioning import diagnosis, directories, organizations, seat_pools
from api.provisioning.actor import operator
from api.provisioning.diagnosis import Finding
from api.provisioning.errors import BadSetting
from db.enums import SeatType

from .conversation import Json, Scim, document
from .governing import active, choose, governor, own, person


async def why(scim: Scim, name: str = "ann@example.com") -> list[Finding]:
    """The findings about somebody."""
    return await diagnosis.why(governor(scim), name)


async def codes(scim: Scim, name: str = "ann@example.com") -> list[str]:
    """Their codes."""
    return [each.code.value for each in await why(scim, name)]


async def test_somebody_who_was_never_sent(scim: Scim) -> None:
    """R152, R155: with the time of the last call, to tell a dead connection from a missing assignment."""
    [found] = await why(scim)
    assert found.code == "NEVER_RECEIVED"
    assert "“GENERIC” last called never" in found.text
    assert "assigned to the application" in found.next_step


async def test_somebody_who_is_here(scim: Scim, ann: Json) -> None:
    assert await codes(scim) == ["MEMBER"]
    assert await codes(scim, "ANN@Example.com ") == ["MEMBER"]
    assert await codes(scim, "ann") == ["MEMBER"]


async def test_somebody_who_was_refused_with_the_request_that_was(scim: Scim) -> None:
    await own(scim, "example.org")
    await choose(scim, domain_rule="VERIFIED")
    answer = await scim.post("/Users", person(userName="ann@example.com"))
    refused, outside = await why(scim)
    assert (refused.code, outside.code) == ("REFUSED", "OUTSIDE_DOMAINS")
    assert refused.trace == answer.headers["x-trace-id"]
    assert refused.text.startswith("“GENERIC” tried to bring them on ")
    assert "outside the verified domains (example.org)" in refused.text


async def test_somebody_who_is_deactivated_gone_or_suspended(scim: Scim, ann: Json) -> None:
    await scim.patch(f"/Users/{ann['id']}", active(False))
    assert await codes(scim) == ["NOT_ALLOWED_IN", "INACTIVE_IN_DIRECTORY"]
    await scim.delete(f"/Users/{ann['id']}")
    [found] = await why(scim)
    assert "deprovisioned" in found.text
    assert await codes(scim, "ann") == ["NOT_ALLOWED_IN"]
    await choose(scim, on_no_mapped_group="SUSPEND")
    document(await scim.post("/Users", person()))
    [found] = await why(scim)
    assert "mapped to a role" in found.next_step


async def test_a_directory_that_would_not_bring_them(scim: Scim) -> None:
    await directories.change(governor(scim), scim.access.directory_id, {"state": "PAUSED", "import_new_users": "false"})
    held = ["DIRECTORY_HOLDS_BACK", "DIRECTORY_HOLDS_BACK", "NEVER_RECEIVED"]
    assert await codes(scim) == held


async def test_an_organization_without_a_directory(database: None) -> None:
    alone = operator(await organizations.create("Alone"))
    assert [each.code for each in await diagnosis.why(alone, "ann@example.com")] == ["NO_DIRECTORY"]


async def test_nothing_of_another_organization_is_told(scim: Scim, stranger: Scim, ann: Json) -> None:
    assert await codes(stranger) == ["NEVER_RECEIVED"]


async def test_a_refusal_that_was_put_right_is_no_finding(scim: Scim) -> None:
    await choose(scim, require_email=True)
    await scim.post("/Users", {**person(), "emails": []})
    await scim.post("/Users", person())
    assert await codes(scim) == ["MEMBER"]


async def test_nobody_cannot_be_looked_for(scim: Scim) -> None:
    with pytest.raises(BadSetting, match="whom you look for"):
        await why(scim, " ")


async def test_somebody_who_waits_for_a_seat_is_told_what_they_wait_for(scim: Scim, ann: Json) -> None:
    """R152: "why no seat?"."""
    await seat_pools.set_limit(governor(scim), SeatType.FULL, 1)
    await choose(scim, seat_limit="HOLD")
    await scim.post("/Users", person("bob"))
    [found] = await why(scim, "bob@example.com")
    assert found.code == "WAITS_FOR_SEAT"
    assert "waits for a full seat" in found.text
    assert "raise the limit" in found.next_step


async def test_somebody_who_found_no_seat_was_refused(scim: Scim, ann: Json) -> None:
    """R152: with the request and its text."""
    await seat_pools.set_limit(governor(scim), SeatType.FULL, 1)
    await scim.post("/Users", person("bob", userName="bob@example.com"))
    [found] = await why(scim, "bob@example.com")
    assert (found.code, "The only full seat is taken" in found.text) == ("REFUSED", True)


async def test_somebody_whose_removal_is_on_hold_is_here(scim: Scim, ann: Json) -> None:
    """R152: held."""
    await choose(scim, breaker_people=1)
    bob = document(await scim.post("/Users", person("bob")))
    await scim.patch(f"/Users/{bob['id']}", active(False))
    await scim.patch(f"/Users/{ann['id']}", active(False))
    held, inactive = await why(scim)
    assert (held.code, inactive.code) == ("ON_HOLD", "INACTIVE_IN_DIRECTORY")
    assert held.next_step == "Approve the removal, or keep them."
