"""What tolerant patching takes from identity providers beyond RFC 7644 §3.5.2."""

from __future__ import annotations

import pytest

from api.scim.language.errors import NoTarget
from api.scim.language.schemas import Document

from .resource_samples import op, patched, user

WORK = {"value": "w@example.com", "type": "work", "primary": True}
HOME = {"value": "h@example.com", "type": "home"}
NEW = {"value": "n@example.com", "type": "other"}


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
        pytest.param(
            {}, op("add", "department", "x"), {"enterprise": {"department": "x"}}, id="Entra: bare department"
        ),
        pytest.param({}, op("replace", "title", 5), {"title": "5"}, id="number for text"),
        pytest.param({"title": "Boss"}, op("add", "shoes.left", 1), {"title": "Boss"}, id="unknown attribute"),
    ],
)
def test_tolerant_patching_takes_what_identity_providers_send(
    before: Document, operation: Document, after: Document
) -> None:
    assert patched(user(**before), operation, tolerant=True) == user(**after)


@pytest.mark.parametrize("op_name", ["add", "replace"])
@pytest.mark.parametrize(
    ("path", "value", "after"),
    [
        pytest.param('emails[type eq "work"].value', "x", [HOME, {"type": "work", "value": "x"}], id="sub-attribute"),
        pytest.param('emails[type eq "work"]', {"value": "x"}, [HOME, {"type": "work", "value": "x"}], id="object"),
        pytest.param('emails[type eq "work"]', "x", [HOME, {"type": "work", "value": "x"}], id="bare value"),
        pytest.param(
            'emails[type eq "work" and primary eq "True"].value',
            "x",
            [HOME, {"type": "work", "primary": True, "value": "x"}],
            id="two comparisons, a boolean as text",
        ),
        pytest.param('emails[type eq "work"].value', None, [HOME], id="null"),
    ],
)
def test_tolerantly_a_filter_of_eq_that_matches_nothing_describes_a_new_value(
    op_name: str, path: str, value: object, after: list[object]
) -> None:
    assert patched(user(emails=[HOME]), op(op_name, path, value), tolerant=True) == user(emails=after)


def test_operations_with_one_filter_build_one_value_and_later_ones_replace() -> None:
    assert patched(
        user(),
        op("add", 'addresses[type eq "work"].locality', "Hollywood"),
        op("add", 'addresses[type eq "work"].country', "US"),
        op("add", 'addresses[type eq "work"].country', "USA"),
        tolerant=True,
    ) == user(addresses=[{"type": "work", "locality": "Hollywood", "country": "USA"}])


@pytest.mark.parametrize(
    "path",
    ['emails[type ne "home"].value', 'emails[type eq "a" or type eq "b"].value', "emails[display pr].value"],
)
@pytest.mark.parametrize("op_name", ["add", "replace"])
def test_a_filter_that_describes_no_value_has_no_target(path: str, op_name: str) -> None:
    with pytest.raises(NoTarget):
        patched(user(emails=[HOME]), op(op_name, path, "x"), tolerant=True)


@pytest.mark.parametrize("path", ['emails[type eq "work"]', "emails[type pr and primary eq true].value"])
def test_tolerantly_removing_what_is_not_there_succeeds(path: str) -> None:
    assert patched(user(emails=[HOME]), op("remove", path), tolerant=True) == user(emails=[HOME])


@pytest.mark.parametrize(
    ("operation", "after"),
    [
        pytest.param(op("add", "emails", NEW), [WORK, NEW], id="Keycloak: one value for an array"),
        pytest.param(op("add", "emails", "x"), [WORK, {"value": "x"}], id="bare value"),
        pytest.param(op("remove", "emails", WORK), None, id="remove one listed value"),
        pytest.param(op("remove", "emails", ["w@example.com"]), None, id="remove a bare listed value"),
        pytest.param(op("replace", "emails[TYPE Eq work].VALUE", "x"), [WORK | {"value": "x"}], id="unquoted"),
        pytest.param(
            op("replace", 'emails[primary eq "True"].value', "x"), [WORK | {"value": "x"}], id="boolean as text"
        ),
        pytest.param(op("replace", 'emails[type eq "work"].rank', 1), [WORK], id="unknown sub-attribute"),
    ],
)
def test_tolerant_patching_takes_values_as_identity_providers_send_them(
    operation: Document, after: list[object] | None
) -> None:
    assert patched(user(emails=[WORK]), operation, tolerant=True) == user(emails=after)


def test_roles_with_json_inside_are_kept_verbatim() -> None:
    role = {"value": '{"id":"18d","value":"25","displayName":"Role1234"}'}
    assert patched(user(), op("add", "roles", [role]), tolerant=True) == user(roles=[role])
