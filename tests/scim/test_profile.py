"""A person's profile by the names of OpenID Connect (R087, R088)."""

from __future__ import annotations

import uuid
from dataclasses import fields

import msgspec
import pytest

from api.provisioning.actor import Actor, ActorKind, Right
from api.provisioning.errors import Forbidden, NotFound
from api.scim import profile
from api.scim.language import projection
from api.scim.language.definitions import user_type
from api.scim.language.schemas import Document, from_json
from api.scim.profile import Profile
from db.queries import log

from .conftest import second_directory
from .conversation import ENTERPRISE, SEAT_TYPE, USER, Json, Scim
from .governing import governor, member_of, person
from .test_discovery import DEFINITION, SHOES, register

HATS = "urn:example:params:scim:schemas:extension:hats:2.0:User"
HIDDEN = {"id": HATS, "name": "Hats", "attributes": [{"name": "brim"}, {"name": "secret", "returned": "never"}]}
SHOWN = projection.parse(None, None, user_type(SEAT_TYPE, (from_json(DEFINITION), from_json(HIDDEN))))

ANN: Json = {
    "schemas": [USER, ENTERPRISE, SHOES, f"{SEAT_TYPE}:User"],
    "userName": "ann@acme.example.com",
    "name": {"givenName": "Ann", "familyName": "Lee", "formatted": "Dr. Ann Lee"},
    "displayName": "Ann Lee",
    "locale": "en-GB",
    "emails": [{"value": "home@example.org", "primary": True}, {"value": "ann@example.com", "type": "work"}],
    "photos": [{"value": "https://example.com/1.png"}, {"value": "https://example.com/2.png", "primary": True}],
    "phoneNumbers": [{"value": "+1 (555) 555-555", "type": "mobile"}],
    ENTERPRISE: {"department": "Tour Operations", "manager": {"value": "26118915"}},
    SHOES: {"size": 42},
    f"{SEAT_TYPE}:User": {"seat_type": "lite"},
}


async def profile_of(scim: Scim, email: str = "ann@example.com") -> Profile | None:
    """The profile of a member of this directory's organization."""
    found = await member_of(scim, email)
    return await profile.of_member(governor(scim), found["id"], SEAT_TYPE)


def of(**attributes: object) -> Profile:
    """The profile of a document with these attributes."""
    return profile.of({"schemas": [USER], "userName": "ann", **attributes}, SHOWN)


def test_who_says_nothing_has_a_user_name() -> None:
    assert of() == Profile(None, "ann", None, None, None, None, None, None, {})


@pytest.mark.parametrize(
    ("attributes", "field", "expected"),
    [
        ({"userName": "ann@example.com"}, "email", "ann@example.com"),
        (
            {"emails": [{"value": "a@example.com"}, {"value": "b@example.com", "primary": True}]},
            "email",
            "b@example.com",
        ),
        ({"name": {"formatted": "Dr. Ann Lee", "givenName": "Ann"}}, "name", "Dr. Ann Lee"),
        ({"name": {"givenName": "Ann", "familyName": "Lee"}}, "name", "Ann Lee"),
        ({"name": {"givenName": ""}}, "given_name", None),
        ({"phoneNumbers": [{"value": "55555555555"}, {"value": "2"}]}, "phone_number", "55555555555"),
        ({"phoneNumbers": [{"value": "1"}, {"value": " 0 55/5 ", "primary": True}]}, "phone_number", " 0 55/5 "),
        ({"phoneNumbers": [{"type": "work"}, {"value": "2"}]}, "phone_number", "2"),
        ({"phoneNumbers": []}, "phone_number", None),
        (
            {"photos": [{"value": "https://example.com/1"}, {"value": "https://example.com/2"}]},
            "picture",
            "https://example.com/1",
        ),
        ({"locale": "de"}, "locale", "de"),
        ({"preferredLanguage": "de"}, "locale", None),
        (
            {SHOES: {"size": 42}, HATS: {"brim": "wide"}},
            "custom_attributes",
            {SHOES: {"size": 42}, HATS: {"brim": "wide"}},
        ),
        ({ENTERPRISE: {"department": "Sales"}}, "custom_attributes", {ENTERPRISE: {"department": "Sales"}}),
        ({SEAT_TYPE: {"seat_type": "lite"}, f"{SEAT_TYPE}:User": {"seat_type": "lite"}}, "custom_attributes", {}),
        ({HATS: {"secret": "rabbit", "brim": "wide"}}, "custom_attributes", {HATS: {"brim": "wide"}}),
        ({HATS: {"secret": "rabbit"}}, "custom_attributes", {}),
    ],
)
def test_each_field_follows_from_its_attribute(attributes: Document, field: str, expected: object) -> None:
    """R087."""
    assert getattr(of(**attributes), field) == expected


