"""What PATCH operations make of single and complex attributes, of extensions and of whole documents."""

from __future__ import annotations

import pytest

from api.scim.language import patch
from api.scim.language.definitions import ENTERPRISE_URN, GROUP_TYPE
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
            {"seat": {"seat_type": "full"}}, op("replace", f"{SEAT_URN}:seat_type", ""), {}, id="no seat type"
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


REMOVALS = [op("remove", "active"), op("replace", "active", None), op("replace", None, {"active": []})]


@pytest.mark.parametrize("removal", REMOVALS)
@pytest.mark.parametrize("active", [False, True])
def test_active_can_be_removed_and_is_not_made_up_again(removal: Document, active: bool) -> None:
    without = {name: value for name, value in user().items() if name != "active"}
    assert patched(user(active=active), removal) == without
    assert patched(without, op("add", "title", "Boss")) == without | {"title": "Boss"}


@pytest.mark.parametrize("removal", REMOVALS)
def test_what_active_was_before_its_removal_is_told(removal: Document) -> None:
    body: Document = {"schemas": [patch.PATCH_OP], "Operations": [op("replace", "active", False), removal]}
    done = patch.apply(user(), patch.parse(body, USER_TYPE, tolerant=False), USER_TYPE, tolerant=False)
    assert "active" not in done.document
    assert done.active is False


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
