"""What PATCH operations make of multi-valued attributes: adding, value filters, `primary`."""

from __future__ import annotations

import pytest

from api.scim.language.errors import InvalidValue, Mutability, NoTarget
from api.scim.language.schemas import Document

from .resource_samples import OWN_URN, op, patched, user

WORK = {"value": "w@example.com", "type": "work", "primary": True}
HOME = {"value": "h@example.com", "type": "home"}
NEW = {"value": "n@example.com", "type": "other"}


@pytest.mark.parametrize("tolerant", [False, True])
@pytest.mark.parametrize(
    ("before", "operation", "after"),
    [
        pytest.param({"emails": [WORK]}, op("add", "emails", [HOME]), {"emails": [WORK, HOME]}, id="add to several"),
        pytest.param({}, op("add", "emails", [HOME]), {"emails": [HOME]}, id="add the first of several"),
        pytest.param(
            {"emails": [WORK, HOME]}, op("add", "emails", [WORK]), {"emails": [WORK, HOME]}, id="add what is there"
        ),
        pytest.param({"emails": [WORK, HOME]}, op("replace", "emails", [NEW]), {"emails": [NEW]}, id="replace several"),
        pytest.param({"emails": [WORK]}, op("replace", "emails", []), {}, id="replace several by none"),
        pytest.param({"emails": [WORK]}, op("add", "emails", []), {"emails": [WORK]}, id="add none"),
        pytest.param({"emails": [WORK, HOME]}, op("remove", "emails"), {}, id="remove several"),
        pytest.param(
            {"emails": [WORK, HOME]}, op("remove", 'emails[type eq "home"]'), {"emails": [WORK]}, id="remove by filter"
        ),
        pytest.param({"emails": [HOME]}, op("remove", 'emails[type eq "HOME"]'), {}, id="remove the last by filter"),
        pytest.param(
            {"emails": [WORK]},
            op("remove", 'emails[type eq "work"].primary'),
            {"emails": [{"value": "w@example.com", "type": "work"}]},
            id="remove a selected sub-attribute",
        ),
        pytest.param(
            {"emails": [{"type": "work"}]},
            op("remove", 'emails[type eq "work"].type'),
            {},
            id="nothing left of a selected value",
        ),
        pytest.param(
            {"emails": [WORK, HOME]},
            op("replace", 'emails[type eq "home"].value', "x"),
            {"emails": [WORK, HOME | {"value": "x"}]},
            id="replace a selected sub-attribute",
        ),
        pytest.param(
            {"emails": [HOME, NEW]},
            op("replace", 'emails[value ew "example.com"].display', "x"),
            {"emails": [HOME | {"display": "x"}, NEW | {"display": "x"}]},
            id="all selected values",
        ),
        pytest.param(
            {"emails": [WORK]},
            op("replace", 'emails[type eq "work"].value', None),
            {"emails": [{"type": "work", "primary": True}]},
            id="null unassigns a selected sub-attribute",
        ),
        pytest.param(
            {"emails": [WORK, HOME]},
            op("replace", 'emails[type eq "work"]', None),
            {"emails": [HOME]},
            id="null takes a selected value away",
        ),
        pytest.param(
            {"emails": [WORK]},
            op("add", 'emails[type eq "work"]', {"display": "W"}),
            {"emails": [WORK | {"display": "W"}]},
            id="add to a selected value",
        ),
        pytest.param(
            {"emails": [WORK, HOME]},
            op("replace", "emails.display", "x"),
            {"emails": [WORK | {"display": "x"}, HOME | {"display": "x"}]},
            id="a sub-attribute of all",
        ),
        pytest.param({}, op("add", "emails.value", "x"), {"emails": [{"value": "x"}]}, id="a sub-attribute of none"),
        pytest.param(
            {"emails": [WORK]},
            op("remove", "emails.primary"),
            {"emails": [{"value": "w@example.com", "type": "work"}]},
            id="remove a sub-attribute of all",
        ),
        pytest.param(
            {"emails": [WORK]},
            op("add", "emails", [NEW | {"primary": True}]),
            {"emails": [WORK | {"primary": False}, NEW | {"primary": True}]},
            id="add a new primary value",
        ),
        pytest.param(
            {"emails": [WORK, HOME]},
            op("replace", 'emails[type eq "home"].primary', True),
            {"emails": [WORK | {"primary": False}, HOME | {"primary": True}]},
            id="another becomes primary",
        ),
        pytest.param(
            {"emails": [WORK, HOME]},
            op("add", "emails", [HOME | {"primary": True}]),
            {"emails": [WORK | {"primary": False}, HOME | {"primary": True}]},
            id="add primary to what is there",
        ),
        pytest.param(
            {"own": {"tags": ["a"]}},
            op("add", f"{OWN_URN}:tags", ["b", "a"]),
            {"own": {"tags": ["a", "b"]}},
            id="add texts",
        ),
        pytest.param(
            {"own": {"tags": ["a", "b"]}},
            op("remove", f'{OWN_URN}:tags[value eq "a"]'),
            {"own": {"tags": ["b"]}},
            id="remove a text",
        ),
        pytest.param(
            {"own": {"contract": {"kind": "x"}}},
            op("add", f"{OWN_URN}:contract.clauses", ["1"]),
            {"own": {"contract": {"kind": "x", "clauses": ["1"]}}},
            id="several values of a sub-attribute",
        ),
        pytest.param({"emails": [WORK]}, op("remove", "emails", []), {"emails": [WORK]}, id="remove a list of none"),
        pytest.param(
            {"emails": [WORK, HOME]},
            op("remove", "emails", [{"value": "W@example.com"}]),
            {"emails": [HOME]},
            id="Entra, authentik: remove those listed",
        ),
        pytest.param(
            {"emails": [WORK, HOME]},
            op("remove", "emails", [{"value": "w@example.com", "type": "home"}]),
            {"emails": [WORK, HOME]},
            id="listed with another type",
        ),
        pytest.param(
            {"own": {"tags": ["a", "b"]}},
            op("remove", f"{OWN_URN}:tags", ["b", "c"]),
            {"own": {"tags": ["a"]}},
            id="remove listed texts",
        ),
    ],
)
def test_an_operation_changes_the_values_it_means(
    before: Document, operation: Document, after: Document, tolerant: bool
) -> None:
    assert patched(user(**before), operation, tolerant=tolerant) == user(**after)


