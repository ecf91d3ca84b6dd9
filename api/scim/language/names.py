"""Which attribute a name means: bare, dotted, or behind the URN of a schema (RFC 7644 §3.10)."""

from __future__ import annotations

from .errors import ScimError
from .expressions import Path
from .scanning import shown
from .schemas import Attribute, ResourceType, Schema


def resolve(name: str, resource_type: ResourceType, *, tolerant: bool, failure: type[ScimError]) -> Path:
    """The path of `attribute`, `attribute.sub`, `URN:attribute`, `URN:attribute.sub` or an extension's URN alone.

    Dots and colons of a URN belong to the URN: the longest known one wins. With `tolerant`, a bare name that the core
    schema lacks is looked for in the extensions, as Entra sends `manager`. Raises `failure`.
    """
    urn = _longest_urn(name, resource_type)
    if urn is None:
        return _bare(name, resource_type, tolerant=tolerant, failure=failure)
    schema = resource_type.schema_of(urn)
    extension = None if schema is resource_type.schema else schema
    if len(name) == len(urn):
        return _urn_alone(extension, resource_type, failure)
    rest = name[len(urn) + 1 :]
    if ":" in rest:
        raise failure(_unknown_schema(name, resource_type))
    head, sub = _split(rest, failure)
    attribute = extension.attribute(head) if extension else resource_type.attribute(head)
    if attribute is None:
        raise failure(f"`{(extension or resource_type.schema).id}` has no attribute {shown(head)}.")
    return Path(extension, attribute, sub=_sub(attribute, sub, failure))


def value_attribute(owner: Attribute, name: str) -> Attribute | None:
    """The sub-attribute that a value filter on `owner` means by `name`.

    The values of an attribute that is not complex, such as `schemas`, are addressed by `value`.
    """
    if owner.sub_attributes:
        return owner.sub(name)
    if name.lower() != "value":
        return None
    return Attribute("value", owner.type, case_exact=owner.case_exact, returned=owner.returned)


def _longest_urn(name: str, resource_type: ResourceType) -> str | None:
    if ":" not in name:
        return None
    lowered = name.lower()
    known = (urn for urn in resource_type.urns if lowered == urn or lowered.startswith(urn + ":"))
    return max(known, key=len, default=None)


def _bare(name: str, resource_type: ResourceType, *, tolerant: bool, failure: type[ScimError]) -> Path:
    if ":" in name:
        raise failure(_unknown_schema(name, resource_type))
    head, sub = _split(name, failure)
    attribute, extension = resource_type.attribute(head), None
    if attribute is None and tolerant:
        extension = next((each for each in resource_type.extensions if each.attribute(head)), None)
        attribute = extension.attribute(head) if extension else None
    if attribute is None:
        raise failure(f"{resource_type.name} has no attribute {shown(head)}.")
    return Path(extension, attribute, sub=_sub(attribute, sub, failure))


def _split(name: str, failure: type[ScimError]) -> tuple[str, str | None]:
    head, dot, sub = name.partition(".")
    if not head or (dot and not sub):
        raise failure(f"An attribute name is missing in {shown(name)}.")
    if "." in sub:
        raise failure(f"{shown(name)} goes too deep: attributes have sub-attributes, and those have none.")
    return head, sub or None


def _sub(attribute: Attribute, name: str | None, failure: type[ScimError]) -> Attribute | None:
    if name is None:
        return None
    sub = attribute.sub(name)
    if sub is None:
        raise failure(f"`{attribute.name}` has no sub-attribute {shown(name)}.")
    return sub


def _urn_alone(extension: Schema | None, resource_type: ResourceType, failure: type[ScimError]) -> Path:
    if extension is None:
        raise failure(f"`{resource_type.schema.id}` names the whole resource; name one of its attributes.")
    return Path(extension, None)


def _unknown_schema(name: str, resource_type: ResourceType) -> str:
    urn, _, _ = name.rpartition(":")
    known = ", ".join(schema.id for schema in (resource_type.schema, *resource_type.extensions))
    return f"{shown(urn)} is not a schema of {resource_type.name}; its schemas are {known}."
