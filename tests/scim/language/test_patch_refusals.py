"""PATCH operations that may not be: required, immutable and read-only attributes, values that do not fit."""

from __future__ import annotations

import pytest

from api.scim.language.definitions import ENTERPRISE_URN
from api.scim.language.errors import InvalidValue, Mutability, ScimError, TooMany
from api.scim.language.schemas import Document

from .resource_samples import OWN_URN, SEAT_URN, STAFF_URN, op, patched, user


@pytest.mark.parametrize("tolerant", [False, True])
@pytest.mark.parametrize(
    ("operation", "error"),
    [
        pytest.param(op("remove", "userName"), Mutability, id="remove what is required (RFC 7644 §3.5.2.2)"),
        pytest.param(op("replace", "userName", None), Mutability, id="unassign what is required"),
        pytest.param(op("replace", None, {"userName": []}), Mutability, id="unassign what is required without path"),
        pytest.param(op("replace", "userName", ""), InvalidValue, id="empty what is required"),
        pytest.param(op("remove", f"{STAFF_URN}:rank"), Mutability, id="remove what an extension requires"),
        pytest.param(op("remove", f"{OWN_URN}:contract.kind"), Mutability, id="remove a required sub-attribute"),
        pytest.param(op("replace", f"{OWN_URN}:badge", "8"), Mutability, id="change what is immutable"),
        pytest.param(op("remove", f"{OWN_URN}:badge"), Mutability, id="remove what is immutable"),
        pytest.param(op("remove", OWN_URN), Mutability, id="remove an extension with what is immutable"),
        pytest.param(op("remove", f"{OWN_URN}:contract"), Mutability, id="remove what has an immutable part"),
        pytest.param(op("replace", f"{OWN_URN}:contract", None), Mutability, id="unassign what has an immutable part"),
        pytest.param(op("replace", None, {OWN_URN: {"badge": None}}), Mutability, id="unassign what is immutable"),
        pytest.param(op("replace", "active", "maybe"), InvalidValue, id="value of another type"),
        pytest.param(op("add", "name", "Barbara"), InvalidValue, id="text for a complex value"),
        pytest.param(op("add", ENTERPRISE_URN, "Sales"), InvalidValue, id="text for an extension"),
        pytest.param(op("replace", f"{SEAT_URN}:seat_type", "guest"), InvalidValue, id="no such seat"),
    ],
)
def test_an_operation_that_may_not_be_is_refused(operation: Document, error: type[ScimError], tolerant: bool) -> None:
    document = user(own={"badge": "7", "contract": {"number": "1", "kind": "fixed"}}, staff={"rank": "1"})
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


def test_value_filters_cannot_keep_the_server_busy() -> None:
    document = user(emails=[{"value": str(number)} for number in range(1_000)])
    operation = op("replace", f'emails[value eq "{"x" * 50}" or value eq "7"].display', "x")
    assert patched(document, operation) != document
    with pytest.raises(TooMany, match="send fewer operations"):
        patched(document, *[operation] * 200)


def test_a_complex_value_without_its_required_sub_attribute_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"contract\.kind` is required"):
        patched(user(), op("add", f"{OWN_URN}:contract.signed", True))


def test_an_extension_with_an_immutable_part_cannot_be_removed() -> None:
    with pytest.raises(Mutability, match=r"contract\.number` cannot be removed"):
        patched(user(own={"contract": {"number": "1", "kind": "fixed"}}), op("remove", OWN_URN))
