"""What PATCH operations make of single and complex attributes, of extensions and of whole documents."""

from __future__ import annotations

import pytest

from api.scim.language import patch
from api.scim.language.definitions import ENTERPRISE_URN, GROUP_TYPE
from api.scim.language.errors import InvalidValue, Mutability, ScimError
from api.scim.language.schemas import Document

from .resource_samples import (
    OWN_URN,
    SEAT_URN,
    STAFF_URN,
    USER_TYPE,
    USER_URN,
    group,
    op,
    patched,
    user,
)


@pytest.mark.parametrize("tolerant", [False, True])
@pytest.mark.parametrize(
    ("before", "operation", "after"),
    [
        pytest.param({}, op("add", "title", "Boss"), {"title": "Boss"}, id="add what is not there"),
        pytest.param(
            {"title": "Boss"}, op("add", "title", "Chief"), {"title": "Chief"}, id="add to one value replaces"
        ),
        pytest.param({"title": "Boss"}, op("replace", "TITLE", "Chief"), {"title": "Chief"}, id="replace"),
        pytest.param({}, op("replace", "title", "Chief"), {"title": "Chief"}, id="replace what is not there adds"),
        pytest.param({"title": "Boss"}, op("remove", "title"), {}, id="remove"),
        pytest.param({}, op("remove", "title"), {}, id="remove what is not there"),
        pytest.param({"title": "Boss"}, op("replace", "title", None), {}, id="replace by null unassigns"),
        pytest.param({"title": "Boss"}, op("add", "title", None), {"title": "Boss"}, id="add null adds nothing"),
        pytest.param({"title": "Boss"}, op("replace", "title", ""), {"title": ""}, id="empty text is a value"),
        pytest.param({}, op("replace", "active", False), {"active": False}, id="boolean"),
        pytest.param({"active": False}, op("remove", "active"), {"active": False}, id="active stays when removed"),
        pytest.param(
            {}, op("add", None, {"title": "Boss", "nickName": "B"}), {"title": "Boss", "nickName": "B"}, id="no path"
        ),
        pytest.param(
            {"title": "Boss"},
            op("replace", None, {"title": None, "active": False}),
            {"active": False},
            id="null without path",
        ),
        pytest.param(
            {"name": {"givenName": "B"}},
            op("add", "name", {"familyName": "J"}),
            {"name": {"givenName": "B", "familyName": "J"}},
            id="add merges a complex value",
        ),
        pytest.param(
            {"name": {"givenName": "B"}},
            op("replace", "name", {"familyName": "J"}),
            {"name": {"givenName": "B", "familyName": "J"}},
            id="replace leaves what is not named",
        ),
        pytest.param(
            {"name": {"givenName": "B", "familyName": "J"}},
            op("replace", "name", {"givenName": None}),
            {"name": {"familyName": "J"}},
            id="null unassigns a sub-attribute",
        ),
        pytest.param(
            {"name": {"givenName": "B"}},
            op("replace", "name", {"givenName": None}),
            {},
            id="nothing left of a complex value",
        ),
        pytest.param(
            {"name": {"givenName": "B"}},
            op("replace", "name", {}),
            {"name": {"givenName": "B"}},
            id="replace by no sub-attributes",
        ),
        pytest.param(
            {"name": {"givenName": "B"}}, op("replace", "name", None), {}, id="null unassigns a complex value"
        ),
        pytest.param(
            {"name": {"givenName": "B"}},
            op("replace", "name.familyName", "J"),
            {"name": {"givenName": "B", "familyName": "J"}},
            id="sub-attribute",
        ),
        pytest.param(
            {}, op("add", "name.familyName", "J"), {"name": {"familyName": "J"}}, id="sub-attribute of nothing"
        ),
        pytest.param(
            {"name": {"givenName": "B"}}, op("remove", "name.givenName"), {}, id="remove the last sub-attribute"
        ),
        pytest.param({"name": {"givenName": "B"}}, op("remove", "name"), {}, id="remove a complex value"),
        pytest.param(
            {},
            op("add", f"{ENTERPRISE_URN}:department", "Sales"),
            {"enterprise": {"department": "Sales"}},
            id="extension attribute",
        ),
        pytest.param(
            {"enterprise": {"department": "Sales"}},
            op("remove", f"{ENTERPRISE_URN}:department"),
            {},
            id="the last extension attribute",
        ),
        pytest.param(
            {"enterprise": {"department": "Sales"}},
            op("replace", ENTERPRISE_URN, {"division": "D"}),
            {"enterprise": {"department": "Sales", "division": "D"}},
            id="whole extension",
        ),
        pytest.param(
            {"enterprise": {"department": "Sales"}},
            op("add", None, {ENTERPRISE_URN: {"division": "D"}}),
            {"enterprise": {"department": "Sales", "division": "D"}},
            id="whole extension without path",
        ),
        pytest.param(
            {"enterprise": {"department": "Sales"}}, op("remove", ENTERPRISE_URN), {}, id="remove an extension"
        ),
        pytest.param(
            {"enterprise": {"department": "Sales"}},
            op("replace", None, {ENTERPRISE_URN: None}),
            {},
            id="null unassigns an extension",
        ),
        pytest.param(
            {"enterprise": {"department": "Sales"}},
            op("add", ENTERPRISE_URN, None),
            {"enterprise": {"department": "Sales"}},
            id="add null to an extension",
        ),
        pytest.param(
            {"staff": {"rank": "1"}}, op("remove", STAFF_URN), {}, id="remove an extension with a required attribute"
        ),
        pytest.param(
            {},
            op("add", f"{ENTERPRISE_URN}:manager", {"value": "2"}),
            {"enterprise": {"manager": {"value": "2"}}},
            id="manager",
        ),
        pytest.param(
            {},
            op("add", f"{ENTERPRISE_URN}:manager.value", "2"),
            {"enterprise": {"manager": {"value": "2"}}},
            id="manager's id",
        ),
        pytest.param(
            {}, op("replace", f"{SEAT_URN}:seat_type", "Full"), {"seat": {"seat_type": "full"}}, id="seat type"
        ),
        pytest.param(
            {"seat": {"seat_type": "full"}}, op("replace", f"{SEAT_URN}:User:seat_type", ""), {}, id="no seat type"
        ),
        pytest.param({}, op("add", f"{OWN_URN}:badge", "7"), {"own": {"badge": "7"}}, id="add an immutable value"),
        pytest.param(
            {"own": {"badge": "7"}},
            op("replace", f"{OWN_URN}:badge", "7"),
            {"own": {"badge": "7"}},
            id="repeat an immutable value",
        ),
        pytest.param({}, op("replace", "password", "secret"), {}, id="passwords are not kept"),
        pytest.param({}, op("remove", "password"), {}, id="remove a password"),
        pytest.param({}, op("add", "schemas", [ENTERPRISE_URN]), {}, id="schemas are worked out"),
        pytest.param(
            {},
            op("add", None, {"schemas": [USER_URN], "userName": "bj"}),
            {},
            id="Microsoft's validator repeats schemas",
        ),
        pytest.param(
            {}, op("add", None, {"unknown": 1, ENTERPRISE_URN: {"floor": 4}}), {}, id="unknown attributes without path"
        ),
    ],
)
def test_an_operation_changes_what_it_names(
    before: Document, operation: Document, after: Document, tolerant: bool
) -> None:
    assert patched(user(**before), operation, tolerant=tolerant) == user(**after)


