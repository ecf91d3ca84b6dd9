"""The form in which values are compared, and resources kept for searching (RFC 7643 §2.2, §2.3, §2.5)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from unicodedata import normalize

from .expressions import Value
from .schemas import Attribute, Document, ResourceType, Returned, Schema, Type

_DATE_TIME = re.compile(
    r"(?P<minute>\d{4}-\d\d-\d\dT\d\d:\d\d):(?P<second>\d\d)(?P<fraction>\.\d+)?(?P<zone>Z|[+-]\d\d:\d\d)?", re.ASCII
)


def fold_text(text: str) -> str:
    """`text` as attributes with caseExact false are compared: NFC, then lower case, the final sigma as any other.

    The sigma makes folding independent of what follows, so that a prefix of a name folds to a prefix of the folded
    name; NFC comes again at the end because lower case can undo it.
    """
    return normalize("NFC", normalize("NFC", text).lower().replace("ς", "σ"))  # noqa: RUF001 (Greek is meant)


def fold_date_time(text: str) -> str | None:
    """An xsd:dateTime in UTC with six decimals, so that the order of texts is the order of time; None if it is none.

    Without a zone it is taken for UTC. Decimals beyond the sixth are cut off.
    """
    parts = _DATE_TIME.fullmatch(text.upper())
    if parts is None:
        return None
    leap = parts["second"] == "60"
    seconds = "59" if leap else parts["second"]
    try:
        moment = datetime.fromisoformat(
            f"{parts['minute']}:{seconds}{parts['fraction'] or ''}{(parts['zone'] or 'Z').replace('Z', '+00:00')}"
        )
        moment = (moment + timedelta(seconds=leap)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def comparable(attribute: Attribute, value: object) -> Value | None:
    """A single value of the attribute in the form in which it is compared; None if it does not fit the type.

    Values of resources and of filters go through here, so that both sides are folded alike. Binary values are compared
    as the text that was sent.
    """
    match attribute.type, value:
        case ((Type.STRING | Type.REFERENCE), str()):
            return value if attribute.case_exact else fold_text(value)
        case Type.BINARY, str():
            return value
        case Type.DATE_TIME, str():
            return fold_date_time(value)
        case Type.BOOLEAN, bool():
            return value
        case ((Type.INTEGER | Type.DECIMAL), (int() | float())) if not isinstance(value, bool):
            return _number(attribute, value)
    return None


def fold(document: Mapping[str, object], resource_type: ResourceType) -> Document:
    """The search document of a resource: what filters look at.

    Attribute names are lower-cased, extensions stand under their lower-cased URN, values are `comparable`, and
    multi-valued attributes are arrays. Left out are unassigned values (null and what is empty but text, RFC 7643 §2.5),
    values that do not fit their type, attributes of no schema, and what is never returned. `schemas` says which schemas
    have values here, whatever the document says: Entra sends extensions without naming them.
    """
    given = {key.lower(): value for key, value in document.items()}
    search = _fold_attributes(resource_type.attributes, given)
    used = [resource_type.schema.id]
    for extension in resource_type.extensions:
        folded = _fold_attributes(extension.attributes, _extension_values(given, extension, resource_type))
        if folded:
            search[extension.id.lower()] = folded
            used.append(extension.id)
    return search | {"schemas": used}


def fold_value(attribute: Attribute, value: object) -> object | None:
    """One value of the attribute, complex or not, as it stands in a search document; None if nothing of it does."""
    if attribute.type is not Type.COMPLEX:
        return comparable(attribute, value)
    if not isinstance(value, dict):
        return None
    return _fold_attributes(attribute.sub_attributes, {str(key).lower(): each for key, each in value.items()}) or None


def _fold_attributes(attributes: Iterable[Attribute], given: Document) -> Document:
    folded = {
        attribute.name.lower(): _fold_attribute(attribute, given.get(attribute.name.lower()))
        for attribute in attributes
        if attribute.returned is not Returned.NEVER
    }
    return {name: value for name, value in folded.items() if value is not None}


def _fold_attribute(attribute: Attribute, value: object) -> object | None:
    if not attribute.multi_valued:
        return fold_value(attribute, value)
    elements = value if isinstance(value, list) else [value]
    folded = (fold_value(attribute, element) for element in elements)
    return [element for element in folded if element is not None] or None


def _extension_values(given: Document, extension: Schema, resource_type: ResourceType) -> Document:
    values: Document = {}
    for urn, value in given.items():
        if isinstance(value, dict) and resource_type.schema_of(urn) is extension:
            values |= {str(key).lower(): each for key, each in value.items()}
    return values


def _number(attribute: Attribute, value: int | float) -> int | float | None:
    if attribute.type is Type.INTEGER:
        return int(value) if isinstance(value, int) or value.is_integer() else None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
