"""Members who keep what they have although their directory says otherwise: on hold, or because somebody decided so."""

from __future__ import annotations

import uuid

import pytest

from api.provisioning import mappings, members
from api.provisioning.explanation import RoleOutcome, Source, as_text, note_on_override
from db import sql
from db.queries import log

from .conversation import Json, Scim
from .governing import adding, choose, governor, map_group, member_of, override, removing, role_of, team


async def hold(scim: Scim, status: str, why: str, role: str | None = None) -> None:
    """Put the one member on hold, with this role kept."""
    await sql.rows(
        "UPDATE member SET status = $2, hold = $3, held_role_id ="
        " (SELECT r.id FROM role r WHERE r.organization_id = member.organization_id AND r.key = $4)"
        " WHERE organization_id = $1",
        scim.access.organization_id,
        status,
        why,
        role,
    )


async def explained(scim: Scim) -> RoleOutcome:
    """Why the one member has their role."""
    return await members.explain(governor(scim), (await member_of(scim))["id"])


async def standing(scim: Scim) -> tuple[str, str | None, str | None]:
    """Status, role and hold of the one member, after a look whether the explanation says the same role."""
    found = await member_of(scim)
    return found["status"], await role_of(scim), found["hold"]


@pytest.mark.parametrize(("why", "text"), [("REMOVAL", "Removal on hold"), ("SUSPENSION", "Suspension on hold")])
async def test_whoever_is_on_hold_keeps_their_role_and_the_explanation_says_so(
    scim: Scim, ann: Json, why: str, text: str
) -> None:
    made = await team(scim, "account-manager", ann["id"])
    await choose(scim, on_no_mapped_group="SUSPEND")
    await scim.patch(f"/Groups/{made['id']}", removing(ann["id"]))
    await hold(scim, "HELD", why, "account-manager")
    await override(scim, "viewer")
    assert await standing(scim) == ("HELD", "account-manager", why)
    outcome = await explained(scim)
    assert (outcome.steps[-1].source, outcome.steps[-1].wins) == (Source.LOCK, True)
    line = as_text(outcome).splitlines()[3]
    assert line.startswith(f"  3  {text}: the role stays as it was ..")
    assert line.endswith(". Account Manager   ← kept")
    assert outcome.would_change == ("the end of the hold → Viewer",)
    assert outcome.steps[-2].remark == "no effect: the role stays as it was"
    assert note_on_override(outcome) is None


async def test_the_end_of_a_hold_gives_the_role_that_follows(scim: Scim, ann: Json) -> None:
    made = await team(scim, "account-manager", ann["id"])
    await hold(scim, "HELD", "REMOVAL", "viewer")
    await map_group(scim, made, "knowledge-base-viewer")
    assert await standing(scim) == ("HELD", "viewer", "REMOVAL")
    await sql.rows("UPDATE member SET status = 'ACTIVE', hold = NULL")
    await map_group(scim, made, "account-manager")
    assert await standing(scim) == ("ACTIVE", "account-manager", None)


async def test_whoever_is_not_to_be_suspended_stays_until_a_group_lets_them_in_again(scim: Scim, ann: Json) -> None:
    made = await team(scim, "account-manager", ann["id"])
    await choose(scim, on_no_mapped_group="SUSPEND")
    await hold(scim, "ACTIVE", "SUSPENSION_REJECTED", "account-manager")
    await scim.patch(f"/Groups/{made['id']}", removing(ann["id"]))
    assert await standing(scim) == ("ACTIVE", "account-manager", "SUSPENSION_REJECTED")
    assert "Kept when groups would have suspended" in as_text(await explained(scim))
    await scim.patch(f"/Groups/{made['id']}", adding(ann["id"]))
    assert await standing(scim) == ("ACTIVE", "account-manager", None)
    changes = await log.changes_of(scim.access.organization_id, (await member_of(scim))["id"])
    assert '"hold": "SUSPENSION_REJECTED"' in str(changes[-1]["before"])
    await scim.patch(f"/Groups/{made['id']}", removing(ann["id"]))
    assert (await standing(scim))[0] == "SUSPENDED"


async def test_a_hold_that_nothing_needs_any_more_ends_also_when_role_and_status_stay(scim: Scim, ann: Json) -> None:
    made = await team(scim, None, ann["id"])
    await hold(scim, "ACTIVE", "SUSPENSION_REJECTED")
    await mappings.mark_group(governor(scim), uuid.UUID(made["id"]), gives_access=True)
    assert await standing(scim) == ("ACTIVE", "viewer", None)


async def test_a_role_that_was_kept_counts_like_that_of_a_group(scim: Scim, ann: Json) -> None:
    """An admin may still raise it, and a group that gives more does."""
    await team(scim, None, ann["id"])
    await choose(scim, on_no_mapped_group="SUSPEND")
    await hold(scim, "ACTIVE", "SUSPENSION_REJECTED", "viewer")
    await override(scim, "account-manager")
    assert await standing(scim) == ("ACTIVE", "account-manager", "SUSPENSION_REJECTED")
    await override(scim, "knowledge-base-viewer")
    assert await standing(scim) == ("ACTIVE", "viewer", "SUSPENSION_REJECTED")
    assert "no effect: lower than the role kept" in as_text(await explained(scim))