def test_each_operation_sees_what_those_before_it_did() -> None:
    assert patched(
        user(title="Boss"),
        op("remove", "title"),
        op("add", "title", "Chief"),
        op("replace", "name.givenName", "B"),
        op("add", "name", {"familyName": "J"}),
        op("remove", "name.givenName"),
    ) == user(title="Chief", name={"familyName": "J"})


@pytest.mark.parametrize("tolerant", [False, True])
@pytest.mark.parametrize(
    ("operation", "error"),
    [
        pytest.param(op("remove", "userName"), Mutability, id="remove what is required (RFC 7644 §3.5.2.2)"),
        pytest.param(op("replace", "userName", None), Mutability, id="unassign what is required"),
        pytest.param(op("replace", None, {"userName": []}), Mutability, id="unassign what is required without path"),
        pytest.param(op("replace", "userName", ""), InvalidValue, id="empty what is required"),
        pytest.param(op("remove", f"{STAFF_URN}:rank"), Mutability, id="remove what an extension requires"),
        pytest.param(
            op("add", f"{OWN_URN}:contract.signed", True), InvalidValue, id="a required sub-attribute missing"
        ),
        pytest.param(op("replace", f"{OWN_URN}:badge", "8"), Mutability, id="change what is immutable"),
        pytest.param(op("remove", f"{OWN_URN}:badge"), Mutability, id="remove what is immutable"),
        pytest.param(op("remove", OWN_URN), Mutability, id="remove an extension with what is immutable"),
        pytest.param(op("replace", None, {OWN_URN: {"badge": None}}), Mutability, id="unassign what is immutable"),
        pytest.param(op("replace", "active", "maybe"), InvalidValue, id="value of another type"),
        pytest.param(op("add", "name", "Barbara"), InvalidValue, id="text for a complex value"),
        pytest.param(op("add", ENTERPRISE_URN, "Sales"), InvalidValue, id="text for an extension"),
        pytest.param(op("replace", f"{SEAT_URN}:seat_type", "guest"), InvalidValue, id="no such seat"),
    ],
)
def test_an_operation_that_may_not_be_is_refused(operation: Document, error: type[ScimError], tolerant: bool) -> None:
    document = user(own={"badge": "7"}, staff={"rank": "1"})
    with pytest.raises(error) as caught:
        patched(document, op("replace", "active", False), operation, tolerant=tolerant)
    assert type(caught.value) is error


