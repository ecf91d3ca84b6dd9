"""The form in which values are compared, and resources kept for searching (RFC 7643 §2.2, §2.3, §2.5)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from unicodedata import normalize

from .expressions import Value
from .schemas import Attribute, Document, ResourceType, Returned, Type

_DATE_TIME = re.compile(
    r"(?P<minute>\d{4}-\d\d-\d\dT\d\d:\d\d):(?P<second>\d\d)(?P<fraction>\.\d+)?(?P<zone>Z|[+-]\d\d:\d\d)?", re.ASCII
)


def fold_text(text: str) -> str:
    """`text` as attributes with caseExact false are compared: NFC, then lower case, the final sigma as any other.

    The sigma makes folding independent of what follows, so that a prefix of a name folds to a prefix of the folded
    name; NFC comes again at the end because lower case can undo it.
    """
    if text.isascii():
        return text.lower()
    return normalize("NFC", normalize("NFC", text).lower().replace("ς", "σ"))


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
    kind = attribute.type
    if isinstance(value, str):
        if kind in (Type.STRING, Type.REFERENCE):
            return value if attribute.case_exact else fold_text(value)
        if kind is Type.DATE_TIME:
            return fold_date_time(value)
        return value if kind is Type.BINARY else None
    if isinstance(value, bool):
        return value if kind is Type.BOOLEAN else None
    if isinstance(value, int | float) and kind in (Type.INTEGER, Type.DECIMAL):
        return _number(attribute, value)
    return None


def fold(document: Mapping[str, object], resource_type: ResourceType) -> Document:
    """The search document of a resource: what filters look at.

    Attribute names are lower-cased, extensions stand under their lower-cased URN, values are `comparable`, and
    multi-valued attributes are arrays. Left out are unassigned values (null and what is empty but text, RFC 7643 §2.5),
    values that do not fit their type, attributes of no schema, and what is never returned. `schemas` says which schemas
    have values here, whatever the document says: Entra sends extensions without naming them.
    """
    search = _fold_attributes(document, resource_type.attribute)
    extensions: dict[str, Document] = {}
    for name, values in document.items():
        extension = resource_type.schema_of(name) if isinstance(values, dict) else None
        if extension is not None and extension is not resource_type.schema:
            assert isinstance(values, dict)
            extensions.setdefault(extension.id, {}).update(_fold_attributes(values, extension.attribute))
    used = [extension.id for extension in resource_type.extensions if extensions.get(extension.id)]
    search |= {urn.lower(): extensions[urn] for urn in used}
    return search | {"schemas": [resource_type.schema.id, *used]}


def fold_value(attribute: Attribute, value: object) -> object | None:
    """One value of the attribute, complex or not, as it stands in a search document; None if nothing of it does."""
    if attribute.type is not Type.COMPLEX:
        return comparable(attribute, value)
    if not isinstance(value, dict):
        return None
    return _fold_attributes(value, attribute.sub) or None


def _fold_attributes(given: Mapping[str, object], find: Callable[[str], Attribute | None]) -> Document:
    folded: Document = {}
    for name, value in given.items():
        attribute = find(name)
        if attribute is None or value is None:
            continue
        if attribute.is_compared_without_case and isinstance(value, str):
            folded[attribute.key] = fold_text(value)
        elif attribute.returned is not Returned.NEVER and (kept := _fold_attribute(attribute, value)) is not None:
            folded[attribute.key] = kept
    return folded


def _fold_attribute(attribute: Attribute, value: object) -> object | None:
    if not attribute.multi_valued:
        return fold_value(attribute, value)
    elements = value if isinstance(value, list) else [value]
    folded = (fold_value(attribute, element) for element in elements)
    return [element for element in folded if element is not None] or None


def _number(attribute: Attribute, value: int | float) -> int | float | None:
    if attribute.type is Type.INTEGER:
        return int(value) if isinstance(value, int) or value.is_integer() else None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
