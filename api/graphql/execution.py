"""Running an operation: graphql-core's executor, with short ways for what is most of an answer.

Nearly everything that is selected is an attribute of something that was loaded already. graphql-core treats each of
them like a resolver that might take arguments, wait or fail, which costs 20 µs a field; here a selection is turned once
into functions that read such attributes, which costs one. And what a resolver is given is made out once for each
place in the document, not again for each of the fifty members of a page. Whatever is not as it should be, a null where
none may be or a value that its type does not know, goes the long way, so that errors are graphql-core's own.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeAlias, cast

import strawberry
from graphql import (
    GraphQLField,
    GraphQLID,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLString,
    Undefined,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter, get_arguments
from strawberry.types.field import StrawberryField

Details: TypeAlias = list[FieldDetails]
"""All places in the document that select one field of one object."""

Grouped: TypeAlias = dict[str, Details]
"""What is selected of an object, by the names in the answer (graphql-core's grouped field set)."""

Look: TypeAlias = Callable[[Any], Any]
"""Makes what is answered, of a value or of the object that has it; raises _Irregular and whatever else goes wrong."""

_TEXTS = (GraphQLString, GraphQLID)
_DEFINITION = GraphQLCoreConverter.DEFINITION_BACKREF


class _Irregular(Exception):
    """A value that has no short way."""


@dataclass(frozen=True, slots=True)
class _Call:
    """A resolver with what it is given besides the object, and how to answer what it returns, if that has a short way.

    All objects of a list share one `Info`, so its path is that of the first; our resolvers ask for the context only.
    """

    field: GraphQLField
    resolve: Callable[..., Awaitable[Any]]
    arguments: Mapping[str, Any]
    look: Look | None


class Executor(StrawberryGraphQLCoreExecutionContext):
    """One for each operation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_intercepted = self.middleware_manager is not None and bool(self.middleware_manager.middlewares)
        # By identity; the selection is kept too, so that its id stays its own.
        self._selections: dict[tuple[str, int], tuple[Grouped, Mapping[str, Look]]] = {}
        self._calls: dict[tuple[str, int], tuple[Details, _Call | None]] = {}

    def build_response(self, data: dict[str, Any] | None) -> Any:
        """The answer; and what was made out on the way, which refers to itself, is let go of without a search."""
        self._selections.clear()
        self._calls.clear()
        return super().build_response(data)

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: Grouped,
        position_context: Any,
    ) -> dict[str, Any] | Awaitable[dict[str, Any]]:
        """Look up what can be looked up, and leave the rest to graphql-core; in the order of the selection."""
        looks = self._looks(parent_type, grouped_field_set)
        if not looks:
            return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)
        answer: dict[str, Any] = dict.fromkeys(grouped_field_set)
        rest = {name: details for name, details in grouped_field_set.items() if name not in looks}
        for name, look in looks.items():
            try:
                answer[name] = look(source_value)
            except Exception:
                rest[name] = grouped_field_set[name]
        if not rest:
            return answer
        found = super().execute_fields(parent_type, source_value, path, rest, position_context)
        return answer | found if isinstance(found, dict) else _joined(answer, found)

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: Details,
        path: Path,
        position_context: Any,
    ) -> Any:
        """Call a resolver of ours at once; everything else is graphql-core's."""
        key = parent_type.name, id(field_details_list)
        if key not in self._calls:
            self._calls[key] = field_details_list, self._call(parent_type, field_details_list, path)
        call = self._calls[key][1]
        if call is None:
            return super().execute_field(parent_type, source, field_details_list, path, position_context)
        return self._answer(call, parent_type, source, field_details_list, path, position_context)

    async def _answer(
        self,
        call: _Call,
        parent_type: GraphQLObjectType,
        source: Any,
        details: Details,
        path: Path,
        position_context: Any,
    ) -> Any:
        type_ = call.field.type
        try:
            value = await call.resolve(source, **call.arguments)
        except Exception as error:
            self.handle_field_error(error, type_, details, path)
            return None
        if call.look is not None:
            try:
                return call.look(value)
            except Exception:
                pass
        info = self.build_resolve_info(call.field, [each.node for each in details], parent_type, path)
        return await self.complete_awaitable_value(type_, details, info, path, _ready(value), position_context)

    def _call(self, parent_type: GraphQLObjectType, details: Details, path: Path) -> _Call | None:
        """How to call the resolver of a field, or None to leave it to graphql-core."""
        node = details[0].node
        field = self.schema.get_field(parent_type, node.name.value)
        made: StrawberryField | None = field.extensions.get(_DEFINITION) if field else None
        if field is None or made is None or self._is_intercepted or not _is_ours(made):
            return None
        try:
            values = get_argument_values(field, node, self.variable_values, details[0].fragment_variable_values)
        except Exception:
            return None
        raw = self.build_resolve_info(field, [each.node for each in details], parent_type, path)
        info = strawberry.Info(_raw_info=raw, _field=made)
        schema = self.schema.extensions[_DEFINITION]
        _, arguments = get_arguments(
            field=made,
            source=None,
            info=info,
            kwargs=values,
            config=schema.config,
            scalar_registry=schema.schema_converter.scalar_registry,
        )
        assert made.base_resolver is not None
        resolve = cast("Callable[..., Awaitable[Any]]", made.base_resolver.wrapped_func)
        return _Call(field, resolve, arguments, self._completed(field.type, details))

    def _looks(self, parent_type: GraphQLObjectType, grouped: Grouped) -> Mapping[str, Look]:
        key = parent_type.name, id(grouped)
        if key not in self._selections:
            made = {name: self._look(parent_type, details) for name, details in grouped.items()}
            self._selections[key] = grouped, {name: look for name, look in made.items() if look is not None}
        return self._selections[key][1]

    def _look(self, parent_type: GraphQLObjectType, details: Details) -> Look | None:
        """How to answer a field of an object, or None for the long way."""
        name = details[0].node.name.value
        if name == "__typename":
            return lambda _: parent_type.name
        field = self.schema.get_field(parent_type, name)
        if field is None or self._is_intercepted or not _is_attribute(field):
            return None
        completed = self._completed(field.type, details)
        if completed is None:
            return None
        attribute = attrgetter(field.extensions[_DEFINITION].python_name)
        return lambda source: completed(attribute(source))

    def _completed(self, type_: GraphQLOutputType, details: Details) -> Look | None:
        """How to make of a value what is answered."""
        if isinstance(type_, GraphQLNonNull):
            inner = self._completed(type_.of_type, details)
            return _never_null(inner) if inner else None
        if isinstance(type_, GraphQLList):
            inner = self._completed(type_.of_type, details)
            return _each(inner) if inner else None
        if is_leaf_type(type_):
            return _text if type_ in _TEXTS else _leaf(type_.coerce_output_value)
        if isinstance(type_, GraphQLObjectType):
            collected = self.collect_subfields(type_, details)
            looks = self._looks(type_, collected.grouped_field_set)
            if collected.new_defer_usages or len(looks) < len(collected.grouped_field_set):
                return None
            return _object(type_.extensions[_DEFINITION].origin, looks)
        return None


def _is_attribute(field: GraphQLField) -> bool:
    """Whether Strawberry only reads an attribute for a field; it marks the resolvers of these."""
    return getattr(field.resolve, "_is_default", False) and not field.args


def _is_ours(made: StrawberryField) -> bool:
    """Whether a field has nothing but a resolver that is a method and waits."""
    resolver = made.base_resolver
    return (
        resolver is not None
        and not made.extensions
        and resolver.self_parameter is not None
        and resolver.parent_parameter is None
        and resolver.root_parameter is None
        and inspect.iscoroutinefunction(resolver.wrapped_func)
    )


async def _ready(value: Any) -> Any:
    return value


async def _joined(answer: dict[str, Any], rest: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    return answer | await rest


def _never_null(inner: Look) -> Look:
    def look(value: Any) -> Any:
        if value is None:
            raise _Irregular
        return inner(value)

    return look


def _each(inner: Look) -> Look:
    def look(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, list | tuple):
            raise _Irregular
        return [inner(each) for each in value]

    return look


def _text(value: Any) -> Any:
    if value is None or type(value) is str:
        return value
    raise _Irregular


def _leaf(coerce: Look) -> Look:
    def look(value: Any) -> Any:
        if value is None:
            return None
        found = coerce(value)
        if found is None or found is Undefined or isinstance(found, Exception):
            raise _Irregular
        return found

    return look


def _object(origin: type, looks: Mapping[str, Look]) -> Look:
    pairs = tuple(looks.items())

    def look(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, origin):
            raise _Irregular
        return {name: look(value) for name, look in pairs}

    return look
