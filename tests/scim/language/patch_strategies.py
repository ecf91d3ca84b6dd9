"""Hypothesis strategies: documents, PATCH operations that fit a resource type, and JSON that fits nothing."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st

from api.scim.language.definitions import SEAT_TYPES
from api.scim.language.expressions import Path
from api.scim.language.schemas import Attribute, Document, Mutability, ResourceType, Schema, Type

WORDS = st.sampled_from(["a", "A", "b", "work", "home", "x y", 'q"', "é"])

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | WORDS
    | st.sampled_from(["True", "", "\0", "\ud800", "{}"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["value", "type", "primary", "$ref", "members", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def values_of(attribute: Attribute) -> st.SearchStrategy[object]:
    """Single values that fit the attribute."""
    match attribute.type:
        case Type.BOOLEAN:
            return st.booleans()
        case Type.INTEGER:
            return st.integers(-2, 2)
        case Type.DECIMAL:
            return st.sampled_from([0, 1.5, -2])
        case Type.DATE_TIME:
            return st.sampled_from(["2026-01-31T08:00:00Z", "2026-01-31T09:00:00+01:00"])
        case Type.BINARY:
            return st.sampled_from(["YQ==", "YWJj"])
        case Type.REFERENCE:
            return st.sampled_from(["https://example.com/a", "urn:x:y"])
        case Type.COMPLEX:
            return _objects(attribute.sub_attributes)
    return st.sampled_from(SEAT_TYPES) if attribute.canonical_values == SEAT_TYPES else WORDS


def assignments(attribute: Attribute) -> st.SearchStrategy[object]:
    """Values of the attribute, an array if it is multi-valued; at most one is primary."""
    if not attribute.multi_valued:
        return values_of(attribute)
    return st.lists(values_of(attribute), min_size=1, max_size=3).map(_one_primary)


def addressed(resource_type: ResourceType) -> list[tuple[Schema | None, Attribute]]:
    """The attributes that a client may write, each with its extension."""
    core: list[tuple[Schema | None, Attribute]] = [(None, each) for each in resource_type.attributes]
    core += [(extension, each) for extension in resource_type.extensions for each in extension.attributes]
    return [(schema, each) for schema, each in core if _is_written(each) and each.name not in ("schemas", "members")]


def documents(resource_type: ResourceType, required: Document) -> st.SearchStrategy[Document]:
    """Representations as a strict client would send them, with the required attributes given."""
    core = _objects(each for schema, each in addressed(resource_type) if schema is None and each.name not in required)
    extensions = st.fixed_dictionaries(
        {}, optional={each.id: _objects(each.attributes) for each in resource_type.extensions}
    )
    return st.builds(
        lambda first, second: {"schemas": [resource_type.schema.id]} | first | second | required, core, extensions
    )


def operations(resource_type: ResourceType) -> st.SearchStrategy[Document]:
    """Operations with and without path whose values fit."""
    targets = addressed(resource_type)
    pathed = st.sampled_from(targets).flatmap(lambda target: _pathed(*target))
    pathless = st.sampled_from([each for schema, each in targets if schema is None]).flatmap(
        lambda attribute: assignments(attribute).map(lambda value: {"value": {attribute.name: value}})
    )
    ops = st.sampled_from(["add", "replace", "remove"])
    return st.one_of(
        st.builds(lambda op, rest: {"op": op} | rest, ops, pathed),
        st.builds(lambda op, rest: {"op": op} | rest, st.sampled_from(["add", "replace"]), pathless),
    )


def _pathed(schema: Schema | None, attribute: Attribute) -> st.SearchStrategy[Document]:
    """Path and value for the attribute, a sub-attribute, or values that a filter selects."""
    whole = str(Path(schema, attribute))
    choices = [assignments(attribute).map(lambda value: {"path": whole, "value": value})]
    subs = [sub for sub in attribute.sub_attributes if _is_written(sub)]
    selector = next((sub.name for sub in subs if sub.name in ("type", "value")), None)
    for sub in subs:
        inner = assignments(sub)
        if not attribute.multi_valued:
            choices.append(
                st.builds(lambda name, value: {"path": f"{whole}.{name}", "value": value}, st.just(sub.name), inner)
            )
        elif selector:
            filters = st.sampled_from([f'{selector} eq "work"', f'{selector} eq "a"', f"{selector} pr"])
            choices.append(
                st.builds(
                    lambda name, filter, value: {"path": f"{whole}[{filter}].{name}", "value": value},
                    st.just(sub.name),
                    filters,
                    inner,
                )
            )
    return st.one_of(choices)


def _objects(attributes: Iterable[Attribute]) -> st.SearchStrategy[Document]:
    written = [each for each in attributes if _is_written(each)]
    return st.fixed_dictionaries(
        {each.name: assignments(each) for each in written if each.required},
        optional={each.name: assignments(each) for each in written if not each.required},
    )


def _is_written(attribute: Attribute) -> bool:
    return attribute.mutability is not Mutability.READ_ONLY


def _one_primary(elements: list[object]) -> list[object]:
    marked = [each for each in elements if isinstance(each, dict) and each.get("primary")]
    return [each for each in elements if not any(each is other for other in marked[1:])]