READ_ONLY = [
    op("replace", "id", "5"),
    op("remove", "meta"),
    op("replace", "meta.resourceType", "Group"),
    op("add", "groups", [{"value": "1"}]),
    op("remove", 'groups[value eq "1"]'),
    op("replace", f"{ENTERPRISE_URN}:manager.displayName", "M"),
    op("replace", None, {"id": "5"}),
    op("add", f"{OWN_URN}:serial", "1"),
    op("add", 'urn:example:extension:2.0:Own:contacts[value eq "a"].verified', True),
]


@pytest.mark.parametrize("operation", READ_ONLY)
def test_strictly_what_is_read_only_cannot_be_touched(operation: Document) -> None:
    with pytest.raises(Mutability, match="is read-only"):
        patched(user(own={"contacts": [{"value": "a"}]}), operation)


@pytest.mark.parametrize("operation", READ_ONLY)
def test_tolerantly_what_is_read_only_stays_as_it_is(operation: Document) -> None:
    document = user(own={"contacts": [{"value": "a"}]})
    assert patched(document, operation, op("replace", "active", False), tolerant=True) == document | {"active": False}


def test_what_was_passed_over_and_put_right_is_told() -> None:
    body: Document = {
        "schemas": [patch.PATCH_OP],
        "Operations": [
            op("add", "shoeSize", 43),
            op("replace", "active", "False"),
            op("replace", "id", "5"),
            op("add", None, {"hat": 1, ENTERPRISE_URN: {"floor": 4}, "name": {"nick": "B"}}),
        ],
    }
    done = patch.apply(user(), patch.parse(body, USER_TYPE, tolerant=True), USER_TYPE, tolerant=True)
    assert done.document == user(active=False)
    assert done.ignored == ("shoeSize", "hat", f"{ENTERPRISE_URN}:floor", "name.nick")
    assert done.repaired == (
        "`active` was the text `False`; it was read as false.",
        "`id` is read-only; it was left as it is.",
    )


def test_groups_are_patched_alike() -> None:
    assert patched(
        group(externalId="1"),
        op("replace", None, {"id": "5", "displayName": "Crew"}),
        op("remove", "externalId"),
        tolerant=True,
        resource_type=GROUP_TYPE,
    ) == group(displayName="Crew")


def test_no_operations_leave_the_document_as_it_is() -> None:
    assert patch.apply(user(), (), USER_TYPE, tolerant=False) == patch.Patched(user(), (), ())


@pytest.mark.parametrize(
    ("before", "operation", "after"),
    [
        pytest.param({}, op("replace", "active", "False"), {"active": False}, id="Entra: boolean as text"),
        pytest.param({}, op("add", "manager", "2"), {"enterprise": {"manager": {"value": "2"}}}, id="manager as text"),
        pytest.param(
            {},
            op("add", "manager", [{"$ref": "Users/2", "value": "2"}]),
            {"enterprise": {"manager": {"$ref": "Users/2", "value": "2"}}},
            id="Entra: manager in an array",
        ),
        pytest.param(
            {"enterprise": {"manager": {"value": "2", "$ref": "Users/2"}}},
            op("replace", "manager", {"value": ""}),
            {},
            id="Microsoft's validator: no manager",
        ),
        pytest.param(
            {"enterprise": {"manager": {"value": "2"}}},
            op("replace", "manager", {"value": None}),
            {},
            id="manager null",
        ),
        pytest.param(
            {"enterprise": {"manager": {"value": "2"}}}, op("replace", "manager.value", ""), {}, id="empty manager's id"
        ),
        pytest.param({}, op("add", "seat_type", "lite"), {"seat": {"seat_type": "lite"}}, id="bare seat type"),
        pytest.param({}, op("replace", "title", 5), {"title": "5"}, id="number for text"),
        pytest.param({"title": "Boss"}, op("add", "shoes.left", 1), {"title": "Boss"}, id="unknown attribute"),
    ],
)
def test_tolerant_patching_takes_what_identity_providers_send(
    before: Document, operation: Document, after: Document
) -> None:
    assert patched(user(**before), operation, tolerant=True) == user(**after)
