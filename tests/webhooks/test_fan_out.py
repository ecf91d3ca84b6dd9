"""What changed becomes events, for whoever wants them, once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import httpx
import pytest

from api.provisioning import ladder, organizations
from api.provisioning.actor import operator
from api.provisioning.global_ids import write
from api.scim import profile
from api.webhooks import events, fan_out
from api.webhooks.facts import Facts, Told
from api.webhooks.payloads import Data
from db import sql
from db.ids import OrganizationId
from db.queries import webhook_deliveries, webhook_messages
from db.webhook_rows import MessageRow
from tests.conftest import NewDirectory
from tests.factories import ChangeFactory
from tests.scim.conversation import Scim
from tests.scim.governing import adding, map_group, member_of, override, person, removing

from .hosting import delivered, forget, listen, messages, tell, told, waiting

NINE = {
    *("email", "preferred_username", "name", "given_name", "family_name"),
    *("picture", "phone_number", "locale", "custom_attributes"),
}


@pytest.fixture
async def scim(client: httpx.AsyncClient, new_directory: NewDirectory) -> Scim:
    """A directory of an organization."""
    return Scim(client, await new_directory())


def _types(found: list[dict[str, object]]) -> list[object]:
    return [each["type"] for each in found]


async def test_a_new_person_is_one_event_with_everything_about_them(scim: Scim) -> None:
    """R087: the profile has the nine names of OpenID Connect."""
    await listen(scim.access.organization_id)
    answer = await scim.post("/Users", person("ann", displayName="Ann", locale="de"))
    [event] = await told(scim.access.organization_id)
    member = await member_of(scim)
    own = scim.access.organization_id
    data = event["data"]
    assert event["type"] == "member.created"
    assert data["organizationId"] == write("Organization", own, own)
    assert data["memberId"] == write("Member", own, member["id"])
    assert (data["email"], data["action"], data["requestId"]) == (
        "ann@example.com",
        "created",
        answer.headers["x-trace-id"],
    )
    assert data["actor"] == {"kind": "DIRECTORY", "id": write("Directory", own, scim.access.directory_id)}
    assert data["before"] is None
    assert data["after"]["status"] == "ACTIVE"
    shown = data["member"]
    assert (shown["canUse"], shown["seat"], shown["role"]["key"]) == (True, "FULL", member["role"])
    assert (shown["profile"]["preferred_username"], shown["profile"]["locale"]) == ("ann", "de")
    assert set(shown["profile"]) == NINE


async def test_a_deactivation_is_an_end_of_access_with_a_deadline_and_a_receipt(scim: Scim) -> None:
    """R008: the status is DEACTIVATED, and the host application is told to end sessions."""
    await listen(scim.access.organization_id)
    made = await scim.make_user("ann", emails=[{"value": "ann@example.com"}])
    await forget()
    await scim.patch(f"/Users/{made['id']}", {"op": "replace", "path": "active", "value": False})
    found = await told(scim.access.organization_id)
    assert _types(found) == ["member.status_changed", "member.access_revoked", "member.seat_changed"]
    [event] = [each for each in found if each["type"] == "member.access_revoked"]
    data = event["data"]
    assert (data["before"]["status"], data["after"]["status"]) == ("ACTIVE", "DEACTIVATED")
    assert data["member"]["canUse"] is False
    [row] = await sql.rows("SELECT id, deadline - revoked_at AS time FROM access_revocation")
    assert data["revocationId"] == write("AccessRevocation", scim.access.organization_id, row["id"])
    assert row["time"].total_seconds() == 300
    assert len({each["data"]["sequence"] for each in found}) == 1


async def test_what_a_directory_says_of_a_person_is_told_by_the_names_of_openid_connect(scim: Scim) -> None:
    """R088: the webhook has old and new."""
    await listen(scim.access.organization_id)
    made = await scim.make_user("ann", locale="de", name={"givenName": "Ann", "familyName": "Lee"})
    await forget()
    await scim.patch(
        f"/Users/{made['id']}",
        {"op": "replace", "path": "locale", "value": "fr"},
        {"op": "replace", "path": "name.givenName", "value": "Anna"},
    )
    found = await told(scim.access.organization_id)
    [event] = [each for each in found if each["type"] == "member.profile_changed"]
    data = event["data"]
    assert data["before"] == {"name": "Ann Lee", "given_name": "Ann", "locale": "de"}
    assert data["after"] == {"name": "Anna Lee", "given_name": "Anna", "locale": "fr"}
    assert data["member"]["profile"]["locale"] == "fr"
    assert data["directoryUserId"] == write("DirectoryUser", scim.access.organization_id, uuid.UUID(made["id"]))


async def test_roles_by_groups_and_by_hand_are_told(scim: Scim) -> None:
    own = scim.access.organization_id
    await listen(own)
    ann = await scim.make_user("ann", emails=[{"value": "ann@example.com"}])
    bob = await scim.make_user("bob")
    group = await scim.make_group("Sales")
    await map_group(scim, group, "account-manager")
    await forget()
    await scim.patch(f"/Groups/{group['id']}", adding(ann["id"], bob["id"]))
    await override(scim, "admin")
    await scim.patch(f"/Groups/{group['id']}", removing(bob["id"]))
    found = await told(own)
    assert _types(found) == [
        "member.role_changed",
        "member.role_changed",
        "group.members_added",
        "member.role_changed",
        "member.role_changed",
        "group.members_removed",
    ]
    roles = [
        (each["data"]["before"]["role"], each["data"]["after"]["role"]) for each in found if "role" in each["type"]
    ]
    assert roles[2] == ("account-manager", "admin")
    assert roles[3][0] == "account-manager"
    joined = found[2]["data"]
    assert (joined["count"], len(joined["memberIds"]), joined["groupIds"], joined["note"]) == (2, 2, [], None)
    assert write("Member", own, (await member_of(scim))["id"]) in joined["memberIds"]
    assert (joined["group"]["displayName"], joined["group"]["role"]["key"]) == ("Sales", "account-manager")


async def test_sequences_order_the_events_of_a_member(scim: Scim) -> None:
    await listen(scim.access.organization_id)
    made = await scim.make_user("ann", emails=[{"value": "ann@example.com"}])
    for name in ("Ann", "Anna", "Annie"):
        await scim.patch(f"/Users/{made['id']}", {"op": "replace", "path": "displayName", "value": name})
    found = [each for each in await told(scim.access.organization_id) if each["type"] == "member.updated"]
    numbers = [each["data"]["sequence"] for each in found]
    assert numbers == sorted(set(numbers))
    assert [each["data"]["after"]["displayName"] for each in found] == ["Ann", "Anna", "Annie"]
    assert {each["data"]["member"]["displayName"] for each in found} == {"Annie"}  # As they are now


async def test_endpoints_get_what_they_want_and_nothing_is_kept_that_nobody_wants(scim: Scim) -> None:
    own = scim.access.organization_id
    everything = await listen(own)
    some = await listen(own, "https://app.example.com/some", "role.added", "member.created")
    await scim.make_user("ann", emails=[{"value": "ann@example.com"}])
    await scim.make_group("Sales")
    assert _types(await told(own)) == ["member.created", "group.created"]
    assert len(await delivered(everything.endpoint.id)) == 2
    assert len(await delivered(some.endpoint.id)) == 1
    assert sorted(task["dedupe_key"].split()[1] for task in await waiting()) == sorted(
        str(each.endpoint.id) for each in (everything, some)
    )


async def test_another_organizations_endpoints_never_hear_of_it(scim: Scim) -> None:
    other = await organizations.create("Other")
    theirs = await listen(other)
    await listen(scim.access.organization_id)
    await scim.make_user("ann", emails=[{"value": "ann@example.com"}])
    await tell()
    assert await messages(other) == []
    assert await delivered(theirs.endpoint.id) == []
    assert len(await messages(scim.access.organization_id)) == 1


async def test_without_an_endpoint_nothing_is_written(scim: Scim) -> None:
    await scim.make_user("ann")
    assert await sql.value("SELECT count(*) FROM outbox") == 0
    assert await tell() == 0


async def test_a_change_is_told_of_once_also_when_that_breaks_halfway(
    scim: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    await listen(scim.access.organization_id)
    await scim.make_user("ann")

    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(webhook_deliveries, "add", broken)
        assert await tell() == 0
    assert await messages(scim.access.organization_id) == []
    assert _types(await told(scim.access.organization_id)) == ["member.created"]
    assert await tell() == 0
    assert len(await messages(scim.access.organization_id)) == 1


async def test_one_organizations_trouble_does_not_keep_others_waiting(
    scim: Scim, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other = await organizations.create("Other")
    await listen(scim.access.organization_id)
    await listen(other)
    await scim.make_user("ann")
    await ladder.set_permissions(operator(other), "viewer", ["look"])
    add = webhook_messages.add

    async def broken(organization: OrganizationId, rows: Sequence[MessageRow]) -> None:
        if organization == scim.access.organization_id:
            raise ZeroDivisionError
        await add(organization, rows)

    monkeypatch.setattr(webhook_messages, "add", broken)
    telling = fan_out.FanOut(profile.known)
    assert [await telling() for _ in range(3)] == [0, 2, 0]
    assert _types(await messages(other)) == ["role.permissions_changed"]
    assert "cannot be told of now" in caplog.text


async def test_a_change_that_cannot_be_told_keeps_nothing_waiting_and_is_not_lost(
    scim: Scim, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Such as one that somebody remembers otherwise than its event wants it."""
    own = scim.access.organization_id
    await listen(own)
    compose = events.compose

    def broken(told: Told, type: str, known: Facts) -> Data:
        if type == "group.created":
            raise KeyError("display_name")
        return compose(told, type, known)

    monkeypatch.setattr(events, "compose", broken)
    await scim.make_group("Sales")
    await scim.make_user("ann")
    telling = fan_out.FanOut(profile.known)
    assert await telling() == 3  # the endpoint itself and a user, which nobody is told of, and Ann
    assert await telling() == 0
    assert _types(await messages(own)) == ["member.created"]
    assert "group.created" in caplog.text
    monkeypatch.setattr(events, "compose", compose)
    assert await telling() == 0  # not within a minute
    assert _types(await told(own)) == ["member.created", "group.created"]


async def test_what_nobody_has_thought_of_is_told_to_nobody(scim: Scim, caplog: pytest.LogCaptureFixture) -> None:
    own = scim.access.organization_id
    await listen(own)
    await ChangeFactory.make(organization=own, subject_type="member", action="teleported")
    assert await told(own) == []
    assert await sql.value("SELECT count(*) FROM outbox") == 0
    assert "teleported" in caplog.text
