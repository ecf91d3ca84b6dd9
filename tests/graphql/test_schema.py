"""What holds for the whole schema, whoever adds to it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from enum import Enum
from inspect import Parameter
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_required_argument,
)
from strawberry.utils.str_converters import to_camel_case

from api.graphql import schema
from api.graphql.evolution import breaking

# These tell a caller about themselves, or find by id what has its own permission.
FOR_ANYBODY = {"viewer", "rateLimit", "node", "nodes"}


def fields() -> Iterator[tuple[str, str, GraphQLField]]:
    """All fields of all types that are ours."""
    for name, type_ in schema.core().type_map.items():
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__"):
            for field, definition in type_.fields.items():
                yield name, field, definition


def needs(field: GraphQLField) -> list[object]:
    """The permissions that the schema says a field needs."""
    found = (field.extensions or {}).get("strawberry-definition")
    return [right for each in getattr(found, "directives", ()) for right in getattr(each, "needs", ())]


def test_every_root_field_says_which_permission_it_needs() -> None:
    without = {name for type_, name, field in fields() if type_ in ("Query", "Mutation") and not needs(field)}
    assert without == FOR_ANYBODY


def test_every_mutation_answers_what_was_in_the_way() -> None:
    for type_, name, field in fields():
        if type_ == "Mutation":
            answer = get_named_type(field.type)
            assert isinstance(answer, GraphQLObjectType)
            assert "Payload" in [each.name for each in answer.interfaces], name


def test_whatever_is_not_plain_by_its_name_is_described() -> None:
    """Types, mutations, and fields that have to be asked for."""
    types = schema.core().type_map.items()
    bare = [name for name, type_ in types if not name.startswith("__") and not type_.description]
    bare += [f"{type_}.{name}" for type_, name, field in fields() if field.args and not field.description]
    assert [each for each in bare if each not in ("Query", "Mutation", "String", "Int", "Float", "ID", "Boolean")] == []


def test_every_list_of_pages_can_be_walked_both_ways() -> None:
    for type_, name, field in fields():
        if "pageInfo" in getattr(get_named_type(field.type), "fields", ()):
            assert {"first", "after", "last", "before"} <= set(field.args), f"{type_}.{name}"


BEFORE = 'type Query { a: Int @deprecated(reason: "Use b.") b: Int c(x: Int): Int e: E } enum E { A B }'


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("type Query { b: Int c(x: Int): Int e: E d: Int } enum E { A B C }", []),
        ("type Query { a: Int c(x: Int): Int e: E } enum E { A B }", ["Field Query.b was removed."]),
        (
            "type Query { a: Int b: Int c(x: Int, y: Int!): Int e: E } enum E { A }",
            ["A required argument Query.c(y:) was added.", "Enum value E.B was removed."],
        ),
    ],
)
def test_only_what_was_deprecated_may_go(now: str, told: list[str]) -> None:
    assert breaking(BEFORE, now) == told


def test_enums_arrive_as_their_members() -> None:
    """Services compare by `is`; a text that is equal would be taken for something else."""
    wrong = [
        f"{type_.name}.{name}"
        for type_ in schema.core().type_map.values()
        if isinstance(type_, GraphQLEnumType) and not type_.name.startswith("__")
        for name in type_.values
        if not isinstance(type_.parse_value(name), Enum) or type_.serialize(type_.parse_value(name)) != name
    ]
    assert wrong == []


def test_whatever_may_be_left_out_has_a_default() -> None:
    """A resolver would be called without it, which nobody foresees."""
    bare = []
    for type_, name, field in fields():
        made: Any = (field.extensions or {}).get("strawberry-definition")
        for argument in made.arguments if made else ():
            given = field.args[argument.graphql_name or to_camel_case(argument.python_name)]
            parameters = inspect.signature(made.base_resolver.wrapped_func).parameters
            if not is_required_argument(given) and parameters[argument.python_name].default is Parameter.empty:
                bare.append(f"{type_}.{name}({argument.python_name})")
    assert bare == []
