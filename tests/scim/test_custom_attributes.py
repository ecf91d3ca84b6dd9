"""Attributes of an organization's own: asked for by its admins, in force when the operator says so (C10, R086)."""

from __future__ import annotations

import msgspec
import pytest

from api.provisioning import extensions
from api.provisioning.actor import Actor, ActorKind, Right, operator
from api.provisioning.errors import Forbidden, InTheWay, NotFound, Refused
from db.ids import OrganizationId, new_id
from db.queries import log
from db.rule_rows import ExtensionRow

from .conversation import USER, Json, Scim, assert_error, document, user
from .governing import choose, governor
from .test_discovery import DEFINITION, SHOES

BOOTS: Json = DEFINITION | {"attributes": [{"name": "boots", "type": "boolean", "multiValued": False}]}


def admin(scim: Scim) -> Actor:
    """An admin of this directory's organization, who is not the operator."""
    rights = frozenset({Right.ORGANIZATION_READ, Right.ORGANIZATION_MANAGE})
    return Actor(ActorKind.OPERATOR, scim.access.organization_id, None, rights)


async def propose(scim: Scim, definition: Json = DEFINITION) -> ExtensionRow:
    """Have the admin ask for an extension."""
    text = msgspec.json.encode(definition).decode()
    return await extensions.propose(admin(scim), urn=definition["id"], definition=text, by="Dana of IT")


async def register(scim: Scim, definition: Json = DEFINITION) -> ExtensionRow:
    """Have the operator register an extension."""
    text = msgspec.json.encode(definition).decode()
    return await extensions.register(governor(scim), urn=definition["id"], definition=text)


async def sizes(scim: Scim, name: str) -> object:
    """What becomes of a shoe size that is sent with a new user."""
    sent = user(name, schemas=[USER, SHOES], **{SHOES: {"size": 42}})
    return document(await scim.post("/Users", sent)).get(SHOES)


async def is_announced(scim: Scim) -> bool:
    """Whether /Schemas has the extension, as /ResourceTypes and the schema's own address say, too."""
    listed = SHOES in [each["id"] for each in (await scim.read("/Schemas"))["Resources"]]
    named = SHOES in str((await scim.read("/ResourceTypes/User"))["schemaExtensions"])
    found = (await scim.get(f"/Schemas/{SHOES}")).status_code == 200
    assert listed is named is found
    return listed


async def test_what_an_admin_proposes_is_in_force_when_the_operator_approves(scim: Scim, stranger: Scim) -> None:
    """R086."""
    assert (await propose(scim)).state == "PENDING"
    assert not await is_announced(scim)
    assert await sizes(scim, "ann") is None
    assert_error(await scim.get("/Users", filter=f"{SHOES}:size eq 42"), 400, "invalidFilter")

    approved = await extensions.approve(governor(scim), SHOES)
    assert approved.state == "APPROVED"
    assert approved.decided_at is not None
    assert await is_announced(scim)
    assert await sizes(scim, "ben") == {"size": 42}
    assert (await scim.read("/Users", filter=f"{SHOES}:size eq 42"))["totalResults"] == 1
    assert not await is_announced(stranger)


async def test_a_refused_extension_never_comes_into_force_but_can_be_proposed_again(scim: Scim) -> None:
    await propose(scim)
    refused = await extensions.refuse(governor(scim), SHOES.upper())
    assert (refused.state, refused.decided_at is None) == ("REFUSED", False)
    assert not await is_announced(scim)
    again = await propose(scim, BOOTS)
    assert (again.id, again.state, again.decided_at) == (refused.id, "PENDING", None)
    await extensions.approve(governor(scim), SHOES)
    assert [each["name"] for each in (await scim.read(f"/Schemas/{SHOES}"))["attributes"]] == ["boots"]


async def test_the_operator_can_approve_what_was_refused(scim: Scim) -> None:
    await propose(scim)
    await extensions.refuse(governor(scim), SHOES)
    await extensions.approve(governor(scim), SHOES)
    assert await is_announced(scim)


