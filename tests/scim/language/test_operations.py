"""How PATCH messages are read, and every way in which they can be wrong."""

from __future__ import annotations

import time

import pytest

from api.scim.language import patch
from api.scim.language.definitions import ENTERPRISE_URN, GROUP_TYPE
from api.scim.language.errors import (
    InvalidFilter,
    InvalidPath,
    InvalidSyntax,
    InvalidValue,
    NoTarget,
    ScimError,
    TooMany,
)
from api.scim.language.schemas import Document

from .resource_samples import USER_TYPE, USER_URN


def message(*operations: object) -> Document:
    return {"schemas": [patch.PATCH_OP], "Operations": list(operations)}


def read(*operations: object, tolerant: bool = False) -> tuple[patch.Operation, ...]:
    return patch.parse(message(*operations), USER_TYPE, tolerant=tolerant)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "PATCH",
        {},
        {"Operations": [{"op": "add", "path": "title", "value": "x"}]},
        {"schemas": [USER_URN], "Operations": [{"op": "add", "path": "title", "value": "x"}]},
        {"schemas": patch.PATCH_OP, "Operations": [{"op": "add", "path": "title", "value": "x"}]},
        {"schemas": [patch.PATCH_OP]},
        {"schemas": [patch.PATCH_OP], "Operations": []},
        {"schemas": [patch.PATCH_OP], "Operations": {"op": "add", "path": "title", "value": "x"}},
        {"schemas": [patch.PATCH_OP], "operations": [{"op": "add", "path": "title", "value": "x"}]},
    ],
)
def test_what_is_no_patch_message_is_invalid_syntax(body: object) -> None:
    with pytest.raises(InvalidSyntax):
        patch.parse(body, USER_TYPE, tolerant=True)


@pytest.mark.parametrize(
    ("operation", "error"),
    [
        pytest.param("add", InvalidSyntax, id="no object"),
        pytest.param({"path": "title", "value": "x"}, InvalidSyntax, id="no op"),
        pytest.param({"op": "move", "path": "title"}, InvalidSyntax, id="unknown op"),
        pytest.param({"op": "Add", "path": "title", "value": "x"}, InvalidSyntax, id="op in another case"),
        pytest.param({"op": ["add"], "path": "title", "value": "x"}, InvalidSyntax, id="op that is no text"),
        pytest.param({"op": "add", "path": 5, "value": "x"}, InvalidPath, id="path that is no text"),
        pytest.param({"op": "add", "path": "", "value": "x"}, InvalidPath, id="empty path"),
        pytest.param({"op": "add", "path": "a b", "value": "x"}, InvalidPath, id="malformed path"),
        pytest.param({"op": "add", "path": "title[", "value": "x"}, InvalidPath, id="bracket without end"),
        pytest.param({"op": "add", "path": "emails.", "value": "x"}, InvalidPath, id="missing sub-attribute"),
        pytest.param({"op": "add", "path": 'emails[type eq "w"]x', "value": "x"}, InvalidPath, id="text after bracket"),
        pytest.param({"op": "add", "path": "emails[type eqq 1]", "value": "x"}, InvalidFilter, id="malformed filter"),
        pytest.param({"op": "add", "path": "emails[(((((((((((((((((((((((", "value": 1}, TooMany, id="deep filter"),
        pytest.param({"op": "add", "path": "title"}, InvalidValue, id="add without value"),
        pytest.param({"op": "replace", "path": "title"}, InvalidValue, id="replace without value"),
        pytest.param({"op": "replace"}, InvalidValue, id="neither path nor value"),
        pytest.param({"op": "add", "value": "x"}, InvalidValue, id="value without path that is no object"),
        pytest.param(
            {"op": "replace", "value": [{"active": False}]}, InvalidValue, id="value without path in an array"
        ),
        pytest.param({"op": "remove"}, NoTarget, id="remove without path"),
        pytest.param({"op": "remove", "value": {"title": "x"}}, NoTarget, id="remove without path but with value"),
        pytest.param({"op": "remove", "path": None}, NoTarget, id="remove with null as path"),
        pytest.param({"op": "remove", "path": USER_URN}, NoTarget, id="remove the whole resource"),
        pytest.param({"op": "add", "path": "title", "value": "\0"}, InvalidValue, id="text that cannot be stored"),
    ],
)
@pytest.mark.parametrize("tolerant", [False, True])
def test_a_wrong_operation_is_refused_by_its_number(operation: object, error: type[ScimError], tolerant: bool) -> None:
    with pytest.raises(error) as caught:
        read({"op": "remove", "path": "title"}, operation, tolerant=tolerant)
    assert type(caught.value) is error
    assert caught.value.detail.startswith("Operation 2: ")


UNKNOWN = ["shoeSize", "name.nick", "urn:example:other:size", 'shoes[type eq "left"].size', f"{ENTERPRISE_URN}:floor"]


@pytest.mark.parametrize("path", UNKNOWN)
def test_strictly_a_path_that_leads_nowhere_is_invalid(path: str) -> None:
    with pytest.raises(InvalidPath):
        read({"op": "add", "path": path, "value": "x"})


@pytest.mark.parametrize("path", UNKNOWN)
def test_tolerantly_a_path_that_leads_nowhere_is_kept_to_be_passed_over(path: str) -> None:
    assert read({"op": "add", "path": path, "value": "\0"}, tolerant=True) == (
        patch.Operation("add", None, "\0", unknown=path),
    )


def test_members_that_no_operation_has_are_not_read() -> None:
    operation = {"op": "remove", "path": "title", "id": "5", "name": "removal", "Path": "userName"}
    assert [(each.op, str(each.path), each.value) for each in read(operation)] == [("remove", "title", None)]


def test_the_core_urn_as_path_means_the_resource() -> None:
    assert read({"op": "replace", "path": USER_URN, "value": {"active": False}}) == (
        patch.Operation("replace", None, {"active": False}),
    )


def test_a_user_may_be_changed_in_a_thousand_steps_but_not_more() -> None:
    assert len(read(*[{"op": "add", "path": "title", "value": "x"}] * patch.MAX_OPERATIONS)) == patch.MAX_OPERATIONS
    with pytest.raises(InvalidValue, match="1001 operations"):
        read(*[{"op": "add", "path": "title", "value": "x"}] * (patch.MAX_OPERATIONS + 1))


def test_a_group_may_get_each_member_by_an_operation_of_its_own() -> None:
    operations = [{"op": "add", "path": "members", "value": [{"value": str(number)}]} for number in range(20_000)]
    started = time.perf_counter()
    assert len(patch.parse(message(*operations), GROUP_TYPE, tolerant=True)) == 20_000
    assert time.perf_counter() - started < 2
