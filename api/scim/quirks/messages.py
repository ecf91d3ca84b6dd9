"""The PATCH message: its own members, and operations that stand for others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..language import paths, resources
from ..language.errors import ScimError
from ..language.operations import PATCH_OP
from ..language.schemas import Attribute, Document, ResourceType
from .attributes import attributes, parsed, plain
from .urns import Notes, ietf_urn

_MESSAGE_NAMES = {"schemas": "schemas", "operations": "Operations"}
_OPERATION_NAMES = {"op": "op", "path": "path", "value": "value"}
_PATH_SIGNS = re.compile(r"[.:\[]")


def message(body: Document, resource_type: ResourceType, notes: Notes) -> Document:
    """The message with members, schema and operations as RFC 7644 §3.5.2 has them."""
    found = _message_schema(_spelled(body, _MESSAGE_NAMES, notes), notes)
    listed = _listed(found.get("Operations"), notes)
    if isinstance(listed, list):
        return found | {"Operations": [each for item in listed for each in _operations(item, resource_type, notes)]}
    return found


def _spelled(given: Document, names: dict[str, str], notes: Notes) -> Document:
    """The members of a message in the RFC's spelling; Microsoft's Postman collection has PascalCase all over."""
    spelled = {names.get(key.lower(), key): value for key, value in given.items()}
    if spelled.keys() != given.keys():
        notes["Members of the PATCH message were spelled in another case."] = None
    return spelled


def _message_schema(message: Document, notes: Notes) -> Document:
    """`schemas` of the message: authentik leaves it out when it renames a group."""
    named = message.get("schemas")
    if isinstance(named, list) and any(isinstance(urn, str) and urn.lower() == PATCH_OP.lower() for urn in named):
        return message
    notes[f"`schemas` did not name {PATCH_OP}."] = None
    return message | {"schemas": [PATCH_OP]}


def _listed(operations: object, notes: Notes) -> object:
    """One operation instead of an array, as from libraries that collapse arrays of one element."""
    if not isinstance(operations, dict):
        return operations
    notes["`Operations` was one operation instead of an array."] = None
    return [operations]


def _operations(item: object, resource_type: ResourceType, notes: Notes) -> Iterable[object]:
    """What one operation stands for; often itself, several if its value has keys that are paths."""
    if not isinstance(item, dict):
        return [item]
    operation = _lower_op(_spelled(item, _OPERATION_NAMES, notes), notes)
    path = operation.get("path")
    if path == "" or path is None:
        return _pathless({key: value for key, value in operation.items() if key != "path"}, resource_type, notes)
    if not isinstance(path, str):
        return [operation]
    return [_pathed(operation, ietf_urn(path, resource_type, notes), resource_type, notes)]


def _lower_op(operation: Document, notes: Notes) -> Document:
    """Entra without its feature flag sends `Add`, `Replace` and `Remove` (entra/update-pathed-capital-ops)."""
    op = operation.get("op")
    if not isinstance(op, str) or op == op.lower():
        return operation
    notes["`op` was written with capital letters."] = None
    return operation | {"op": op.lower()}


def _pathed(operation: Document, path: str, resource_type: ResourceType, notes: Notes) -> Document:
    if path.lower().endswith("manager.managerid"):
        path = path[: -len("managerId")] + "value"
        notes["`manager.managerId` was read as `manager.value`."] = None
    value = _unnamed(path, operation.get("value"), notes)
    attribute = _attribute_at(path, resource_type) if isinstance(value, dict | str) else None
    if attribute is not None:
        value = plain(attribute, value, notes)
    changed = {"path": path} | ({"value": value} if "value" in operation else {})
    return operation | changed


def _attribute_at(path: str, resource_type: ResourceType) -> Attribute | None:
    """The attribute at the end of the path, None if nothing is there."""
    try:
        found = paths.parse(path, resource_type, tolerant=True)
    except ScimError:
        return None
    return found.sub or found.attribute


def _unnamed(path: str, value: object, notes: Notes) -> object:
    """`{"members": [ … ]}` at the path `members` becomes the array: Salesforce removes members so."""
    if not isinstance(value, dict) or [key.lower() for key in value] != [path.lower()]:
        return value
    notes["`value` repeated the name of the attribute in `path`."] = None
    return next(iter(value.values()))


def _pathless(operation: Document, resource_type: ResourceType, notes: Notes) -> Iterator[object]:
    for value in _unwrapped(operation, notes):
        if not isinstance(value, dict):
            yield operation
        elif operation.get("op") == "remove":
            yield from _removals(operation, value, resource_type, notes)
        else:
            yield from _by_path(operation, attributes(value, resource_type, notes), resource_type, notes)


def _unwrapped(operation: Document, notes: Notes) -> list[object]:
    """The value without what is around it: Keycloak's SCIM library wraps it in an array, others in text."""
    value = operation.get("value")
    inner = parsed(value) if isinstance(value, str) else value
    elements = (
        [parsed(each) if isinstance(each, str) else each for each in inner] if isinstance(inner, list) else [inner]
    )
    if not elements or not all(isinstance(each, dict) for each in elements):
        return [value]
    if inner is not value or elements != [value]:
        notes["`value` of an operation without path was wrapped in an array or in text."] = None
    return elements


def _removals(operation: Document, value: Document, resource_type: ResourceType, notes: Notes) -> Iterator[Document]:
    """A removal whose value names multi-valued attributes is a removal at each of them; Salesforce sends those."""
    found = [resources.locate(name, resource_type, tolerant=True) for name in value]
    if not value or not all(path and path.attribute and path.attribute.multi_valued for path in found):
        yield operation
        return
    notes["A removal without path named the attribute in its value."] = None
    for path, listed in zip(found, value.values(), strict=True):
        yield operation | {"path": str(path), "value": listed}


def _by_path(operation: Document, value: Document, resource_type: ResourceType, notes: Notes) -> Iterator[Document]:
    """Keys that are paths become operations of their own.

    Entra with its feature flag puts `name.givenName`, `urn:…:User:employeeNumber` and `emails[type eq "work"].value`
    side by side into one value. A key that leads nowhere stays, to be ignored as any unknown attribute.
    """
    keys = {key: None for key in value if _PATH_SIGNS.search(key) and _is_path(key, resource_type)}
    rest = {key: each for key, each in value.items() if key not in keys}
    if rest or not keys:
        yield operation | {"value": rest}
    if keys:
        notes["Keys in the value of an operation without path were paths."] = None
    for key in keys:
        yield _pathed(operation | {"value": value[key]}, key, resource_type, notes)


def _is_path(key: str, resource_type: ResourceType) -> bool:
    return resource_type.schema_of(key) is None and _attribute_at(key, resource_type) is not None
