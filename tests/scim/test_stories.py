"""The stories of the source documents, as they are told there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from api.provisioning import clock, explanation, members, seat_pools
from db import sql

from .conversation import Scim, document
from .governing import active, choose, governor, map_group, member_of, override, person, removing, role_of, team
from .test_seats import SEAT, limit, sold, taken


async def test_sales_department_is_mapped_to_viewer_but_the_selector_grants_admin_so_they_are_an_admin(
    scim: Scim,
) -> None:
    """S1: "if a user is in the group Sales Department, which is mapped to Viewer, but is granted Admin in the Role
    Selector, they will be an Admin" (R117)."""
    ann = document(await scim.post("/Users", person()))
    await team(scim, "viewer", ann["id"], name="Sales Department")
    await override(scim, "admin")
    assert await role_of(scim) == "admin"


async def test_viewer_is_selected_and_a_group_grants_account_manager_so_they_are_an_account_manager(
    scim: Scim,
) -> None:
    """S1: "if Viewer is selected in the Role Selector, and a group grants them Account Manager privileges, they will be
    Account Managers" (R118), and the selector says that it has no effect."""
    ann = document(await scim.post("/Users", person()))
    await team(scim, "account-manager", ann["id"], name="Key accounts")
    outcome = await override(scim, "viewer")
    assert await role_of(scim) == "account-manager"
    assert explanation.note_on_override(outcome) is not None


async def test_all_users_that_are_not_in_one_of_these_groups_inherit_the_default_role(scim: Scim) -> None:
    """S1: the recommended default is Viewer (R112, R113)."""
    ann = document(await scim.post("/Users", person()))
    await team(scim, None, ann["id"], name="Unmapped")
    assert await role_of(scim) == "viewer"


async def test_the_explanation_is_told_as_the_dashboard_shows_it(scim: Scim) -> None:
    """DASHBOARD §4: default, groups, override, what counts and what would change it."""
    ann = document(await scim.post("/Users", person()))
    await team(scim, "viewer", ann["id"], name="Sales Department")
    await team(scim, "account-manager", ann["id"], name="Key accounts")
    await override(scim, "viewer", by="dana@acme.example.com")
    found = await member_of(scim)
    lines = explanation.as_text(await members.explain(governor(scim), found["id"])).splitlines()
    assert lines[0] == "Effective role: Account Manager"
    assert [line.split()[0] for line in lines[1:5]] == ["1", "2", "3", "4"]
    assert "not used: a mapped group applies" in lines[1]
    assert "Group “Sales Department” → Viewer" in lines[2]
    assert lines[3].endswith("← highest")
    assert lines[4].endswith("(no effect: lower than a group)")
    assert "leaving “Key accounts” → Viewer" in lines[5]
    assert "raising the override to Admin → Admin" in lines[5]


async def test_who_is_deleted_or_deactivated_in_the_idp_is_deactivated_not_deleted_and_can_be_reactivated(
    scim: Scim,
) -> None:
    """S2: "the user will be deactivated in our platform—not deleted. This preserves any historical data associated with
    the user while preventing further access. The user can be reactivated if restored in your IdP" (R058)."""
    bob = document(await scim.post("/Users", person("bob")))
    await override(scim, "account-manager", "bob@example.com")
    before = await member_of(scim, "bob@example.com")
    history = await _history(before["id"])
    await scim.patch(f"/Users/{bob['id']}", active(False))
    assert (await member_of(scim, "bob@example.com"))["status"] == "DEACTIVATED"
    await scim.patch(f"/Users/{bob['id']}", active(True))
    await scim.delete(f"/Users/{bob['id']}")
    gone = await member_of(scim, "bob@example.com")
    assert (gone["id"], gone["status"], gone["seat"]) == (before["id"], "DEPROVISIONED", None)
    assert (await scim.get(f"/Users/{bob['id']}")).status_code == 404
    assert await _history(before["id"]) > history
    assert (await scim.post("/Users", person("bob"))).status_code == 201
    back = await member_of(scim, "bob@example.com")
    assert (back["id"], back["status"], back["seat"]) == (before["id"], "ACTIVE", "full")
    assert await role_of(scim, "bob@example.com") == "account-manager"


async def _history(member: object) -> int:
    """How many changes of a member are kept."""
    return int(str(await sql.value("SELECT count(*) FROM change WHERE member_id = $1 OR subject_id = $1", member)))


async def test_full_seats_by_default_lite_and_free_when_mapped(scim: Scim) -> None:
    """S0: "full: full seat (default if no value is set); lite: lite seat; free: guest seat"."""
    for name, sent in (("ann", None), ("bob", "full"), ("eve", "lite"), ("kim", "free")):
        await scim.post("/Users", person(name, **({SEAT: {"seat_type": sent}} if sent else {})))
    assert await taken(scim) == {"full": 2, "lite": 1, "free": 1}
    assert [view.label for view in await seat_pools.overview(governor(scim))] == ["Full", "Lite", "Guest"]


async def test_seats_are_purchased_when_the_limit_is_reached_and_charged_from_the_date_they_were_added(
    scim: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S0: "automatically purchases additional paid seats when your seat limit is reached during user provisioning";
    "a prorated charge for the seats purchased from the date they were added" (R130, R133)."""
    await limit(scim, full=1)
    await sold(scim)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 11, 9, tzinfo=UTC))
    for name in ("ann", "bob", "eve"):
        assert (await scim.post("/Users", person(name))).status_code == 201
    bought: list[dict[str, Any]] = await seat_pools.purchases(
        governor(scim), datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
    )
    assert [(each["email"], each["amount_minor"], each["added_on"]) for each in bought] == [
        ("bob@example.com", 2000, date(2026, 6, 11)),
        ("eve@example.com", 2000, date(2026, 6, 11)),
    ]


async def test_a_person_changes_departments_and_the_role_goes_with_the_group(scim: Scim) -> None:
    """S3: roles come with membership and are revoked when users leave the mapped groups (R108, R120)."""
    ann = document(await scim.post("/Users", person()))
    sales = await team(scim, "account-manager", ann["id"], name="Sales")
    assert await role_of(scim) == "account-manager"
    await scim.patch(f"/Groups/{sales['id']}", removing(ann["id"]))
    assert await role_of(scim) == "viewer"
    await map_group(scim, sales, None)
    await choose(scim, on_no_mapped_group="NO_ROLE")
    assert await role_of(scim) is None


async def test_an_identity_provider_creates_updates_and_deactivates_without_a_person(scim: Scim) -> None:
    """R001, R010: after each change the member shows it, and one entry of their history names the directory."""
    ann = document(await scim.post("/Users", person(displayName="Ann")))
    member = (await member_of(scim))["id"]
    seen = [(await member_of(scim))["display_name"]]
    for operation in ({"op": "replace", "path": "displayName", "value": "Annie"}, active(False)):
        await scim.patch(f"/Users/{ann['id']}", operation)
        seen += [(await member_of(scim))["display_name"], (await member_of(scim))["status"]]
    assert seen == ["Ann", "Annie", "ACTIVE", "Annie", "DEACTIVATED"]
    entries = await sql.rows("SELECT actor_kind, actor_id FROM change WHERE subject_id = $1 ORDER BY id", member)
    assert [tuple(entry) for entry in entries] == [("DIRECTORY", scim.access.directory_id)] * 3
    assert (await scim.delete(f"/Users/{ann['id']}")).status_code == 204
    assert (await member_of(scim))["status"] == "DEPROVISIONED"