def test_two_profiles_differ_in_fields_as_they_were_and_as_they_are() -> None:
    """R088."""
    before, after = of(locale="en", title="Guide"), of(title="Tour Guide", **{SHOES: {"size": 42}})
    assert profile.differences(before, after) == (
        {"locale": "en", "custom_attributes": {}},
        {"locale": None, "custom_attributes": {SHOES: {"size": 42}}},
    )
    assert profile.differences(after, after) == ({}, {})


async def test_a_full_user_has_a_profile_of_nine_fields(scim: Scim) -> None:
    """R087."""
    await register(scim)
    assert (await scim.post("/Users", ANN)).status_code == 201
    found = await profile_of(scim)
    assert found == Profile(
        email="ann@example.com",
        preferred_username="ann@acme.example.com",
        name="Ann Lee",
        given_name="Ann",
        family_name="Lee",
        picture="https://example.com/2.png",
        phone_number="+1 (555) 555-555",
        locale="en-GB",
        custom_attributes={
            ENTERPRISE: {"department": "Tour Operations", "manager": {"value": "26118915"}},
            SHOES: {"size": 42},
        },
    )
    assert len(fields(found)) == 9


async def test_the_profile_follows_every_write_and_its_change_tells_old_and_new(scim: Scim) -> None:
    """R088: what differs between two documents is kept, and what differs between two profiles follows from it."""
    await register(scim)
    made = (await scim.post("/Users", ANN)).json()
    await scim.patch(f"/Users/{made['id']}", {"op": "replace", "path": "locale", "value": "de-CH"})
    found = await profile_of(scim)
    assert found is not None
    assert found.locale == "de-CH"

    past = await log.changes_of(scim.access.organization_id, uuid.UUID(made["id"]))
    before, after = (msgspec.json.decode(str(past[-1][side])) for side in ("before", "after"))
    documents = [{**ANN, **side} for side in (before, after)]
    old, new = profile.differences(*(profile.of(document, SHOWN) for document in documents))
    assert (old, new) == ({"locale": "en-GB"}, {"locale": "de-CH"})


async def test_of_several_directories_the_one_counts_that_wrote_last_of_an_active_user(scim: Scim) -> None:
    second = await second_directory(scim)
    first_id = (await scim.post("/Users", person(locale="en"))).json()["id"]
    second_id = (await second.post("/Users", person(locale="fr"))).json()["id"]
    assert await locale_of(scim) == "fr"
    await scim.patch(f"/Users/{first_id}", {"op": "replace", "path": "locale", "value": "de"})
    assert await locale_of(scim) == "de"
    await scim.patch(f"/Users/{first_id}", {"op": "replace", "path": "active", "value": False})
    assert await locale_of(scim) == "fr"
    await second.delete(f"/Users/{second_id}")
    assert await locale_of(scim) == "de"
    await scim.delete(f"/Users/{first_id}")
    assert await profile_of(scim) is None


async def test_a_profile_is_asked_for_within_an_organization_by_who_may_read_it(scim: Scim, stranger: Scim) -> None:
    await scim.post("/Users", person())
    ann = uuid.UUID(str((await member_of(scim))["id"]))
    with pytest.raises(NotFound, match="no member"):
        await profile.of_member(governor(stranger), ann, SEAT_TYPE)
    directory = Actor(ActorKind.DIRECTORY, scim.access.organization_id, None, frozenset({Right.PROVISION}))
    with pytest.raises(Forbidden):
        await profile.of_member(directory, ann, SEAT_TYPE)


async def locale_of(scim: Scim) -> str | None:
    found = await profile_of(scim)
    assert found is not None
    return found.locale
