"""How the schema may change: what was released goes only after it was deprecated in a release."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, build_schema
from graphql.type import GraphQLNamedType
from graphql.utilities import find_breaking_changes


def breaking(released: str, now: str) -> list[str]:
    """What clients of the released schema would notice, in words, but for the end of what it calls deprecated."""
    before = build_schema(released, assume_valid=True)
    announced = {name for type_ in before.type_map.values() for name in _deprecated(type_)}
    found = find_breaking_changes(before, build_schema(now, assume_valid=True))
    return [
        change.description
        for change in found
        if not any(change.description == f"{name} was removed." for name in announced)
    ]


def _deprecated(type_: GraphQLNamedType) -> Iterator[str]:
    """What of a type is deprecated, as graphql-core calls it when it is gone."""
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        yield from (f"Field {type_.name}.{name}" for name, each in type_.fields.items() if each.deprecation_reason)
    elif isinstance(type_, GraphQLEnumType):
        yield from (f"Enum value {type_.name}.{name}" for name, each in type_.values.items() if each.deprecation_reason)
    elif isinstance(type_, GraphQLInputObjectType):
        yield from (f"Field {type_.name}.{name}" for name, each in type_.fields.items() if each.deprecation_reason)
