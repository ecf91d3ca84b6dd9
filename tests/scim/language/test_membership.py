"""Members of groups: what bodies name, and what PATCH operations do to them."""

from __future__ import annotations

import copy
import time
import tracemalloc

import pytest

from api.scim.language import filters, membership, patch
from api.scim.language.definitions import GROUP_TYPE
from api.scim.language.errors import InvalidPath, InvalidValue, Mutability, ScimError
from api.scim.language.membership import Add, Clear, Expect, MemberValue, Remove, RemoveWhere, Step
from api.scim.language.schemas import Document

from .resource_samples import op


def condition(text: str) -> filters.Filter:
    """The filter of a value path on members."""
    path = patch.parse(message(op("remove", f"members[{text}]")), GROUP_TYPE, tolerant=False)[0].path
    assert path is not None
    assert path.value_filter is not None
    return path.value_filter


def split(*operations: Document, tolerant: bool = False) -> tuple[tuple[Step, ...], list[tuple[str, str, object]]]:
    """The steps on members, and op, path and value of the operations that are left."""
    body = message(*operations)
    before = copy.deepcopy(body)
    steps, rest = membership.split(patch.parse(body, GROUP_TYPE, tolerant=tolerant), tolerant=tolerant)
    assert body == before
    return steps, [(each.op, str(each.path or ""), each.value) for each in rest]


def message(*operations: Document) -> Document:
    return {"schemas": [patch.PATCH_OP], "Operations": list(operations)}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param([{"value": "1"}, {"value": "2"}], [MemberValue("1"), MemberValue("2")], id="the RFC's form"),
        pytest.param([{"VALUE": "1", "Type": "group"}], [MemberValue("1", "Group")], id="names and types in any case"),
        pytest.param([{"value": "1", "display": "B", "$ref": None}], [MemberValue("1")], id="Entra: $ref null"),
        pytest.param([{"value": "1", "$ref": "Users/1"}], [MemberValue("1", "User")], id="Keycloak: relative $ref"),
        pytest.param([{"$ref": "https://example.com/Groups/7/?a=b"}], [MemberValue("7", "Group")], id="$ref alone"),
        pytest.param([{"value": "1", "type": "Device"}], [MemberValue("1")], id="unknown type"),
        pytest.param(["1", "2"], [MemberValue("1"), MemberValue("2")], id="Microsoft's Postman: bare texts"),
        pytest.param({"value": "1"}, [MemberValue("1")], id="one object"),
        pytest.param("1", [MemberValue("1")], id="one text"),
        pytest.param(
            [{"value": "1"}, {"value": "2"}, {"value": "1"}], [MemberValue("1"), MemberValue("2")], id="twice"
        ),
        pytest.param([None, {}, {"value": "1"}], [MemberValue("1")], id="nothing among them"),
        pytest.param([], [], id="nobody"),
        pytest.param(None, [], id="null"),
    ],
)
def test_a_resource_names_its_members(members: object, expected: list[MemberValue]) -> None:
    assert membership.from_resource({"displayName": "x", "Members": members}) == tuple(expected)


@pytest.mark.parametrize("body", [{}, {"displayName": "x"}, None, []])
def test_a_resource_may_say_nothing_about_members(body: object) -> None:
    assert membership.from_resource(body) is None


WRONG = [
    5,
    True,
    [5],
    [{"value": 5}],
    [{"value": ""}],
    [{"display": "x"}],
    [[]],
    ["\0"],
    ["\ud800"],
    ["x" * 501],
    [{"$ref": "/"}],
]


@pytest.mark.parametrize("members", WRONG)
def test_a_member_without_a_usable_id_is_refused(members: object) -> None:
    with pytest.raises(InvalidValue, match=r"members\.value"):
        membership.from_resource({"members": members})
    with pytest.raises(InvalidValue, match=r"members\.value"):
        split(op("add", "members", members))


ONE_OR_TWO = 'value eq "1" or value eq "2"'
OTHERS = [
    'value ne "1"',
    'type eq "Group"',
    'value eq "1" and type eq "User"',
    'not (value eq "1")',
    'value eq "1" or type eq "Group"',
    'value sw "1"',
    "value pr",
]


@pytest.mark.parametrize("tolerant", [False, True])
@pytest.mark.parametrize(
    ("operation", "steps"),
    [
        pytest.param(op("add", "members", [{"value": "1"}, {"value": "2"}]), [Add(("1", "2"))], id="add"),
        pytest.param(op("add", "members", {"value": "1"}), [Add(("1",))], id="Keycloak: add one object"),
        pytest.param(op("add", "members", []), [], id="add nobody"),
        pytest.param(op("add", "members", None), [], id="add null"),
        pytest.param(op("replace", "members", [{"value": "1"}]), [Clear(), Add(("1",))], id="replace"),
        pytest.param(op("replace", "members", []), [Clear()], id="Okta: replace by nobody"),
        pytest.param(op("replace", "members", None), [Clear()], id="Entra: replace by null"),
        pytest.param(op("remove", "members"), [Clear()], id="Keycloak: remove all"),
        pytest.param(op("remove", "members", None), [Clear()], id="remove with null as value"),
        pytest.param(
            op("remove", "members", [{"$ref": None, "value": "1"}]), [Remove(("1",))], id="Entra: remove listed"
        ),
        pytest.param(op("remove", "members", ["1", "2"]), [Remove(("1", "2"))], id="remove listed texts"),
        pytest.param(op("remove", "members", []), [], id="remove a list of nobody"),
        pytest.param(op("remove", 'members[value eq "1"]'), [Remove(("1",))], id="Okta: remove one"),
        pytest.param(op("remove", 'MEMBERS[VALUE EQ "1"]'), [Remove(("1",))], id="names in any case"),
        pytest.param(op("remove", f"members[{ONE_OR_TWO}]"), [Remove(("1", "2"))], id="remove two"),
        *(pytest.param(op("remove", f"members[{text}]"), [RemoveWhere(condition(text))], id=text) for text in OTHERS),
        pytest.param(op("add", None, {"members": [{"value": "1"}]}), [Add(("1",))], id="add without path"),
        pytest.param(
            op("replace", None, {"MEMBERS": [{"value": "1"}]}), [Clear(), Add(("1",))], id="replace without path"
        ),
        pytest.param(op("replace", None, {"members": None}), [Clear()], id="null without path"),
        pytest.param(
            op("replace", 'members[value eq "1"]', {"value": "1", "display": "x"}),
            [Expect(condition('value eq "1"'))],
            id="replace a member by itself",
        ),
    ],
)
def test_an_operation_on_members_becomes_steps(operation: Document, steps: list[Step], tolerant: bool) -> None:
    assert split(operation, tolerant=tolerant) == (tuple(steps), [])


