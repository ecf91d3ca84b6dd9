"""What a client says a resource is, read into the document that is kept (RFC 7643 §2, §3; RFC 7644 §3.3, §3.5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from . import simple_values, values
from .definitions import GROUP_MEMBERS
from .errors import InvalidSyntax, InvalidValue
from .errors import Mutability as MutabilityError
from .expressions import Path
from .schemas import CORE, Attribute, Document, Mutability, ResourceType, Schema
from .values import Findings

__all__ = ["Findings", "Reading", "locate", "read"]

_NOTHING = object()
_RESOURCE_TYPES = ("User", "Group", "ServiceProviderConfig", "ResourceType", "Schema")
_CORE_URNS = frozenset((CORE + name).lower() for name in _RESOURCE_TYPES)


@dataclass(frozen=True, slots=True)
class Reading:
    """The document to keep, and what was left out or put right on the way to it.

    `ignored` holds names of attributes and schemas that the resource type does not have; whether to refuse them is the
    caller's choice. `repaired` holds short sentences for the log.
    """

    document: Document
    ignored: tuple[str, ...]
    repaired: tuple[str, ...]


def read(body: object, resource_type: ResourceType, *, tolerant: bool, previous: Document | None = None) -> Reading:
    """The document to keep for a representation that a client sent by POST, or by PUT when `previous` is given.

    Names are spelled as in the schemas, extensions stand under their URN, `schemas` lists the schemas that have values.
    Unassigned and read-only attributes, `password` and the members of groups are left out. Of `previous` stay `active`
    and immutable attributes when the body leaves them out. Raises InvalidSyntax, InvalidValue or Mutability.
    """
    if not isinstance(body, dict):
        raise InvalidSyntax(f"The body must be a {resource_type.name} as a JSON object.")
    findings = Findings(tolerant)
    given = {key: value for key, value in body.items() if not _is_members(key, resource_type)}
    simple_values.screen(given)
    _check_schemas(given, resource_type, findings)
    document = _read_attributes(given, previous or {}, resource_type, findings)
    _keep_from(previous, document, resource_type)
    _require(document, resource_type)
    used = [schema.id for schema in resource_type.extensions if schema.id in document]
    document = {"schemas": [resource_type.schema.id, *used]} | document
    return Reading(document, tuple(findings.ignored), tuple(findings.repaired))


def locate(name: str, resource_type: ResourceType, *, tolerant: bool) -> Path | None:
    """What a key of a representation means: an attribute, or an extension as a whole; None when nothing has that name.

    `tolerant` finds an extension's attribute by its bare name, as older connectors of Entra send `department`.
    """
    place = _find(_places(resource_type, tolerant), name)
    return None if place is None else place.path


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the value of a key belongs, how errors name that, and for an extension, the places inside of it."""

    path: Path
    where: str
    inside: Mapping[str, _Place] = field(default_factory=dict)


@lru_cache(maxsize=512)
def _places(resource_type: ResourceType, tolerant: bool) -> Mapping[str, _Place]:
    """What each key of a representation means, as it is spelled and in lower case."""
    wholes = {
        extension.id: _Place(Path(extension, None), extension.id, _named(extension, extension.attributes))
        for extension in resource_type.extensions
    }
    bare: dict[str, _Place] = {}
    for whole in reversed(wholes.values()) if tolerant else ():
        bare |= whole.inside
    lower = {urn.lower(): whole for urn, whole in wholes.items()}
    return bare | _named(None, resource_type.attributes) | lower | wholes


def _named(extension: Schema | None, attributes: Iterable[Attribute]) -> dict[str, _Place]:
    places: dict[str, _Place] = {}
    for attribute in attributes:
        path = Path(extension, attribute)
        places[attribute.key] = places[attribute.name] = _Place(path, str(path))
    return places


def _find(places: Mapping[str, _Place], name: str) -> _Place | None:
    return places.get(name) or places.get(name.lower())


def _is_members(key: str, resource_type: ResourceType) -> bool:
    return resource_type.schema.attribute(key) is GROUP_MEMBERS


def _read_attributes(given: Document, previous: Document, resource_type: ResourceType, findings: Findings) -> Document:
    """What is given, in the form that is kept; a value that is the very object of `previous` has that form already."""
    document: Document = {}
    places = _places(resource_type, findings.tolerant)
    for key, value in given.items():
        place = _find(places, key)
        if place is None:
            findings.ignore(key)
        elif value is previous.get(key, _NOTHING) and key != "schemas" and key not in document:
            document[key] = value
        elif place.path.attribute is None:
            _read_extension(place, value, document, findings)
        else:
            _read_attribute(place, place.path.attribute, value, document, findings)
    return document


