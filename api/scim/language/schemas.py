"""Schemas, attributes and resource types (RFC 7643 §2, §6, §7) as frozen data that everything else reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from .errors import InvalidValue

Document = dict[str, object]
"""A resource, or a part of one, as JSON has it."""

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
EXTENSION = "urn:ietf:params:scim:schemas:extension:"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0:"


class Type(StrEnum):
    """Data types of RFC 7643 §2.3."""

    STRING = "string"
    BOOLEAN = "boolean"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE_TIME = "dateTime"
    BINARY = "binary"
    REFERENCE = "reference"
    COMPLEX = "complex"


class Mutability(StrEnum):
    """Who may change an attribute, and when (RFC 7643 §7)."""

    READ_ONLY = "readOnly"
    READ_WRITE = "readWrite"
    IMMUTABLE = "immutable"
    WRITE_ONLY = "writeOnly"


class Returned(StrEnum):
    """When an attribute is part of an answer (RFC 7643 §7)."""

    ALWAYS = "always"
    NEVER = "never"
    DEFAULT = "default"
    REQUEST = "request"


class Uniqueness(StrEnum):
    """Among which resources a value is unique (RFC 7643 §7)."""

    NONE = "none"
    SERVER = "server"
    GLOBAL = "global"


@dataclass(frozen=True)
class Attribute:
    """One attribute or sub-attribute with its characteristics (RFC 7643 §2.2)."""

    name: str
    type: Type = Type.STRING
    description: str = ""
    multi_valued: bool = False
    required: bool = False
    case_exact: bool = False
    mutability: Mutability = Mutability.READ_WRITE
    returned: Returned = Returned.DEFAULT
    uniqueness: Uniqueness = Uniqueness.NONE
    canonical_values: tuple[str, ...] = ()
    reference_types: tuple[str, ...] = ()
    sub_attributes: tuple[Attribute, ...] = ()

    @cached_property
    def key(self) -> str:
        """The name as it is compared, and as it stands in search documents."""
        return self.name.lower()

    @cached_property
    def is_plain(self) -> bool:
        """Whether clients may give it any text, and nothing else: most attributes are like that."""
        is_single_text = self.type is Type.STRING and not self.multi_valued and not self.canonical_values
        is_looked_up = self.uniqueness is not Uniqueness.NONE or self.name == "externalId"
        return is_single_text and not is_looked_up and self.mutability is Mutability.READ_WRITE

    @cached_property
    def is_compared_without_case(self) -> bool:
        """Whether it has one text, which is folded by lower-casing alone."""
        is_single_text = self.type is Type.STRING and not self.multi_valued
        return is_single_text and not self.case_exact and self.returned is not Returned.NEVER

    @cached_property
    def required_subs(self) -> tuple[Attribute, ...]:
        """The sub-attributes that a value has to have."""
        return tuple(sub for sub in self.sub_attributes if sub.required and sub.mutability is not Mutability.READ_ONLY)

    @cached_property
    def _by_name(self) -> Mapping[str, Attribute]:
        return _named(self.sub_attributes)

    @cached_property
    def is_immutable_somewhere(self) -> bool:
        """Whether the attribute or one of its sub-attributes cannot change once it has a value."""
        return self.mutability is Mutability.IMMUTABLE or any(sub.is_immutable_somewhere for sub in self.sub_attributes)

    def sub(self, name: str) -> Attribute | None:
        """The sub-attribute of that name, whatever its case."""
        return self._by_name.get(name) or self._by_name.get(name.lower())


def _named(attributes: Iterable[Attribute]) -> dict[str, Attribute]:
    """Attributes by their names as they are spelled, which is how most clients write them, and in lower case."""
    return {name: attribute for attribute in attributes for name in (attribute.key, attribute.name)}


@dataclass(frozen=True)
class Schema:
    """A named set of attributes (RFC 7643 §7)."""

    id: str
    name: str
    description: str
    attributes: tuple[Attribute, ...]

    @cached_property
    def _by_name(self) -> Mapping[str, Attribute]:
        return _named(self.attributes)

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name, whatever its case."""
        return self._by_name.get(name) or self._by_name.get(name.lower())


