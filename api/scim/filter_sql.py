"""Filters as SQL conditions on `directory_user r` or `directory_group r`, for PostgreSQL 15 and newer.

What has a column is compared there, memberships are looked up in `group_member`, and the rest is found in `r.search`,
the folded document: equality by containment, so that its GIN index serves, anything else value by value.
`language.matching.matches` decides the same for every row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from .filter_columns import Arguments, Column, Json
from .filter_scopes import Scope, group_scope, member_scope, user_scope
from .language.filters import And, Comparison, Filter, Not, Operator, Or, Path, Present, ValueFilter
from .language.folding import comparable
from .language.schemas import Attribute, Document, Type


@dataclass(frozen=True, slots=True)
class Condition:
    """What stands behind WHERE, and the arguments of its placeholders in order."""

    sql: str
    args: tuple[object, ...]


def compile_filter(
    filter: Filter, resource_type_name: Literal["User", "Group"], *, first: int, base_url: str
) -> Condition:
    """The condition that a row `r` of the resource type's table matches, with placeholders numbered from `first`.

    `base_url` is what comes before `/Users` in `meta.location`. Rows are not narrowed to a directory here.
    """
    arguments = Arguments(first)
    scope = user_scope(base_url) if resource_type_name == "User" else group_scope(base_url)
    sql = _condition(filter, scope, arguments)
    return Condition(sql, tuple(arguments.values))


def compile_member_filter(filter: Filter, *, first: int, base_url: str) -> Condition:
    """The condition that a member `m` of the group `r` matches the filter in the path `members[filter]`."""
    arguments = Arguments(first)
    sql = _condition(filter, member_scope(base_url), arguments)
    return Condition(sql, tuple(arguments.values))


def _condition(filter: Filter, scope: Scope, arguments: Arguments) -> str:
    match filter:
        case And(terms):
            return "(" + " AND ".join(_condition(term, scope, arguments) for term in terms) + ")"
        case Or(terms):
            return "(" + " OR ".join(_condition(term, scope, arguments) for term in terms) + ")"
        case Not(inner):
            # NULL, which a missing value makes, counts as false here as it does at the end of WHERE.
            return f"(({_condition(inner, scope, arguments)}) IS NOT TRUE)"
        case Comparison(_, Operator.NE, _):
            return _condition(Not(replace(filter, operator=Operator.EQ)), scope, arguments)
        case Comparison():
            return _comparison(filter, scope, arguments)
        case Present(path):
            return _on_value(path, scope, arguments, lambda column: column.present())
        case ValueFilter(path, inner):
            return _on_element(path, inner, scope, arguments)


def _comparison(comparison: Comparison, scope: Scope, arguments: Arguments) -> str:
    path, operator = comparison.path, comparison.operator
    wanted = comparable(path.leaf, comparison.value)
    if wanted is None:
        return "FALSE"
    if operator is Operator.EQ and _is_in_document(path, scope):
        return _contains(path, wanted, scope, arguments)
    return _on_value(path, scope, arguments, lambda column: column.compare(operator, wanted, arguments))


def _on_value(path: Path, scope: Scope, arguments: Arguments, test: Callable[[Column], str]) -> str:
    """The test of any of the values at the path."""
    if (column := scope.columns.get(_key(path))) is not None:
        return test(column)
    if (relation := scope.relations.get(_owner_key(path))) is not None:
        return _exists(relation.source, test(relation.columns[path.sub.name.lower()]) if path.sub else "TRUE")
    return _on_json(path, scope, arguments, lambda value: test(Json(value)))


def _on_element(path: Path, inner: Filter, scope: Scope, arguments: Arguments) -> str:
    """The inner filter on one and the same value of a multi-valued attribute."""
    if (relation := scope.relations.get(_owner_key(path))) is not None:
        return _exists(relation.source, _condition(inner, Scope(relation.columns), arguments))
    owner = path.leaf
    if (wanted := _equalities(inner, owner)) is not None:
        return _contains(path, wanted, scope, arguments)
    return _on_json(path, scope, arguments, lambda value: _condition(inner, _element_scope(owner, value), arguments))


def _element_scope(owner: Attribute, value: str) -> Scope:
    """A value that is not complex is its own `value`."""
    return Scope({}, value) if owner.type is Type.COMPLEX else Scope({"value": Json(value)})


def _on_json(path: Path, scope: Scope, arguments: Arguments, test: Callable[[str], str]) -> str:
    """The test of any of the values at the path inside of the scope's document."""
    value, keys = scope.document, [path.schema.id.lower()] if path.schema else []
    sources: list[str] = []
    for attribute in _steps(path):
        keys.append(attribute.name.lower())
        if attribute.multi_valued:
            alias = arguments.alias()
            # In lax mode `$[*]` takes what is no array for its only element, so that no document makes this fail.
            sources.append(f"jsonb_path_query({_at(value, keys, arguments)}, '$[*]') AS {alias}(value)")
            value, keys = f"{alias}.value", []
    condition = test(_at(value, keys, arguments))
    for source in reversed(sources):
        condition = f"EXISTS (SELECT FROM {source} WHERE {condition})"
    return condition


def _contains(path: Path, wanted: object, scope: Scope, arguments: Arguments) -> str:
    """Equality by containment: `wanted` is the value, or those of one element's sub-attributes that are compared."""
    part = wanted
    for attribute in reversed(list(_steps(path))):
        part = {attribute.name.lower(): [part] if attribute.multi_valued else part}
    document = {path.schema.id.lower(): part} if path.schema else part
    return f"{scope.document} @> {arguments.add(json.dumps(document), 'jsonb')}"


def _equalities(filter: Filter, owner: Attribute) -> object | None:
    """What an element contains that satisfies a conjunction of equalities; None if the filter is anything else."""
    wanted: Document = {}
    for term in _conjuncts(filter):
        if not isinstance(term, Comparison) or term.operator is not Operator.EQ:
            return None
        leaf, value = term.path.leaf, comparable(term.path.leaf, term.value)
        if value is None or leaf.name.lower() in wanted:
            return None
        wanted[leaf.name.lower()] = [value] if leaf.multi_valued else value
    return wanted if owner.type is Type.COMPLEX else wanted["value"]


def _conjuncts(filter: Filter) -> Iterable[Filter]:
    if not isinstance(filter, And):
        return (filter,)
    return (each for term in filter.terms for each in _conjuncts(term))


def _is_in_document(path: Path, scope: Scope) -> bool:
    return _key(path) not in scope.columns and _owner_key(path) not in scope.relations


def _steps(path: Path) -> Iterable[Attribute]:
    return (attribute for attribute in (path.attribute, path.sub) if attribute is not None)


def _at(value: str, keys: list[str], arguments: Arguments) -> str:
    return f"({value} #> {arguments.add(list(keys), 'text[]')})" if keys else value


def _exists(source: str, condition: str) -> str:
    return f"EXISTS (SELECT FROM {source} AND {condition})"


def _key(path: Path) -> str:
    return f"{_owner_key(path)}.{path.sub.name.lower()}" if path.sub else _owner_key(path)


def _owner_key(path: Path) -> str:
    """Extensions have neither columns nor relations."""
    return path.attribute.name.lower() if path.attribute and not path.schema else ""