def _read_extension(place: _Place, value: object, document: Document, findings: Findings) -> None:
    if value == []:
        return
    if not isinstance(value, dict | None):
        raise InvalidValue(f"`{place.where}` must be an object, not {simple_values.described(value)}.")
    for name, each in (value or {}).items():
        inner = _find(place.inside, name)
        if inner is None or inner.path.attribute is None:
            findings.ignore(f"{place.where}:{name}")
        else:
            _read_attribute(inner, inner.path.attribute, each, document, findings)


def _read_attribute(place: _Place, attribute: Attribute, value: object, document: Document, findings: Findings) -> None:
    if attribute.mutability is Mutability.READ_ONLY or attribute.name == "schemas":
        return
    kept = values.read(attribute, value, place.where, findings)
    if kept is None or attribute.mutability is Mutability.WRITE_ONLY:
        return
    host = _host(document, place.path.schema)
    if attribute.name in host:
        _note_repetition(place.where, findings)
    host[attribute.name] = kept


def _host(document: Document, extension: Schema | None) -> Document:
    """The object in which the attributes of that extension, or of the core schema, stand; made if need be."""
    if extension is None:
        return document
    host = document.setdefault(extension.id, {})
    assert isinstance(host, dict)
    return host


def _note_repetition(where: str, findings: Findings) -> None:
    if not findings.tolerant:
        raise InvalidValue(f"`{where}` is given more than once; names of attributes are compared without case.")
    findings.repair(f"`{where}` was given more than once; the last one was taken.")


def _keep_from(previous: Document | None, document: Document, resource_type: ResourceType) -> None:
    """Completes the document by what a PUT cannot clear; raises Mutability for a change of what may not change."""
    active = True if previous is None else previous.get("active")
    if active is not None and resource_type.schema.attribute("active"):
        document.setdefault("active", active)
    for extension in (None, *resource_type.extensions):
        attributes = extension.attributes if extension else resource_type.attributes
        old = (previous or {}).get(extension.id) if extension else previous
        if isinstance(old, dict) and any(attribute.is_immutable_somewhere for attribute in attributes):
            new = _host(document, extension)
            _keep_immutable(attributes, old, new, f"{extension.id}:" if extension else "")
            if extension and not new:
                del document[extension.id]


def _keep_immutable(attributes: Iterable[Attribute], old: Document, new: Document, prefix: str) -> None:
    """The values of a multi-valued attribute have no identity, so their sub-attributes are not looked at."""
    for attribute in attributes:
        earlier, where = old.get(attribute.name), prefix + attribute.name
        if earlier is None:
            continue
        if attribute.mutability is Mutability.IMMUTABLE and new.setdefault(attribute.name, earlier) != earlier:
            raise MutabilityError(f"`{where}` cannot change once it has a value.")
        later = new.get(attribute.name)
        if isinstance(earlier, dict) and isinstance(later, dict):
            _keep_immutable(attribute.sub_attributes, earlier, later, f"{where}.")


def _require(document: Document, resource_type: ResourceType) -> None:
    _require_in(document, resource_type.schema.attributes, None)
    for extension in resource_type.extensions:
        host = document.get(extension.id)
        if isinstance(host, dict):
            _require_in(host, extension.attributes, extension)


def _require_in(host: Document, attributes: Iterable[Attribute], extension: Schema | None) -> None:
    for attribute in attributes:
        if not attribute.required or attribute.mutability not in (Mutability.READ_WRITE, Mutability.IMMUTABLE):
            continue
        value = host.get(attribute.name)
        if value is None or (isinstance(value, str) and not value.strip()):
            raise InvalidValue(f"`{Path(extension, attribute)}` is required and may not be empty.")


def _check_schemas(given: Document, resource_type: ResourceType, findings: Findings) -> None:
    """What `schemas` lists is checked but not trusted: Entra does not list the URNs of custom attributes."""
    listed = next((value for key, value in given.items() if key.lower() == "schemas"), None)
    urns = [listed] if isinstance(listed, str) and findings.tolerant else listed
    if not isinstance(urns, list) or not urns:
        if findings.tolerant:
            return
        raise InvalidValue(f"`schemas` must be an array that names {resource_type.schema.id}.")
    known = [_known_schema(urn, resource_type, findings) for urn in urns]
    if resource_type.schema not in known and not findings.tolerant:
        raise InvalidValue(f"`schemas` must name {resource_type.schema.id}.")


def _known_schema(urn: object, resource_type: ResourceType, findings: Findings) -> Schema | None:
    if not isinstance(urn, str):
        raise InvalidValue(f"`schemas` is an array of URNs as text; there is {simple_values.described(urn)}.")
    schema = resource_type.schema_of(urn)
    if schema is None and urn.lower() in _CORE_URNS:
        raise InvalidValue(f"`schemas` names {urn}, but this is the endpoint of {resource_type.schema.id}.")
    if schema is None:
        findings.ignore(urn)
    return schema
