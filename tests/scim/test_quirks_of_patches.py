"""PATCH messages of another shape, and what they do to users, groups and members."""

from __future__ import annotations

import copy

import pytest

from api.scim import quirks
from api.scim.language import membership, patch
from api.scim.language.definitions import ENTERPRISE_URN, GROUP_TYPE
from api.scim.language.schemas import Document, ResourceType

from .language.resource_samples import GROUP_URN, OWN_URN, SEAT_URN, USER_TYPE, USER_URN, op, user

WORK = 'emails[type eq "work"].value'


def message(body: object, resource_type: ResourceType = USER_TYPE) -> tuple[object, tuple[str, ...]]:
    """The normalised PATCH and the notes, checked to have left the body alone."""
    before = copy.deepcopy(body)
    result = quirks.normalise_patch(body, resource_type)
    assert body == before
    return result


def operations(*given: object, resource_type: ResourceType = USER_TYPE) -> tuple[object, tuple[str, ...]]:
    """The normalised operations and the notes."""
    body, notes = message({"schemas": [patch.PATCH_OP], "Operations": list(given)}, resource_type)
    assert isinstance(body, dict)
    assert body["schemas"] == [patch.PATCH_OP]
    return body["Operations"], notes


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        ({"Operations": [op("add", "title", "x")]}, 1),
        ({"schemas": [], "Operations": [op("add", "title", "x")]}, 1),
        ({"schemas": [USER_URN], "Operations": [op("add", "title", "x")]}, 1),
        ({"Schemas": [patch.PATCH_OP.upper()], "operations": [{"OP": "add", "Path": "title", "VALUE": "x"}]}, 1),
        ({"schemas": [patch.PATCH_OP], "Operations": op("add", "title", "x")}, 1),
        ({"schemas": [patch.PATCH_OP], "Operations": [op("Add", "title", "x")]}, 1),
        ({"schemas": [patch.PATCH_OP], "Operations": [op("add", "", {"title": "x"})]}, 0),
        ({"schemas": [patch.PATCH_OP], "Operations": [op("add", None, [{"title": "x"}])]}, 1),
        ({"schemas": [patch.PATCH_OP], "Operations": [op("add", None, ['{"title": "x"}'])]}, 1),
        ({"schemas": [patch.PATCH_OP], "Operations": [op("add", None, '{"title": "x"}')]}, 1),
        ({"schemas": [patch.PATCH_OP], "Operations": [op("add", "TITLE", {"title": "x"})]}, 1),
        ({"schemas": [patch.PATCH_OP], "Operations": [op("add", "title", "x") | {"id": "5", "name": "n"}]}, 0),
        ({"operations": op("ADD", None, ['{"title": "x"}'])}, 5),
    ],
)
def test_a_message_of_another_shape_does_what_was_meant(body: Document, notes: int) -> None:
    normal, told = message(body)
    done = patch.apply(user(), patch.parse(normal, USER_TYPE, tolerant=True), USER_TYPE, tolerant=True)
    assert done.document == user(title="x")
    assert len(told) == notes


def test_keys_that_are_paths_become_operations_of_their_own() -> None:
    value = {
        "displayName": "B",
        "name.givenName": "Barbara",
        f"{ENTERPRISE_URN}:employeeNumber": "7",
        f"{SEAT_URN}:seat_type": "full",
        WORK: "b@example.com",
        ENTERPRISE_URN: {"department": "Sales"},
        "name.nick": "x",
        "urn:example:other:size": 1,
        'emails[bogus eq "x"].value': "x",
    }
    found, notes = operations(op("Replace", None, value))
    assert found == [
        op(
            "replace",
            None,
            {
                "displayName": "B",
                ENTERPRISE_URN: {"department": "Sales"},
                "name.nick": "x",
                "urn:example:other:size": 1,
                'emails[bogus eq "x"].value': "x",
            },
        ),
        op("replace", "name.givenName", "Barbara"),
        op("replace", f"{ENTERPRISE_URN}:employeeNumber", "7"),
        op("replace", f"{SEAT_URN}:seat_type", "full"),
        op("replace", WORK, "b@example.com"),
    ]
    assert len(notes) == 2


def test_keys_that_are_all_paths_leave_no_operation_without_path() -> None:
    assert operations(op("add", None, {"name.givenName": "B"}))[0] == [op("add", "name.givenName", "B")]


def test_several_objects_without_path_are_several_operations() -> None:
    assert operations(op("add", None, [{"title": "x"}, {"nickName": "y"}]))[0] == [
        op("add", None, {"title": "x"}),
        op("add", None, {"nickName": "y"}),
    ]


MEMBERS = [{"value": "1"}]


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(op("remove", "members", {"members": MEMBERS}), id="Salesforce"),
        pytest.param(op("Remove", None, {"members": MEMBERS}), id="without path"),
        pytest.param(op("Remove", "members", [{"$ref": None, "value": "1"}]), id="Entra"),
        pytest.param(op("remove", "members", "1"), id="Microsoft's Postman"),
        pytest.param(op("remove", "members", '[{"value": "1"}]'), id="JSON inside of text"),
    ],
)
def test_a_member_is_removed_however_the_client_says_it(operation: Document) -> None:
    body, _ = message({"Operations": [operation]}, GROUP_TYPE)
    steps = membership.split(patch.parse(body, GROUP_TYPE, tolerant=True), tolerant=True)
    assert steps == ((membership.Remove(("1",)),), ())


def test_a_removal_without_path_of_anything_else_stays_without_target() -> None:
    operation = op("remove", None, {"members": MEMBERS, "displayName": "x"})
    assert operations(operation, resource_type=GROUP_TYPE) == ([operation], ())


def test_authentiks_rename_of_a_group_is_only_that() -> None:
    body, _ = message(
        {"Operations": [op("replace", None, {"schemas": [GROUP_URN], "id": "5", "displayName": "x"})]}, GROUP_TYPE
    )
    steps, rest = membership.split(patch.parse(body, GROUP_TYPE, tolerant=True), tolerant=True)
    before: Document = {"schemas": [GROUP_URN], "displayName": "old"}
    assert steps == ()
    assert patch.apply(before, rest, GROUP_TYPE, tolerant=True).document == before | {"displayName": "x"}


def test_a_deactivation_survives_everything_unknown_beside_it() -> None:
    body, _ = message(
        {
            "Operations": [
                op("Add", f"{OWN_URN}:floor", "4"),
                op("Add", "urn:example:unknown:attribute", "x"),
                op("Replace", "active", "False"),
                op("Replace", None, {"urn:example:unknown": {"a": 1}, "shoes.left": 1, "id": "5"}),
            ]
        }
    )
    done = patch.apply(user(), patch.parse(body, USER_TYPE, tolerant=True), USER_TYPE, tolerant=True)
    assert done.document == user(active=False)
    assert done.ignored == (f"{OWN_URN}:floor", "urn:example:unknown:attribute", "urn:example:unknown", "shoes.left")


def test_many_operations_are_told_about_once() -> None:
    _, notes = operations(*[op("Add", "members", MEMBERS)] * 1_000, resource_type=GROUP_TYPE)
    assert len(notes) == 1