async def test_an_organization_that_decides_for_itself_has_its_attributes_at_once(scim: Scim) -> None:
    """C10."""
    await choose(scim, custom_attributes="SELF_SERVICE")
    assert (await propose(scim)).state == "APPROVED"
    assert await sizes(scim, "ann") == {"size": 42}
    await propose(scim, BOOTS)
    assert [each["name"] for each in (await scim.read(f"/Schemas/{SHOES}"))["attributes"]] == ["boots"]


async def test_where_custom_attributes_are_off_nobody_proposes_any_and_those_in_force_stay(scim: Scim) -> None:
    """C10."""
    await register(scim)
    await choose(scim, custom_attributes="OFF")
    with pytest.raises(Refused, match="policy custom_attributes"):
        await propose(scim, DEFINITION | {"id": f"{SHOES}s"})
    assert await is_announced(scim)
    assert len(await extensions.all_of_them(admin(scim))) == 1


async def test_a_proposal_never_takes_away_what_is_in_force(scim: Scim) -> None:
    await register(scim)
    with pytest.raises(InTheWay, match="in force already"):
        await propose(scim, BOOTS)
    for decide in (extensions.approve, extensions.refuse):
        with pytest.raises(InTheWay, match="in force already"):
            await decide(governor(scim), SHOES)
    assert await sizes(scim, "ann") == {"size": 42}


async def test_the_operator_registers_at_once_what_was_only_proposed(scim: Scim) -> None:
    await propose(scim)
    registered = await register(scim, BOOTS)
    assert (registered.state, registered.proposed_by) == ("APPROVED", "Dana of IT")
    assert await is_announced(scim)


async def test_only_the_operator_decides_and_only_admins_propose(scim: Scim) -> None:
    reader = Actor(ActorKind.OPERATOR, scim.access.organization_id, None, frozenset({Right.ORGANIZATION_READ}))
    await propose(scim)
    for decide in (extensions.approve, extensions.refuse):
        with pytest.raises(Forbidden):
            await decide(admin(scim), SHOES)
    for write in (
        extensions.register(admin(scim), urn=SHOES, definition="{}"),
        extensions.propose(reader, urn=SHOES, definition="{}", by="Rae"),
    ):
        with pytest.raises(Forbidden):
            await write
    [proposed] = await extensions.all_of_them(reader)
    assert (proposed.state, proposed.proposed_by) == ("PENDING", "Dana of IT")


async def test_another_organization_s_proposal_looks_like_none(scim: Scim, stranger: Scim) -> None:
    await propose(scim)
    for decide in (extensions.approve, extensions.refuse):
        with pytest.raises(NotFound, match="Nobody has proposed"):
            await decide(governor(stranger), SHOES)
    assert await extensions.all_of_them(governor(stranger)) == []
    nobody = operator(OrganizationId(new_id()))
    with pytest.raises(NotFound, match="no organization"):
        await extensions.approve(nobody, SHOES)


async def test_what_became_of_a_proposal_is_remembered(scim: Scim) -> None:
    proposed = await propose(scim)
    await extensions.refuse(governor(scim), SHOES)
    await extensions.approve(governor(scim), SHOES)
    await register(scim, BOOTS)
    past = await log.changes_of(scim.access.organization_id, proposed.id)
    assert [(each["action"], _states(each)) for each in past] == [
        ("extension_proposed", (None, "PENDING")),
        ("extension_refused", ("PENDING", "REFUSED")),
        ("extension_approved", ("REFUSED", "APPROVED")),
        ("extension_registered", (None, None)),
    ]
    assert msgspec.json.decode(str(past[0]["after"]))["definition"] == DEFINITION
    assert msgspec.json.decode(str(past[-1]["after"])) == {"definition": BOOTS}


def _states(change: dict[str, object]) -> tuple[object, object]:
    before, after = (msgspec.json.decode(str(change[side])) for side in ("before", "after"))
    return before.get("state"), after.get("state")
