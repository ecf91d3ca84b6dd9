"""Reading the definition of a SCIM extension from JSON (RFC 7643 §7), refusing what could never work."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from api.provisioning.errors import BadSetting
from api.provisioning.extensions import Definition

from .language import schemas
from .language.definitions import ENTERPRISE_URN, ENTERPRISE_USER, SEAT_TYPE_NAME
from .language.errors import InvalidValue
from .language.schemas import CORE, MESSAGES, Attribute, Schema, Type

MOST_ATTRIBUTES = 200
_URN = re.compile(r'urn:[a-z0-9][a-z0-9-]{0,31}:[^\s"\[\]()]{1,200}', re.IGNORECASE)
_TAKEN_NAMES = (ENTERPRISE_USER.name.lower(), SEAT_TYPE_NAME.lower())
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9$_-]*")  # RFC 7643 §2.1


class _Attribute(msgspec.Struct, rename="camel"):
    """An attribute as JSON has it, for its types only; `schemas.from_json` judges the values."""

    name: str
    type: str = "string"
    description: str = ""
    multi_valued: bool = False
    required: bool = False
    case_exact: bool = False
    mutability: str = "readWrite"
    returned: str = "default"
    uniqueness: str = "none"
    canonical_values: list[str] = []
    reference_types: list[str] = []
    sub_attributes: list[_Attribute] = []


class _Definition(msgspec.Struct):
    """A schema as JSON has it."""

    id: str
    attributes: list[_Attribute]
    name: str = ""
    description: str = ""


def read(text: bytes, *, seat_type_urn: str) -> Schema:
    """The schema that the text defines; raises BadSetting naming what is wrong with it."""
    try:
        msgspec.json.decode(text, type=_Definition)
        schema = schemas.from_json(msgspec.json.decode(text, type=dict[str, object]))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadSetting(f"This is no schema as RFC 7643 §7 has it: {error}.") from error
    except InvalidValue as error:
        raise BadSetting(str(error)) from error
    _refuse_urn(schema.id, seat_type_urn)
    if schema.name.lower() in _TAKEN_NAMES:
        raise BadSetting(f"{schema.name} is the name of an extension that every organization has. Choose another.")
    _refuse_attributes(schema.attributes, f"Schema {schema.id}")
    return schema


def definition(schema: Schema) -> str:
    """The schema as JSON text, everything written out."""
    attributes = [schemas.to_json(attribute) for attribute in schema.attributes]
    stored = {"id": schema.id, "name": schema.name, "description": schema.description, "attributes": attributes}
    return msgspec.json.encode(stored).decode()


def reader(seat_type_urn: str) -> Callable[[bytes], Definition]:
    """What reads definitions for the service; see `extensions.read_with`."""

    def read_one(text: bytes) -> Definition:
        schema = read(text, seat_type_urn=seat_type_urn)
        return Definition(schema.id, definition(schema))

    return read_one


def _refuse_urn(urn: str, seat_type_urn: str) -> None:
    folded = urn.lower()
    if not _URN.fullmatch(urn):
        raise BadSetting(f"{urn!r} is no URN such as urn:ietf:params:scim:schemas:extension:example:2.0:User.")
    if folded.startswith((CORE.lower(), MESSAGES.lower())):
        raise BadSetting(f"{urn} belongs to SCIM itself. Give the extension a URN of your own.")
    known = {ENTERPRISE_URN.lower(), seat_type_urn.lower(), f"{seat_type_urn}:user".lower()}
    if folded in known:
        raise BadSetting(f"{urn} is an extension that every organization has already.")


def _refuse_attributes(attributes: Iterable[Attribute], where: str) -> None:
    listed = list(attributes)
    if len(listed) > MOST_ATTRIBUTES:
        raise BadSetting(f"{where} has {len(listed)} attributes; at most {MOST_ATTRIBUTES} are kept.")
    twice = [name for name, count in Counter(attribute.name.lower() for attribute in listed).items() if count > 1]
    if twice:
        raise BadSetting(f"{where} has the attribute {twice[0]!r} twice; names are compared without case.")
    for attribute in listed:
        _refuse_attribute(attribute)


def _refuse_attribute(attribute: Attribute) -> None:
    name = attribute.name
    if not _NAME.fullmatch(name) and name != "$ref":
        raise BadSetting(f"{name!r} is no name of an attribute: a letter, then letters, digits, `_`, `-` or `$`.")
    if (attribute.type is Type.COMPLEX) != bool(attribute.sub_attributes):
        raise BadSetting(f"Attribute {name}: `subAttributes` go with the type `complex`, and it needs some.")
    if any(sub.type is Type.COMPLEX for sub in attribute.sub_attributes):
        raise BadSetting(f"Attribute {name}: a complex attribute cannot hold another one (RFC 7643 §2.3.8).")
    _refuse_attributes(attribute.sub_attributes, f"Attribute {name}")
