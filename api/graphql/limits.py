"""How large a request may be, and what it costs: counted on the document alone, before anything is looked up.

A field costs a point for each object that it can have, and its `@cost(weight:)` for each time that it is asked. A
connection has as many objects as `first` or `last` says, any other list ten unless `@listSize` says how many.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    parse,
)
from graphql.type import is_leaf_type, is_list_type, is_non_null_type
from graphql.utilities import get_operation_ast

from . import introspection, side_by_side
from .errors import Problem, too_deep

LONGEST = 100_000
"""So many characters a document has at most."""

MOST_TOKENS, DEEPEST, MOST_ALIASES, MOST_ROOTS = 4_000, 12, 60, 30
MOST_OBJECTS = 10_000
LARGEST_PAGE = 100
_ASSUMED = 10

_INTROSPECTION = 50


@dataclass(frozen=True, slots=True)
class Cost:
    """How many objects a request can have at most, and how many points it costs."""

    objects: int = 0
    points: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.objects + other.objects, self.points + other.points)

    def times(self, count: int) -> Cost:
        """The cost of so many of them."""
        return Cost(self.objects * count, self.points * count)


@lru_cache(maxsize=256)
def parsed(text: str) -> DocumentNode:
    """The document that a text spells; raises Problem."""
    if len(text) > LONGEST:
        raise Problem("TOO_LARGE", f"The document has more than {LONGEST} characters. Ask for less at once.")
    try:
        return parse(text, max_tokens=MOST_TOKENS, no_location=False)
    except GraphQLError as error:
        raise Problem("BAD_REQUEST", error.message) from None
    except RecursionError:
        raise too_deep(DEEPEST) from None


def measure(
    schema: GraphQLSchema, document: DocumentNode, operation: str | None, variables: Mapping[str, object]
) -> Cost:
    """What an operation of a document costs; raises Problem where it is larger than may be, or names no operation."""
    found = get_operation_ast(document, operation)
    if found is None:
        text = f"There is no operation {operation!r} in the document." if operation else "Name the operation to run."
        raise Problem("BAD_REQUEST", text)
    root = schema.get_root_type(found.operation)
    if root is None:
        raise Problem("BAD_REQUEST", f"There are no {found.operation.value}s here.")
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    _Count.aliases_of(document)
    counted = _Count(schema, fragments, found, variables).selections(found.selection_set, root, 1)
    if counted.objects > MOST_OBJECTS:
        raise Problem(
            "TOO_LARGE",
            f"This can have {counted.objects} objects, {MOST_OBJECTS} are allowed. Ask for smaller pages, or in turns.",
        )
    return counted


class _Count:
    """Walks an operation once; what a fragment costs is remembered, however often it is spread."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        operation: OperationDefinitionNode,
        variables: Mapping[str, object],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = {
            each.variable.name.value: _literal(each.default_value) for each in operation.variable_definitions or ()
        } | dict(variables)
        self._known: dict[tuple[str, int, int], Cost] = {}
        self._within: set[str] = set()
        self._times = 1  # so many objects there can be of those whose fields are counted

    @staticmethod
    def aliases_of(document: DocumentNode) -> None:
        """Raise Problem for a document with too many aliases, or too many fields at its root."""
        waiting: list[SelectionSetNode] = []
        for definition in document.definitions:
            selections = getattr(definition, "selection_set", None)
            if selections is not None:
                waiting.append(selections)
            if (
                isinstance(definition, OperationDefinitionNode)
                and len(definition.selection_set.selections) > MOST_ROOTS
            ):
                raise Problem("TOO_LARGE", f"An operation has at most {MOST_ROOTS} fields at its root.")
        aliases = 0
        while waiting:
            for each in waiting.pop().selections:
                aliases += isinstance(each, FieldNode) and each.alias is not None
                inner = getattr(each, "selection_set", None)
                if inner is not None:
                    waiting.append(inner)
        if aliases > MOST_ALIASES:
            raise Problem("TOO_LARGE", f"A document has at most {MOST_ALIASES} aliases.")

    def selections(self, node: SelectionSetNode, parent: object, depth: int, page: int | None = None) -> Cost:
        """What a selection costs on one object of a type; `page` is how many objects the connection has that it is."""
        if depth > DEEPEST:
            raise too_deep(DEEPEST)
        total = Cost()
        for each in node.selections:
            if isinstance(each, FieldNode):
                total += self._field(each, parent, depth, page)
            elif isinstance(each, InlineFragmentNode):
                on = self._type(each.type_condition.name.value) if each.type_condition else parent
                total += self.selections(each.selection_set, on, depth, page)
            elif isinstance(each, FragmentSpreadNode):
                total += self._spread(each.name.value, depth, page)
        return total

    def _spread(self, name: str, depth: int, page: int | None) -> Cost:
        key = (name, depth, min(self._times, side_by_side.MOST_LOOKED_INTO + 1))
        if page is None and key in self._known:
            return self._known[key]
        fragment = self._entered(name)
        found = Cost()
        if fragment is not None:
            on = self._type(fragment.type_condition.name.value)
            found = self.selections(fragment.selection_set, on, depth, page)
        self._within.discard(name)
        if page is None:
            self._known[key] = found
        return found

    def _field(self, node: FieldNode, parent: object, depth: int, page: int | None) -> Cost:
        if node.name.value in ("__schema", "__type") and node.selection_set:
            introspection.check(node.selection_set, self._fragments)
            return Cost(1, _INTROSPECTION)
        definition = _definition(parent, node.name.value)
        if definition is None:
            inner = Cost()
            if node.selection_set:
                inner = self.selections(node.selection_set, None, depth + 1)
            return inner
        side_by_side.check(getattr(parent, "name", None), node.name.value, self._times)
        weight, assumed = _costs(definition)
        named = get_named_type(definition.type)
        if is_leaf_type(named):
            return Cost(0, weight)
        if "first" in definition.args:
            size = self._page(node)
            inner = self.selections(node.selection_set, named, depth + 1, size) if node.selection_set else Cost()
            return Cost(1, 1 + weight) + inner
        many = 1
        if _is_list(definition.type):
            many = page if page is not None and node.name.value in ("edges", "nodes") else assumed or _ASSUMED
            many = self._listed(node, many)
        self._times, times = self._times * many, self._times
        inner = self.selections(node.selection_set, named, depth + 1) if node.selection_set else Cost()
        self._times = times
        own = Cost(1, 1)
        if page is not None and node.name.value in ("edges", "pageInfo"):
            own = Cost()
        return Cost(0, weight) + (own + inner).times(many)

    def _entered(self, name: str) -> FragmentDefinitionNode | None:
        """The fragment of that name, within which we are from now on; raises Problem for one within itself."""
        if name in self._within:
            raise Problem("BAD_REQUEST", f"The fragment {name!r} spreads itself.")
        self._within.add(name)
        return self._fragments.get(name)  # validation says what is wrong with one that is not there

    def _page(self, node: FieldNode) -> int:
        """How many objects a connection is asked for; raises Problem unless `first` or `last` says it."""
        asked = {each.name.value: self._value(each.value) for each in node.arguments or ()}
        sizes = [asked[name] for name in ("first", "last") if asked.get(name) is not None]
        if len(sizes) != 1 or not isinstance(sizes[0], int) or not 1 <= sizes[0] <= LARGEST_PAGE:
            raise Problem(
                "BAD_REQUEST", f"`{node.name.value}` needs either `first` or `last`, from 1 to {LARGEST_PAGE}."
            )
        return sizes[0]

    def _listed(self, node: FieldNode, many: int) -> int:
        """`nodes(ids:)` has as many objects as there are ids."""
        for each in node.arguments or ():
            if each.name.value == "ids":
                found = self._value(each.value)
                return len(found) if isinstance(found, list) else many
        return many

    def _value(self, node: object) -> object:
        return self._variables.get(node.name.value) if isinstance(node, VariableNode) else _literal(node)

    def _type(self, name: str) -> object:
        return self._schema.get_type(name)


def _definition(parent: object, name: str) -> GraphQLField | None:
    fields: dict[str, GraphQLField] = {}
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        fields = parent.fields
    return fields.get(name)


def _is_list(type_: object) -> bool:
    return is_list_type(type_.of_type) if is_non_null_type(type_) else is_list_type(type_)


def _literal(node: object) -> object:
    if node is None or isinstance(node, NullValueNode):
        return None
    if isinstance(node, IntValueNode):
        return int(node.value) if len(node.value) < 10 else LARGEST_PAGE + 1
    values = getattr(node, "values", None)
    return [_literal(each) for each in values] if values is not None else getattr(node, "value", None)


def _costs(definition: GraphQLField) -> tuple[int, int | None]:
    """Weight and assumed length of a field, as its directives say."""
    found = (definition.extensions or {}).get("strawberry-definition")
    weight, assumed = 0, None
    for directive in getattr(found, "directives", ()):
        weight = getattr(directive, "weight", weight)
        assumed = getattr(directive, "assumed_size", assumed)
    return weight, assumed
