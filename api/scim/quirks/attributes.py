"""Attributes by name, in a resource or in the value of an operation without path."""

from __future__ import annotations

import json

from ..language import resources
from ..language.schemas import Attribute, Document, ResourceType, Type
from .urns import Notes, ietf_names


def attributes(body: Document, resource_type: ResourceType, notes: Notes) -> Document:
    """Attributes by name, in a resource or in the value of an operation without path."""
    renamed = ietf_names(body, resource_type, notes)
    return {key: _attribute_value(key, value, resource_type, notes) for key, value in renamed.items()}


def _attribute_value(key: str, value: object, resource_type: ResourceType, notes: Notes) -> object:
    if not isinstance(value, dict | str):
        return value
    path = resources.locate(key, resource_type, tolerant=True)
    if path is None:
        return value
    if path.attribute is not None:
        return plain(path.attribute, value, notes)
    if path.schema is None or not isinstance(value, dict):
        return value
    known = {name: path.schema.attribute(name) for name in value}
    return {name: plain(known[name], each, notes) for name, each in value.items()}


def plain(attribute: Attribute | None, value: object, notes: Notes) -> object:
    """The value of the attribute without the wrappings that clients put around it; unknown attributes keep theirs."""
    return value if attribute is None else _manager_id(attribute, _json_text(attribute, value, notes), notes)


def _json_text(attribute: Attribute, value: object, notes: Notes) -> object:
    """A complex value that is text with JSON inside becomes the object or array that it spells.

    Libraries that keep every value as text send such values; no client is recorded with it. Only sub-attributes may be
    in it: Entra's AppRoleAssignmentsComplex puts other JSON into `roles[].value`, which is kept as it is.
    """
    if attribute.type is not Type.COMPLEX or not isinstance(value, str):
        return value
    spelled = parsed(value)
    elements = spelled if isinstance(spelled, list) else [spelled]
    if not elements or not all(isinstance(each, dict) and all(map(attribute.sub, each)) for each in elements):
        return value
    notes[f"`{attribute.name}` was JSON inside of text."] = None
    return spelled


def parsed(text: str) -> object:
    """What the text spells as JSON if that is an object or array, else the text."""
    if text.lstrip()[:1] not in ("{", "["):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _manager_id(attribute: Attribute, value: object, notes: Notes) -> object:
    """`{"managerId": …}` becomes `{"value": …}`: OneLogin's templates still have the name of SCIM 1.1."""
    if attribute.name != "manager" or not isinstance(value, dict) or any(key.lower() == "value" for key in value):
        return value
    renamed = {"value" if key.lower() == "managerid" else key: each for key, each in value.items()}
    if "value" in renamed:
        notes["`manager.managerId` was read as `manager.value`."] = None
    return renamed
