"""The seat-type extension under its two names, `…:2.0` and `…:2.0:User` (REQUIREMENTS R091).

Both are schemas of their own, so that a resource shows the name that its identity provider uses. Only one of them can
hold a value: two would contradict each other.
"""

from __future__ import annotations

from dataclasses import replace

from .language.definitions import SEAT_TYPE_NAME
from .language.patch import Operation
from .language.schemas import Document, ResourceType, Schema


def urns(resource_type: ResourceType) -> list[str]:
    """The names of the extension in an organization's User."""
    return [schema.id for schema in resource_type.extensions if schema.name == SEAT_TYPE_NAME]


def seat_type(document: Document, resource_type: ResourceType) -> str | None:
    """The seat type that the document asks for, under whichever name."""
    for urn in urns(resource_type):
        values = document.get(urn)
        if isinstance(values, dict) and isinstance(found := values.get("seat_type"), str):
            return found
    return None


def settle(document: Document, previous: Document, resource_type: ResourceType) -> Document:
    """The document with one name only: a value written under the other name is kept under the one already in use."""
    there = [urn for urn in urns(resource_type) if urn in document]
    if len(there) < 2:
        return document
    in_use = next((urn for urn in there if urn in previous), there[0])
    written = [urn for urn in there if document[urn] != previous.get(urn)]
    schemas = document["schemas"]
    dropped = set(there) - {in_use}
    kept: Document = {key: value for key, value in document.items() if key not in dropped}
    kept[in_use] = document[(written or [in_use])[-1]]
    kept["schemas"] = [urn for urn in schemas if urn not in dropped] if isinstance(schemas, list) else schemas
    return kept


def redirected(
    operations: tuple[Operation, ...], document: Document, resource_type: ResourceType
) -> tuple[Operation, ...]:
    """The operations with paths under the name that the document uses, so that either name reaches the value."""
    in_use = next((urn for urn in urns(resource_type) if urn in document), None)
    schema = resource_type.schema_of(in_use) if in_use else None
    if schema is None:
        return operations
    return tuple(_redirected(operation, schema) for operation in operations)


def _redirected(operation: Operation, schema: Schema) -> Operation:
    path = operation.path
    if path is None or path.schema is None or path.schema.name != SEAT_TYPE_NAME:
        return operation
    return replace(operation, path=replace(path, schema=schema))


def under_both_names(search: Document, resource_type: ResourceType) -> Document:
    """The folded document with the seat type under both names, so that a filter finds it by either."""
    folded = [urn.lower() for urn in urns(resource_type)]
    there = [search[urn] for urn in folded if urn in search]
    return search | dict.fromkeys(folded, there[0]) if there else search
