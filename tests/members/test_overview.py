"""By which ways people came, and what an organization could do better (R163, R164)."""

from __future__ import annotations

import pytest

from api.provisioning import organizations, overview
from api.provisioning.actor import directory_actor, operator
from api.provisioning.errors import BadSetting, Forbidden, NotFound
from api.provisioning.overview import Suggestion
from db import sql
from db.enums import MemberSource
from db.ids import OrganizationId, new_id
from tests.factories import DirectoryFactory, MemberFactory
from tests.scim.conversation import Scim, document
from tests.scim.governing import choose, governor, person

from .acting import an_admin
from .test_imports import bring
from .test_invitations import invite
from .test_sign_ins import sign_in


async def test_ways_are_counted_as_people_came(scim: Scim, stranger: Scim) -> None:
    """R163: provisioned, invited, imported and signed in, open invitations, and nobody who is gone or elsewhere."""
    await choose(scim, jit_enabled=True)
    made = [document(await scim.post("/Users", person(name))) for name in ("ann", "bob", "cy")]
    await scim.delete(f"/Users/{made[2]['id']}")
    await sign_in(scim, "dee@example.com")
    await bring(scim, {"email": "eve@example.com"})
    for email in ("fay@example.com", "gus@example.com"):
        await invite(scim, email)
    await stranger.post("/Users", person("zoe"))
    seen = await overview.show(governor(scim))
    assert seen.came_by == {
        MemberSource.SCIM: 2,
        MemberSource.JIT: 1,
        MemberSource.INVITATION: 2,
        MemberSource.IMPORT: 1,
    }
    assert (seen.statuses, seen.invitations_open, seen.directories) == ({"INVITED": 2, "ACTIVE": 4}, 2, 1)


async def _house(members: int) -> OrganizationId:
    organization = await organizations.create("Big", domains=["example.com"])
    for _ in range(members):
        await MemberFactory.make(organization=organization, seat=None)
    return organization


async def test_a_directory_is_suggested_to_those_who_are_many(database: None) -> None:
    """R164: more than fifty, a verified domain, no directory; dismissed once and for all."""
    organization = await _house(50)
    actor = operator(organization)
    assert (await overview.show(actor)).suggestions == []
    await MemberFactory.make(organization=organization, seat=None)
    assert (await overview.show(actor)).suggestions == [Suggestion.SCIM]
    for _ in range(2):
        await overview.dismiss(actor, "SCIM")
    assert (await overview.show(actor)).suggestions == []
    assert await sql.value("SELECT count(*) FROM change WHERE action = 'suggestion_dismissed'") == 1
    assert await sql.value("SELECT dismissed FROM organization") == '["SCIM"]'


async def test_a_directory_is_not_suggested_where_there_is_one_or_no_domain(database: None) -> None:
    organization = await _house(51)
    made = await DirectoryFactory.make(organization=organization)
    assert (await overview.show(operator(organization))).suggestions == []
    await sql.rows("UPDATE directory SET deleted_at = now() WHERE id = $1", made.id)
    assert (await overview.show(operator(organization))).suggestions == [Suggestion.SCIM]
    await sql.rows("UPDATE domain SET state = 'REGISTERED'")
    assert (await overview.show(operator(organization))).suggestions == []


async def test_what_is_no_suggestion_is_not_dismissed(scim: Scim) -> None:
    with pytest.raises(BadSetting, match="There are: SCIM"):
        await overview.dismiss(an_admin(scim), "MORE")
    with pytest.raises(NotFound):
        await overview.show(operator(OrganizationId(new_id())))
    with pytest.raises(Forbidden):
        await overview.show(directory_actor(scim.access.organization_id, scim.access.directory_id))
