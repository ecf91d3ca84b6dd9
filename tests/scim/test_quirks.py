"""What identity providers send otherwise than the RFC has it, and what becomes of it."""

from __future__ import annotations

import copy

import pytest

from api.scim import quirks
from api.scim.language import patch, resources
from api.scim.language.definitions import ENTERPRISE_URN, GROUP_TYPE
from api.scim.language.schemas import ResourceType

from .language.resource_samples import GROUP_URN, USER_TYPE, USER_URN, op, user

WORK = 'emails[type eq "work"].value'


def resource(body: object, resource_type: ResourceType = USER_TYPE) -> tuple[object, tuple[str, ...]]:
    """The normalised resource and the notes, checked to have left the body alone."""
    before = copy.deepcopy(body)
    result = quirks.normalise_resource(body, resource_type)
    assert body == before
    return result


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
    "body",
    [
        {"schemas": [USER_URN], "userName": "bj", "roles": [{"value": '{"id":"18d","value":"25"}'}], "members": [{}]},
        {"schemas": [USER_URN], ENTERPRISE_URN: {"manager": {"value": "2"}}, "title": "{}", "urn:example:x": "[1]"},
        {},
        None,
        [],
        "text",
    ],
)
def test_a_resource_in_the_rfcs_shape_stays_as_it_is(body: object) -> None:
    assert resource(body) == (body, ())


@pytest.mark.parametrize(
    "operation",
    [
        op("add", "emails", [{"value": "a"}]),
        op("replace", "active", "False"),
        op("replace", "name", {"givenName": None}),
        op("remove", WORK),
        op("remove", "emails", [{"value": "a"}]),
        op("replace", None, {"active": False, "emails": [], ENTERPRISE_URN: {"department": "x"}, "a.b": 1}),
        op("replace", None, {}),
        op("replace", None, "text"),
        op("remove"),
        op("remove", None, {"title": "x"}),
        op("replace", "title", '{"a": 1}'),
        op("replace", "name", '{"id": 1}'),
        op("replace", "name", "[" * 5_000),
        op("add", "a b", {"a": 1}),
        {"op": "add", "path": 5, "value": {}},
        {"op": 5, "path": "title"},
        "text",
        None,
    ],
)
def test_an_operation_in_the_rfcs_shape_or_beyond_repair_stays_as_it_is(operation: object) -> None:
    assert operations(operation) == ([operation], ())


@pytest.mark.parametrize("body", [None, [], "text", 5])
def test_a_patch_that_is_no_object_stays_as_it_is(body: object) -> None:
    assert message(body) == (body, ())


OLD_ENTERPRISE = [
    "urn:scim:schemas:extension:enterprise:1.0",
    "urn:scim:schemas:extension:enterprise:2.0",
    "URN:scim:schemas:extension:enterprise:2.0:User",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0User",
]


@pytest.mark.parametrize("urn", OLD_ENTERPRISE)
def test_old_urns_of_the_enterprise_extension_become_the_standards(urn: str) -> None:
    body, notes = resource({"schemas": [USER_URN, urn], urn: {"department": "Sales"}})
    assert body == {"schemas": [USER_URN, ENTERPRISE_URN], ENTERPRISE_URN: {"department": "Sales"}}
    assert notes == (f"An outdated or misspelled URN was read as {ENTERPRISE_URN}.",)
    expected = [op("add", f"{ENTERPRISE_URN}:department", "x")]
    assert operations(op("add", f"{urn}:department", "x"))[0] == expected
    assert operations(op("add", None, {f"{urn}:department": "x"}))[0] == expected
    assert operations(op("add", None, {urn: {"department": "x"}}))[0] == [
        op("add", None, {ENTERPRISE_URN: {"department": "x"}})
    ]


@pytest.mark.parametrize(
    "urn", ["urn:scim:schemas:core:1.0", "urn:scim:schemas:core:2.0", "urn:SCIM:schemas:core:2.0:User"]
)
def test_old_urns_of_the_core_become_the_standards(urn: str) -> None:
    assert resource({"schemas": [urn], "userName": "bj"})[0] == {"schemas": [USER_URN], "userName": "bj"}
    assert operations(op("add", f"{urn}:title", "x"))[0] == [op("add", f"{USER_URN}:title", "x")]


def test_googles_two_generations_of_urns_are_kept_as_one() -> None:
    body, _ = resource({"schemas": ["urn:scim:schemas:core:1.0", USER_URN], "userName": "bj"})
    assert resources.read(body, USER_TYPE, tolerant=True) == resources.Reading(user(), (), ())


def test_an_old_core_urn_means_the_resource_type_of_the_endpoint() -> None:
    assert resource({"schemas": ["urn:scim:schemas:core:1.0"]}, GROUP_TYPE)[0] == {"schemas": [GROUP_URN]}


def test_an_extension_under_an_old_and_a_new_urn_is_put_together() -> None:
    body, _ = resource({OLD_ENTERPRISE[0]: {"department": "x", "division": "y"}, ENTERPRISE_URN: {"division": "z"}})
    assert body == {ENTERPRISE_URN: {"department": "x", "division": "z"}}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param({"managerId": "2"}, {"value": "2"}, id="OneLogin"),
        pytest.param({"ManagerID": "2", "displayName": "M"}, {"value": "2", "displayName": "M"}, id="in any case"),
        pytest.param({"managerId": "2", "value": "3"}, {"managerId": "2", "value": "3"}, id="with a value of its own"),
        pytest.param('{"value": "2"}', {"value": "2"}, id="JSON inside of text"),
        pytest.param("2", "2", id="text"),
    ],
)
def test_managers_are_named_by_value(sent: object, expected: object) -> None:
    assert resource({ENTERPRISE_URN: {"manager": sent}})[0] == {ENTERPRISE_URN: {"manager": expected}}
    assert resource({"manager": sent})[0] == {"manager": expected}
    assert operations(op("add", "manager", sent))[0] == [op("add", "manager", expected)]
    assert operations(op("add", None, {ENTERPRISE_URN: {"manager": sent}}))[0] == [
        op("add", None, {ENTERPRISE_URN: {"manager": expected}})
    ]


def test_a_path_to_managerid_leads_to_the_managers_value() -> None:
    assert operations(op("add", f"{ENTERPRISE_URN}:manager.managerId", "2"))[0] == [
        op("add", f"{ENTERPRISE_URN}:manager.value", "2")
    ]


@pytest.mark.parametrize(
    ("attribute", "text", "expected"),
    [
        ("name", '{"givenName": "B"}', {"givenName": "B"}),
        ("emails", '[{"value": "a"}]', [{"value": "a"}]),
        ("emails", ' {"value": "a"}', {"value": "a"}),
        ("roles", '{"id": "18d", "value": "25"}', '{"id": "18d", "value": "25"}'),
        ("name", "{broken", "{broken"),
        ("name", "[]", "[]"),
    ],
)
def test_json_inside_of_text_is_read_where_it_spells_the_attribute(attribute: str, text: str, expected: object) -> None:
    assert resource({attribute: text})[0] == {attribute: expected}
    assert operations(op("add", attribute, text))[0] == [op("add", attribute, expected)]
