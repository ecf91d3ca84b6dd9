"""The catalogue of attributes over GraphQL: what came, what is noted beside it, and what is left out."""

from __future__ import annotations

import pytest

from api.provisioning import attribute_catalogue
from api.provisioning.attribute_catalogue import Attribute
from db import sql
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim, document

from .conftest import Api

NOTE = """mutation ($id: ID!, $notes: [AttributeNoteInput!]!) {
  attributeNotesSet(organizationId: $id, notes: $notes) {
    attributeNotes { attribute note } userErrors { code field message } } }"""
NOTES = "{ organization { attributeNotes { attribute note } } }"
LEAVE = """mutation ($id: ID!, $names: [String!]!) {
  directoryUpdate(id: $id, input: {leftOut: $names}) {
    directory { settings { leftOut } } userErrors { code message } } }"""
CAME = "{ organization { members(first: 5) { nodes { directoryUsers { attributes { label value } } } } } }"
MOBILE = 'phoneNumbers[type eq "mobile"].value'


async def note(scim: Scim, api: Api, **notes: str) -> dict[str, str]:
    """Write notes; all that there are then."""
    given = [{"attribute": name, "note": text} for name, text in notes.items()]
    id = api.id("Organization", scim.access.organization_id)
    done = (await api.ask(NOTE, id=id, notes=given))["attributeNotesSet"]
    assert done["userErrors"] == []
    return {each["attribute"]: each["note"] for each in done["attributeNotes"]}


async def test_a_note_is_edited_and_survives_another_catalogue(
    scim: Scim, api: Api, monkeypatch: pytest.MonkeyPatch, new_directory: NewDirectory
) -> None:
    """R085: the next version of Rollcall may call attributes otherwise, or not have one any more."""
    await note(scim, api, title="  Called rank \n with us ", active="Enabled")
    assert await note(scim, api, active="Live") == {"title": "Called rank with us", "active": "Live"}
    newer = [Attribute(each.name, f"New {each.label}", each.is_needed, {}) for each in attribute_catalogue.CATALOGUE]
    monkeypatch.setattr(attribute_catalogue, "CATALOGUE", tuple(each for each in newer if each.name != "title"))
    assert await note(scim, api, userName="Login") == {
        "title": "Called rank with us",
        "active": "Live",
        "userName": "Login",
    }
    found = (await api.ask(NOTES))["organization"]["attributeNotes"]
    assert {each["attribute"] for each in found} == {"title", "active", "userName"}
    other = await new_directory()
    text = await sql.value("SELECT attribute_notes::text FROM organization WHERE id = $1", other.organization_id)
    assert text == "{}"


async def test_an_empty_note_is_none_and_each_change_is_remembered(scim: Scim, api: Api) -> None:
    await note(scim, api, title="Rank")
    assert await note(scim, api, title=" ") == {}
    await note(scim, api, title="")
    found = await sql.rows("SELECT before::text, after::text FROM change WHERE action = 'attributes_noted' ORDER BY id")
    assert [tuple(row) for row in found] == [
        ('{"title": null}', '{"title": "Rank"}'),
        ('{"title": "Rank"}', '{"title": null}'),
    ]


@pytest.mark.parametrize(("name", "text"), [("nickName", "x"), ("title", "x" * 301), ("title", "a\u202eb")])
async def test_odd_notes_are_refused_and_nothing_is_written(scim: Scim, api: Api, name: str, text: str) -> None:
    id = api.id("Organization", scim.access.organization_id)
    given = [{"attribute": "active", "note": "fine"}, {"attribute": name, "note": text}]
    done = (await api.ask(NOTE, id=id, notes=given))["attributeNotesSet"]
    assert [(each["code"], each["field"][:1]) for each in done["userErrors"]] == [("INVALID", ["notes"])]
    assert (await api.ask(NOTES))["organization"]["attributeNotes"] == []


async def test_the_address_is_never_unmapped(scim: Scim, api: Api) -> None:
    """R089."""
    id = api.id("Directory", scim.access.directory_id)
    done = (await api.ask(LEAVE, id=id, names=['emails[type eq "work"].value', "title"]))["directoryUpdate"]
    [error] = done["userErrors"]
    assert error["message"].startswith("E-mail address cannot be left out.")
    ann = await scim.make_user("ann@example.com", title="Boss")
    assert ann["title"] == "Boss"


async def test_what_is_left_out_is_not_kept_and_the_request_says_so(scim: Scim, api: Api) -> None:
    id = api.id("Directory", scim.access.directory_id)
    phones = [{"type": "mobile", "value": "55555555555"}, {"type": "work", "value": "+44 20 1"}]
    ann = await scim.make_user("ann@example.com", title="Boss", phoneNumbers=phones)
    done = (await api.ask(LEAVE, id=id, names=[MOBILE, "title"]))["directoryUpdate"]
    assert done["directory"]["settings"]["leftOut"] == [MOBILE, "title"]
    assert document(await scim.get(f"/Users/{ann['id']}"))["title"] == "Boss"  # until the directory says something
    changed = await scim.patch(f"/Users/{ann['id']}", {"op": "replace", "path": "displayName", "value": "Ann"})
    assert document(changed)["phoneNumbers"] == [{"type": "work", "value": "+44 20 1"}]
    assert "title" not in document(changed)
    bo = await scim.make_user("bo@example.com", title="Clerk", phoneNumbers=phones)
    assert ("title" in bo, len(bo["phoneNumbers"])) == (False, 1)
    told = await sql.value("SELECT decisions::text FROM request WHERE method = 'POST' ORDER BY id DESC LIMIT 1")
    assert "because this directory leaves it out: Mobile number, Position." in str(told)


async def test_attributes_come_as_they_were_sent_under_their_labels(scim: Scim, api: Api) -> None:
    """R077 to R084; R080: numbers are never written another way."""
    address = {
        "streetAddress": "1 High St",
        "locality": "Leeds",
        "region": "W Yorks",
        "postalCode": "LS1",
        "country": "GB",
    }
    ann = await scim.make_user(
        "ann@example.com",
        name={"givenName": "Ann", "familyName": "Ash"},
        emails=[{"type": "work", "value": "ann@example.com"}],
        phoneNumbers=[{"type": "mobile", "value": "55555555555"}],
        title="Boss",
        addresses=[{"type": "work", **address}],
    )
    path = 'addresses[type eq "work"].locality'
    await scim.patch(f"/Users/{ann['id']}", {"op": "replace", "path": path, "value": "York"})
    [member] = (await api.ask(CAME))["organization"]["members"]["nodes"]
    came = {each["label"]: each["value"] for each in member["directoryUsers"][0]["attributes"]}
    assert came == {
        "Username": "ann@example.com",
        "First name": "Ann",
        "Last name": "Ash",
        "E-mail address": "ann@example.com",
        "Mobile number": "55555555555",
        "Work number": None,
        "Position": "Boss",
        "Street address": "1 High St",
        "City": "York",
        "State": "W Yorks",
        "Postal code": "LS1",
        "Country": "GB",
        "Status": "true",
    }
