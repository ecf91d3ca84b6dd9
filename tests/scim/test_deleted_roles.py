"""What the groups of a deleted directory gave."""

from __future__ import annotations

import pytest

from api.provisioning import deletions
from api.provisioning.deletion_choices import Choice
from api.provisioning.errors import LastAdmin

from .conversation import Json, Scim
from .deleting import delete, restored, statuses
from .governing import choose, governor, override, person, role_of, team


async def test_roles_of_its_groups_end_with_a_directory_and_come_back_with_it(scim: Scim, ann: Json) -> None:
    """R144, R147: also for somebody whom another directory has, too; the preview says how many."""
    await team(scim, "account-manager", ann["id"])
    found = await deletions.preview(governor(scim), scim.access.directory_id)
    assert found.roles_changed == 1
    assert (await delete(scim)).roles_changed == 1
    assert await role_of(scim) == "viewer"
    await restored(scim)
    assert await role_of(scim) == "account-manager"


async def test_an_admin_by_a_group_of_the_directory_is_the_last_admin_too(scim: Scim, ann: Json) -> None:
    """R125: kept as a member, they would not be an admin any more."""
    await team(scim, "admin", ann["id"])
    found = await deletions.preview(governor(scim), scim.access.directory_id)
    assert all("without an admin" in str(each.problem) for each in found.choices)
    for choice in Choice:
        with pytest.raises(LastAdmin):
            await delete(scim, choice)
    assert await role_of(scim) == "admin"


async def test_who_is_kept_is_suspended_by_no_group_that_they_cannot_be_in(
    scim: Scim, ann: Json, sibling: Scim
) -> None:
    await team(scim, "viewer", ann["id"])
    await choose(scim, on_no_mapped_group="SUSPEND")
    await sibling.post("/Users", person("bob"))
    assert await statuses(scim) == {"ann": "ACTIVE", "bob": "SUSPENDED"}
    await delete(scim)
    assert await statuses(scim) == {"ann": "ACTIVE", "bob": "SUSPENDED"}
    await override(scim, "account-manager")
    assert (await statuses(scim), await role_of(scim)) == ({"ann": "ACTIVE", "bob": "SUSPENDED"}, "account-manager")
