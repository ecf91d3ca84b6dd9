"""What is kept of the representations that clients send, and what is refused."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.scim.language import resources
from api.scim.language.definitions import ENTERPRISE_URN, GROUP_TYPE
from api.scim.language.errors import InvalidSyntax, InvalidValue, Mutability, ScimError
from api.scim.language.schemas import Document, ResourceType

from .patch_strategies import JSON
from .resource_samples import (
    GROUP_URN,
    OWN_URN,
    SEAT_URN,
    STAFF_URN,
    USER_TYPE,
    USER_URN,
    group,
    kept,
    user,
)

BARE: Document = {"schemas": [USER_URN], "userName": "bj"}
MINIMUM: Document = {"schemas": [USER_URN], "userName": "bj", "active": True}


def test_a_full_representation_is_kept_as_it_is() -> None:
    document: Document = {
        "schemas": [USER_URN, ENTERPRISE_URN, SEAT_URN],
        "externalId": "00u1",
        "userName": "bjensen@example.com",
        "name": {"givenName": "Barbara", "familyName": " Jensen "},
        "active": False,
        "emails": [{"value": "bj@example.com", "type": "work", "primary": True}, {"value": "b@example.org"}],
        "addresses": [{"type": "work", "locality": "Hollywood"}],
        "roles": [{"value": '{"id":"18d","value":"25","displayName":"Role1234"}'}],
        "x509Certificates": [{"value": "MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQA"}],
        ENTERPRISE_URN: {"employeeNumber": "701984", "manager": {"value": "26118915", "$ref": "../Users/26118915"}},
        SEAT_URN: {"seat_type": "lite"},
    }
    reading = resources.read(document, USER_TYPE, tolerant=False)
    assert reading == resources.Reading(document, (), ())
    backwards = dict(reversed(document.items()))
    assert resources.read(backwards, USER_TYPE, tolerant=False) == reading


def test_names_and_urns_get_the_spelling_of_the_schemas() -> None:
    body: Document = {
        "SCHEMAS": [USER_URN.upper()],
        "USERNAME": "bj",
        "Name": {"GIVENNAME": "B"},
        "EMAILS": [{"Value": "b@example.com", "Primary": True}],
        ENTERPRISE_URN.lower(): {"Department": "Sales", "Manager": {"Value": "26"}},
        SEAT_URN.upper(): {"Seat_Type": "full"},
    }
    assert kept(body) == {
        "schemas": [USER_URN, ENTERPRISE_URN, SEAT_URN],
        "userName": "bj",
        "active": True,
        "name": {"givenName": "B"},
        "emails": [{"value": "b@example.com", "primary": True}],
        ENTERPRISE_URN: {"department": "Sales", "manager": {"value": "26"}},
        SEAT_URN: {"seat_type": "full"},
    }


@pytest.mark.parametrize(
    "body",
    [
        {"title": None, "emails": [], "name": {}, ENTERPRISE_URN: {}, SEAT_URN: None, OWN_URN: []},
        {
            "name": {"givenName": None, "familyName": []},
            "emails": [None, {}, {"value": None}],
            "phoneNumbers": {},
            OWN_URN: {"tags": [{}]},
        },
        {ENTERPRISE_URN: {"department": None, "manager": {}, "division": []}},
    ],
)
def test_what_is_unassigned_is_left_out(body: Document) -> None:
    assert kept(BARE | body) == MINIMUM


@pytest.mark.parametrize(
    "body",
    [
        {"id": "2819c223", "meta": {"resourceType": "User", "version": 7}, "groups": [{"value": "e9e3"}]},
        {ENTERPRISE_URN: {"manager": {"displayName": "John Smith"}}},
        {OWN_URN: {"serial": "1", "contacts": [{"verified": True}]}},
    ],
)
def test_read_only_attributes_are_left_out_without_a_word(body: Document) -> None:
    assert resources.read(BARE | body, USER_TYPE, tolerant=False) == resources.Reading(MINIMUM, (), ())


def test_passwords_and_other_write_only_attributes_are_not_kept() -> None:
    assert kept(BARE | {"password": "t1meMa$heen", OWN_URN: {"pin": "1234"}}) == MINIMUM


def test_a_password_must_be_text_all_the_same() -> None:
    with pytest.raises(InvalidValue, match="`password` must be text"):
        kept(BARE | {"password": 5})


def test_the_members_of_a_group_are_left_out_whatever_they_are() -> None:
    body: Document = {"schemas": [GROUP_URN], "displayName": "Staff", "Members": [{"value": 1}, "\0", {"a": [[[[]]]]}]}
    assert kept(body, GROUP_TYPE) == {"schemas": [GROUP_URN], "displayName": "Staff"}


def test_unknown_attributes_and_schemas_are_named_for_the_caller_to_decide() -> None:
    body: Document = {
        "schemas": [USER_URN, "urn:example:unknown"],
        "userName": "bj",
        "shoeSize": 43,
        "name": {"nick": "B"},
        "emails": [{"value": "b@example.com", "rank": 1}, {"value": "c@example.com", "rank": 2}],
        ENTERPRISE_URN: {"floor": 4},
        "urn:example:other": {"a": 1},
        "department": "Sales",
        USER_URN: {"title": "x"},
    }
    reading = resources.read(body, USER_TYPE, tolerant=False)
    assert set(reading.ignored) == {
        "urn:example:unknown",
        "shoeSize",
        "name.nick",
        "emails.rank",
        f"{ENTERPRISE_URN}:floor",
        "urn:example:other",
        "department",
        USER_URN,
    }
    assert reading.document == MINIMUM | {"emails": [{"value": "b@example.com"}, {"value": "c@example.com"}]}


@pytest.mark.parametrize(
    ("body", "resource_type", "where"),
    [
        ({"schemas": [USER_URN]}, USER_TYPE, "userName"),
        ({"schemas": [USER_URN], "userName": ""}, USER_TYPE, "userName"),
        ({"schemas": [USER_URN], "userName": "  "}, USER_TYPE, "userName"),
        ({"schemas": [USER_URN], "userName": None}, USER_TYPE, "userName"),
        ({"schemas": [GROUP_URN]}, GROUP_TYPE, "displayName"),
        (BARE | {STAFF_URN: {"desk": "4"}}, USER_TYPE, f"{STAFF_URN}:rank"),
    ],
)
@pytest.mark.parametrize("tolerant", [False, True])
def test_required_attributes_must_have_a_value(
    body: Document, resource_type: ResourceType, where: str, tolerant: bool
) -> None:
    with pytest.raises(InvalidValue, match="is required") as caught:
        kept(body, resource_type, tolerant=tolerant)
    assert f"`{where}`" in caught.value.detail


def test_an_extension_that_is_not_there_requires_nothing() -> None:
    assert kept(BARE | {STAFF_URN: {}}) == MINIMUM


@pytest.mark.parametrize("body", [None, [], "user", 5, [BARE]])
def test_a_body_that_is_no_object_is_no_resource(body: object) -> None:
    with pytest.raises(InvalidSyntax, match="JSON object"):
        resources.read(body, USER_TYPE, tolerant=True)


def test_a_body_that_nests_without_end_is_refused() -> None:
    deep: object = "x"
    for _ in range(30):
        deep = [deep]
    with pytest.raises(InvalidSyntax, match="deeper than 20"):
        kept(BARE | {"unknown": deep})


@pytest.mark.parametrize("schemas", [None, [], "x", 5, [ENTERPRISE_URN], [5], USER_URN])
def test_strictly_schemas_must_name_the_core_schema(schemas: object) -> None:
    with pytest.raises(InvalidValue, match="`schemas`"):
        kept({"userName": "bj", "schemas": schemas})


@pytest.mark.parametrize("schemas", [None, [], 5, USER_URN, [ENTERPRISE_URN], [USER_URN, OWN_URN]])
def test_tolerantly_schemas_are_worked_out(schemas: object) -> None:
    assert kept({"schemas": schemas, "userName": "bj"}, tolerant=True) == MINIMUM
    assert kept({"userName": "bj"}, tolerant=True) == MINIMUM


@pytest.mark.parametrize("tolerant", [False, True])
def test_the_core_schema_of_another_resource_type_is_a_mistake(tolerant: bool) -> None:
    with pytest.raises(InvalidValue, match="`schemas`"):
        kept(BARE | {"schemas": [GROUP_URN]}, tolerant=tolerant)


def test_schemas_list_an_extension_that_has_values_though_the_client_did_not() -> None:
    assert kept(BARE | {SEAT_URN: {"seat_type": "full"}})["schemas"] == [USER_URN, SEAT_URN]


def test_a_put_replaces_what_it_names_and_clears_what_it_does_not() -> None:
    before = user(title="Boss", externalId="1", emails=[{"value": "b@example.com"}], own={"note": "x"})
    assert kept(BARE | {"title": "Chief"}, previous=before) == MINIMUM | {"title": "Chief"}


@pytest.mark.parametrize("body", [{}, {"active": None}])
def test_a_put_that_does_not_mention_active_does_not_wake_anybody_up(body: Document) -> None:
    assert kept(BARE | body, previous=user(active=False))["active"] is False
    assert "active" not in kept(BARE | body, previous=BARE)
    assert kept(BARE | body)["active"] is True


def test_groups_are_not_active_or_inactive() -> None:
    assert "active" not in group()


def test_immutable_attributes_stay_and_may_be_repeated_but_not_changed() -> None:
    before = user(own={"badge": "7", "contract": {"number": "1", "kind": "fixed"}})
    assert kept(BARE, previous=before)[OWN_URN] == {"badge": "7"}
    assert kept(BARE | {OWN_URN: {"badge": "7"}}, previous=before)[OWN_URN] == {"badge": "7"}
    with pytest.raises(Mutability, match=f"`{OWN_URN}:badge`"):
        kept(BARE | {OWN_URN: {"badge": "8"}}, previous=before)
    with pytest.raises(Mutability, match=f"`{OWN_URN}:contract.number`"):
        kept(BARE | {OWN_URN: {"contract": {"number": "2", "kind": "fixed"}}}, previous=before)


def test_an_immutable_attribute_without_value_can_get_one() -> None:
    assert kept(BARE | {OWN_URN: {"badge": "8"}}, previous=user(own={"note": "x"}))[OWN_URN] == {"badge": "8"}


NAMES = st.sampled_from(
    [attribute.name for attribute in USER_TYPE.attributes]
    + [attribute.name for extension in USER_TYPE.extensions for attribute in extension.attributes]
    + [schema.id for schema in (USER_TYPE.schema, *USER_TYPE.extensions)]
)


@given(body=st.dictionaries(NAMES | st.text(max_size=3), JSON, max_size=6), tolerant=st.booleans())
def test_whatever_is_sent_is_refused_in_scims_words_or_kept_in_a_form_that_is_kept_again(
    body: Document, tolerant: bool
) -> None:
    sent = copy.deepcopy(BARE | body)
    try:
        document = kept(sent, tolerant=tolerant)
    except ScimError:
        return
    assert resources.read(document, USER_TYPE, tolerant=False) == resources.Reading(document, (), ())
    assert repr(sent) == repr(BARE | body)