COMMON_ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute(
        "schemas",
        Type.REFERENCE,
        "The URNs of the schemas that the resource uses.",
        multi_valued=True,
        required=True,
        case_exact=True,
        returned=Returned.ALWAYS,
        reference_types=("uri",),
    ),
    Attribute(
        "id",
        description="The identifier that this server gave the resource.",
        case_exact=True,
        mutability=Mutability.READ_ONLY,
        returned=Returned.ALWAYS,
        uniqueness=Uniqueness.SERVER,
    ),
    Attribute("externalId", description="The identifier that the identity provider uses.", case_exact=True),
    Attribute(
        "meta",
        Type.COMPLEX,
        "When and where the resource was made and changed.",
        mutability=Mutability.READ_ONLY,
        sub_attributes=(
            Attribute("resourceType", case_exact=True, mutability=Mutability.READ_ONLY),
            Attribute("created", Type.DATE_TIME, mutability=Mutability.READ_ONLY),
            Attribute("lastModified", Type.DATE_TIME, mutability=Mutability.READ_ONLY),
            Attribute(
                "location",
                Type.REFERENCE,
                case_exact=True,
                mutability=Mutability.READ_ONLY,
                reference_types=("uri",),
            ),
            Attribute("version", case_exact=True, mutability=Mutability.READ_ONLY),
        ),
    ),
)
"""Attributes that every resource has although no schema lists them (RFC 7643 §3.1)."""


@dataclass(frozen=True, eq=False)
class ResourceType:
    """A kind of resource: its endpoint, its core schema and its extensions (RFC 7643 §6).

    Extensions whose URN is in `unannounced` are accepted and shown, but not named by `/ResourceTypes`. Resource types
    are what they are, not what they contain: two that were read from the same definitions are not equal.
    """

    name: str
    endpoint: str
    description: str
    schema: Schema
    extensions: tuple[Schema, ...] = ()
    unannounced: frozenset[str] = frozenset()

    @cached_property
    def _schemas(self) -> Mapping[str, Schema]:
        return {schema.id.lower(): schema for schema in (self.schema, *self.extensions)}

    def schema_of(self, urn: str) -> Schema | None:
        """The core schema or extension with that URN, whatever its case."""
        return self._schemas.get(urn.lower())

    @property
    def urns(self) -> Iterable[str]:
        """Lower-case URNs of the schemas."""
        return self._schemas.keys()

    def attribute(self, name: str) -> Attribute | None:
        """The common or core attribute of that name, whatever its case; no schema may redefine a common one."""
        return self._by_name.get(name) or self._by_name.get(name.lower())

    @cached_property
    def _by_name(self) -> Mapping[str, Attribute]:
        return _named((*self.schema.attributes, *COMMON_ATTRIBUTES))

    @cached_property
    def attributes(self) -> tuple[Attribute, ...]:
        """The common attributes and those of the core schema."""
        return (*COMMON_ATTRIBUTES, *self.schema.attributes)


def from_json(definition: Mapping[str, object]) -> Schema:
    """A schema from its RFC 7643 §7 representation; raises InvalidValue naming what is wrong."""
    urn, attributes = definition.get("id"), definition.get("attributes")
    if not isinstance(urn, str) or not urn.lower().startswith("urn:"):
        raise InvalidValue("A schema needs an `id` that is a URN.")
    if not isinstance(attributes, list) or not attributes:
        raise InvalidValue(f"Schema {urn} needs a list of `attributes`.")
    name, description = definition.get("name") or urn, definition.get("description") or ""
    return Schema(urn, str(name), str(description), tuple(_attribute(item) for item in attributes))


def _attribute(item: object) -> Attribute:
    if not isinstance(item, Mapping) or not isinstance(item.get("name"), str):
        raise InvalidValue("Each attribute of a schema is an object with a `name`.")
    subs = item.get("subAttributes") or ()
    try:
        return Attribute(
            name=item["name"],
            type=Type(item.get("type", "string")),
            description=str(item.get("description", "")),
            multi_valued=bool(item.get("multiValued", False)),
            required=bool(item.get("required", False)),
            case_exact=bool(item.get("caseExact", False)),
            mutability=Mutability(item.get("mutability", "readWrite")),
            returned=Returned(item.get("returned", "default")),
            uniqueness=Uniqueness(item.get("uniqueness", "none")),
            canonical_values=tuple(item.get("canonicalValues") or ()),
            reference_types=tuple(item.get("referenceTypes") or ()),
            sub_attributes=tuple(_attribute(sub) for sub in subs),
        )
    except ValueError as error:
        raise InvalidValue(f"Attribute {item['name']}: {error}.") from error


def to_json(attribute: Attribute) -> Document:
    """An attribute as `/Schemas` shows it (RFC 7643 §7)."""
    shown: Document = {
        "name": attribute.name,
        "type": attribute.type.value,
        "multiValued": attribute.multi_valued,
        "description": attribute.description,
        "required": attribute.required,
        "mutability": attribute.mutability.value,
        "returned": attribute.returned.value,
    }
    if attribute.type is not Type.COMPLEX:
        shown |= {"caseExact": attribute.case_exact, "uniqueness": attribute.uniqueness.value}
    if attribute.canonical_values:
        shown["canonicalValues"] = list(attribute.canonical_values)
    if attribute.type is Type.REFERENCE:
        shown["referenceTypes"] = list(attribute.reference_types)
    if attribute.sub_attributes:
        shown["subAttributes"] = [to_json(sub) for sub in attribute.sub_attributes]
    return shown