def test_operations_on_other_attributes_are_left_over() -> None:
    steps, rest = split(
        op("replace", None, {"displayName": "x", "members": [{"value": "1"}], "id": "5"}),
        op("add", "externalId", "7"),
        op("add", None, {"externalId": "8"}),
        op("add", "unknown", "9"),
        tolerant=True,
    )
    assert steps == (Clear(), Add(("1",)))
    assert rest == [
        ("replace", "", {"displayName": "x", "id": "5"}),
        ("add", "externalId", "7"),
        ("add", "", {"externalId": "8"}),
        ("add", "", "9"),
    ]


def test_neighbours_of_a_kind_are_one_step_and_the_order_of_kinds_stays() -> None:
    steps, _ = split(
        op("add", "members", ["1", "2"]),
        op("replace", "displayName", "between"),
        op("add", "members", ["2", "3"]),
        op("remove", 'members[value eq "1"]'),
        op("remove", "members", []),
        op("remove", 'members[value eq "4"]'),
        op("add", "members", ["1"]),
        op("remove", "members[display pr]"),
        op("replace", "members", ["5"]),
    )
    removed = steps[3]
    assert isinstance(removed, RemoveWhere)
    assert steps == (Add(("1", "2", "3")), Remove(("1", "4")), Add(("1",)), removed, Clear(), Add(("5",)))


IMMUTABLE = [
    op("replace", 'members[value eq "1"].value', "2"),
    op("add", 'members[value eq "1"].type', "Group"),
    op("remove", 'members[value eq "1"].$ref'),
    op("replace", "members.value", "2"),
]


@pytest.mark.parametrize("tolerant", [False, True])
@pytest.mark.parametrize("operation", IMMUTABLE)
def test_of_a_member_nothing_can_change(operation: Document, tolerant: bool) -> None:
    with pytest.raises(Mutability, match="remove the member and add another"):
        split(operation, tolerant=tolerant)


@pytest.mark.parametrize(
    ("operation", "steps"),
    [
        (op("replace", 'members[value eq "1"].display', "x"), (Expect(condition('value eq "1"')),)),
        (op("remove", 'members[value eq "1"].display'), ()),
        (op("replace", "members.display", "x"), ()),
    ],
)
def test_a_members_display_is_refused_or_passed_over(operation: Document, steps: tuple[Step, ...]) -> None:
    with pytest.raises(Mutability):
        split(operation)
    assert split(operation, tolerant=True) == (steps, [])


def test_replacing_a_member_by_another_is_refused_or_done() -> None:
    operation = op("replace", 'members[value eq "1"]', {"value": "2"})
    with pytest.raises(Mutability):
        split(operation)
    assert split(operation, tolerant=True)[0] == (Expect(condition('value eq "1"')), Remove(("1",)), Add(("2",)))
    matching = op("replace", 'members[type eq "Group"]', ["2", "3"])
    expected = condition('type eq "Group"')
    assert split(matching, tolerant=True)[0] == (Expect(expected), RemoveWhere(expected), Add(("2", "3")))


@pytest.mark.parametrize("operation", [op("remove", "members[value eq"), op("remove", "members]")])
def test_a_malformed_path_is_refused_as_ever(operation: Document) -> None:
    with pytest.raises(ScimError):
        split(operation, tolerant=True)
    with pytest.raises(InvalidPath):
        split(op("remove", "members]"), tolerant=True)


MANY = 100_000
BODIES: dict[str, Document] = {
    "one operation": op("add", "members", [{"value": f"{number:036}", "display": "x"} for number in range(MANY)]),
    "no path": op("replace", None, {"members": [{"value": f"{number:036}"} for number in range(MANY)]}),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_hundred_thousand_members_are_split_quickly_and_in_little_memory(name: str) -> None:
    started = time.perf_counter()
    steps, _ = membership.split(patch.parse(message(BODIES[name]), GROUP_TYPE, tolerant=True), tolerant=True)
    assert time.perf_counter() - started < 5
    added = steps[-1]
    assert isinstance(added, Add)
    assert len(added.values) == MANY


def test_reading_members_takes_memory_for_the_members_only() -> None:
    body: Document = {"members": [{"value": f"{number:036}"} for number in range(10_000)]}
    tracemalloc.start()
    members = membership.from_resource(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert members is not None
    assert len(members) == 10_000
    assert peak < 4_000_000