@pytest.mark.parametrize(
    "operation",
    [
        op("replace", 'emails[type eq "work"].value', "x"),
        op("add", 'emails[type eq "work"].value', "x"),
        op("replace", 'emails[type eq "work"]', {"value": "x"}),
        op("remove", 'emails[type eq "work"]'),
        op("remove", 'emails[type eq "work"].value'),
    ],
)
@pytest.mark.parametrize("emails", [[], [HOME]])
def test_strictly_a_filter_that_matches_nothing_has_no_target(operation: Document, emails: list[object]) -> None:
    with pytest.raises(NoTarget, match="matches the filter"):
        patched(user(emails=emails), operation)


def test_replacing_a_selected_value_is_literal_when_strict_and_a_merge_when_tolerant() -> None:
    operation = op("replace", 'emails[type eq "work"]', {"value": "x", "type": "work"})
    assert patched(user(emails=[WORK]), operation) == user(emails=[{"value": "x", "type": "work"}])
    assert patched(user(emails=[WORK]), operation, tolerant=True) == user(emails=[WORK | {"value": "x"}])


def test_two_primary_values_at_once_are_refused_or_the_first_wins() -> None:
    operation = op("add", "emails", [NEW | {"primary": True}, {"value": "z", "primary": True}])
    with pytest.raises(InvalidValue, match="`primary`"):
        patched(user(emails=[WORK]), operation)
    assert patched(user(emails=[WORK]), operation, tolerant=True) == user(
        emails=[WORK | {"primary": False}, NEW | {"primary": True}, {"value": "z", "primary": False}]
    )


def test_two_selected_values_cannot_both_become_primary() -> None:
    with pytest.raises(InvalidValue, match="`primary`"):
        patched(user(emails=[HOME, NEW]), op("replace", "emails[value pr].primary", True))


def test_a_new_primary_value_made_from_its_filter_takes_it_from_the_old_one() -> None:
    roles = [{"value": "a", "primary": True}]
    made = patched(user(roles=roles), op("add", 'roles[value eq "b"].primary', "True"), tolerant=True)
    assert made == user(roles=[{"value": "a", "primary": False}, {"value": "b", "primary": True}])


@pytest.mark.parametrize(
    "operation",
    [
        op("replace", f'{OWN_URN}:contacts[value eq "a"].since', "2027"),
        op("replace", f'{OWN_URN}:contacts[value eq "a"]', {"since": "2027"}),
        op("remove", f'{OWN_URN}:contacts[value eq "a"].since'),
    ],
)
def test_an_immutable_part_of_a_selected_value_cannot_change(operation: Document) -> None:
    with pytest.raises(Mutability, match="cannot change"):
        patched(user(own={"contacts": [{"value": "a", "since": "2026"}]}), operation)
