"""Which attributes an answer shows."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.scim.language import projection
from api.scim.language.definitions import ENTERPRISE_URN, GROUP_TYPE
from api.scim.language.errors import InvalidValue
from api.scim.language.schemas import Document

from .resource_samples import GROUP_URN, OWN_URN, USER_TYPE, USER_URN

META = {"resourceType": "User", "location": "https://example.com/Users/1"}
SHOWN: Document = {
    "schemas": [USER_URN, ENTERPRISE_URN],
    "id": "1",
    "userName": "bj",
    "name": {"givenName": "Barbara", "familyName": "Jensen"},
    "active": True,
    "emails": [{"value": "b@example.com", "type": "work"}, {"value": "c@example.com"}],
    "meta": META,
    ENTERPRISE_URN: {"department": "Sales", "employeeNumber": "7", "manager": {"value": "2", "displayName": "M"}},
}
ALWAYS: Document = {"schemas": SHOWN["schemas"], "id": "1"}


def without(*names: str) -> Document:
    return {name: value for name, value in SHOWN.items() if name not in names}


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("userName", {"userName": "bj"}),
        (" USERNAME , Active ", {"userName": "bj", "active": True}),
        ("name", {"name": SHOWN["name"]}),
        ("name.givenName", {"name": {"givenName": "Barbara"}}),
        ("NAME.givenname,name.familyName", {"name": SHOWN["name"]}),
        ("name.givenName,name", {"name": SHOWN["name"]}),
        ("name.honorificPrefix", {}),
        ("emails.value", {"emails": [{"value": "b@example.com"}, {"value": "c@example.com"}]}),
        ("emails.type", {"emails": [{"type": "work"}]}),
        ("meta.location", {"meta": {"location": META["location"]}}),
        ("id", {}),
        ("unknown,name.unknown,urn:example:x,a b,emails[,", {}),
        (f"{USER_URN}:userName", {"userName": "bj"}),
        (f"{ENTERPRISE_URN}:department", {ENTERPRISE_URN: {"department": "Sales"}}),
        ("department", {ENTERPRISE_URN: {"department": "Sales"}}),
        (f"{ENTERPRISE_URN}:manager.value", {ENTERPRISE_URN: {"manager": {"value": "2"}}}),
        (ENTERPRISE_URN.upper(), {ENTERPRISE_URN: SHOWN[ENTERPRISE_URN]}),
        (f"{ENTERPRISE_URN}:division", {}),
        (USER_URN, without("schemas", "id", "meta", ENTERPRISE_URN)),
    ],
)
def test_attributes_shows_what_is_named_and_what_is_always_shown(attributes: str, expected: Document) -> None:
    assert projection.project(SHOWN, USER_TYPE, attributes, None) == ALWAYS | expected


@pytest.mark.parametrize(
    ("excluded", "expected"),
    [
        ("userName", without("userName")),
        ("ID,schemas,userName", without("userName")),
        ("name.familyName", SHOWN | {"name": {"givenName": "Barbara"}}),
        ("name.familyName,name.givenName", without("name")),
        ("name,name.familyName", without("name")),
        ("emails.value", SHOWN | {"emails": [{"type": "work"}]}),
        (ENTERPRISE_URN, without(ENTERPRISE_URN)),
        (f"{ENTERPRISE_URN}:department,{ENTERPRISE_URN}:manager", SHOWN | {ENTERPRISE_URN: {"employeeNumber": "7"}}),
        ("unknown,urn:example:x", SHOWN),
        ("meta", without("meta")),
    ],
)
def test_excluded_attributes_are_missing_unless_they_are_always_shown(excluded: str, expected: Document) -> None:
    assert projection.project(SHOWN, USER_TYPE, None, excluded) == expected


@pytest.mark.parametrize(("attributes", "excluded"), [(None, None), ("", ""), (" , ", None)])
def test_without_parameters_the_resource_is_shown_as_it_stands(attributes: str | None, excluded: str | None) -> None:
    assert projection.project(SHOWN, USER_TYPE, attributes, excluded) is SHOWN


def test_both_parameters_at_once_are_refused() -> None:
    with pytest.raises(InvalidValue, match="exclude each other"):
        projection.parse("userName", "members", USER_TYPE)
    assert not projection.parse("", "members", GROUP_TYPE).wants("members")


OWN: Document = {
    "secret": "s",
    "biography": "b",
    "mark": "m",
    "note": "n",
    "contract": {"kind": "fixed", "salary": "1"},
}
WITH_OWN: Document = {"id": "1", "userName": "bj", "password": "p", OWN_URN: OWN}
WITHOUT_NOTE: Document = {"mark": "m", "contract": {"kind": "fixed"}}
OPEN: Document = {"mark": "m", "note": "n", "contract": {"kind": "fixed"}}


@pytest.mark.parametrize(
    ("attributes", "excluded", "expected"),
    [
        (None, None, {"userName": "bj", OWN_URN: OPEN}),
        (None, OWN_URN, {"userName": "bj", OWN_URN: {"mark": "m"}}),
        (None, f"{OWN_URN}:note,{OWN_URN}:biography", {"userName": "bj", OWN_URN: WITHOUT_NOTE}),
        ("password,secret", None, {OWN_URN: {"mark": "m"}}),
        (f"{OWN_URN}:biography", None, {OWN_URN: {"biography": "b", "mark": "m"}}),
        (f"{OWN_URN}:contract.salary,userName", None, {"userName": "bj", OWN_URN: {"mark": "m"}}),
        (f"{OWN_URN}:contract", None, {OWN_URN: {"mark": "m", "contract": {"kind": "fixed"}}}),
        (OWN_URN, None, {OWN_URN: OPEN | {"biography": "b"}}),
    ],
)
def test_characteristics_of_attributes_come_first(
    attributes: str | None, excluded: str | None, expected: Document
) -> None:
    assert projection.project(WITH_OWN, USER_TYPE, attributes, excluded) == {"id": "1"} | expected


@pytest.mark.parametrize(
    ("attributes", "excluded", "is_wanted"),
    [
        (None, None, True),
        ("displayName", None, False),
        ("MEMBERS", None, True),
        ("members.value", None, True),
        (f"{GROUP_URN}:members", None, True),
        (None, "members", False),
        (None, "Members.display", True),
        (None, "displayName", True),
        ("nothing", None, False),
    ],
)
def test_the_caller_learns_whether_members_have_to_be_loaded(
    attributes: str | None, excluded: str | None, is_wanted: bool
) -> None:
    assert projection.parse(attributes, excluded, GROUP_TYPE).wants("members") is is_wanted


def test_nobody_wants_what_does_not_exist() -> None:
    assert not projection.parse(None, None, GROUP_TYPE).wants("groups")
    assert projection.parse(None, None, USER_TYPE).wants("groups")


def test_an_empty_list_stays_when_nothing_was_taken_from_it() -> None:
    shown: Document = {"id": "1", "members": []}
    assert projection.project(shown, GROUP_TYPE, None, "displayName") == shown
    assert projection.project(shown, GROUP_TYPE, "members", None) == shown


NAMES = st.sampled_from(["id", "name", "name.givenName", "emails.value", ENTERPRISE_URN, "meta", "unknown", "[", "\0"])


@given(st.lists(NAMES | st.text(max_size=5)).map(",".join))
def test_attributes_and_excluded_attributes_complement_each_other_and_leave_the_resource_alone(names: str) -> None:
    before = copy.deepcopy(SHOWN)
    wanted = projection.project(SHOWN, USER_TYPE, names, None)
    rest = projection.project(SHOWN, USER_TYPE, None, names)
    assert before == SHOWN
    assert set(wanted) | set(rest) == set(SHOWN)
    assert ALWAYS.items() <= wanted.items()
    assert ALWAYS.items() <= rest.items()
