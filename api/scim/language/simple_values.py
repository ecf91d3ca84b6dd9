"""Values that are not complex: text, booleans, numbers, times, base64 and references (RFC 7643 §2.3)."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable

import msgspec

from .definitions import SEAT_TYPES
from .errors import InvalidSyntax, InvalidValue
from .folding import fold_date_time
from .scanning import shown
from .schemas import Attribute, Type, Uniqueness

MAX_DEPTH = 20
"""How deep a body may nest; SCIM itself needs five levels."""

MAX_TEXT = 262_144
"""Characters that one text may have, enough for a photo or certificate written out."""

MAX_NAME = 500
"""Characters of a text by which resources are looked up: `userName`, `displayName` of groups, `externalId`."""

_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_WHITE_SPACE = re.compile(r"[ \t\r\n]+")
_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
_INTEGERS = 2**63
_BOOLEANS = {"true": True, "false": False}
_EXPECTED = {
    Type.STRING: "text",
    Type.REFERENCE: "a URI as text",
    Type.BOOLEAN: "true or false",
    Type.INTEGER: "a whole number of at most 64 bits",
    Type.DECIMAL: "a number",
    Type.DATE_TIME: "a time such as 2026-01-31T08:00:00Z as text",
    Type.BINARY: "base64 as text",
    Type.COMPLEX: "an object",
}


def screen(value: object, where: str = "") -> None:
    """Raises InvalidValue for text that cannot be stored or is too long, InvalidSyntax for nesting beyond MAX_DEPTH."""
    if _is_plain(value):
        return
    stack = [(where, value, 0)]
    while stack:
        name, item, depth = stack.pop()
        if isinstance(item, str):
            _screen_text(name, item)
        elif isinstance(item, list | dict):
            if depth == MAX_DEPTH:
                raise InvalidSyntax(f"The body nests deeper than {MAX_DEPTH} levels.")
            if isinstance(item, list):
                stack.extend((name, each, depth + 1) for each in item)
            else:
                for key, each in item.items():
                    _screen_text(name, key)
                    stack.append((f"{name}.{key}" if name else key, each, depth + 1))


def _is_plain(value: object) -> bool:
    """Whether one look at the value as JSON shows that nothing can be wrong with it, as with nearly every resource."""
    try:
        text = msgspec.json.encode(value)
    except (ValueError, OverflowError, TypeError, RecursionError):
        return False
    openings = text.count(b"{") + text.count(b"[")
    return len(text) <= MAX_TEXT and openings <= MAX_DEPTH and rb"\u0000" not in text


def read(
    attribute: Attribute, value: object, where: str, *, tolerant: bool, repair: Callable[[str], None]
) -> object | None:
    """The value as it is kept, None when it is unassigned; raises InvalidValue naming `where` and what was expected.

    `tolerant` takes `"True"` and `"False"` in any case for booleans, text for numbers, numbers for text, empty text as
    unassigned where the type is not text, and line breaks in base64; `repair` is told.
    """
    if attribute.canonical_values == SEAT_TYPES:
        return _seat_type(value, where)
    kind = attribute.type
    if (kind is Type.STRING and type(value) is str) or _fits(kind, value):
        return _of_sane_length(attribute, value, where)
    if not tolerant:
        raise _unexpected(attribute, value, where)
    if value == "":
        repair(f"`{where}` was empty text; it was taken for unassigned.")
        return None
    repaired = _repaired(attribute.type, value)
    if repaired is None or not _fits(attribute.type, repaired):
        raise _unexpected(attribute, value, where)
    repair(f"`{where}` was {described(value)}; it was read as {json.dumps(repaired)[:60]}.")
    return _of_sane_length(attribute, repaired, where)


def described(value: object) -> str:
    """`value` as error messages mention it."""
    match value:
        case None:
            return "null"
        case int() if not -_INTEGERS <= value < _INTEGERS:
            return "a number of more than 64 bits"
        case bool() | int() | float():
            return f"`{json.dumps(value)}`"
        case str():
            return f"the text {shown(value)}"
        case list():
            return "an array"
    return "an object"


def _screen_text(where: str, text: str) -> None:
    if len(text) > MAX_TEXT:
        raise InvalidValue(f"{shown(where)} has {len(text)} characters; at most {MAX_TEXT} are kept.")
    if "\0" in text:
        raise InvalidValue(f"{shown(where)} contains the character U+0000, which cannot be stored.")
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidValue(f"{shown(where)} contains half of a surrogate pair, which cannot be stored.") from None


def _fits(type: Type, value: object) -> bool:
    match type, value:
        case ((Type.STRING | Type.REFERENCE), str()):
            return True
        case Type.BOOLEAN, bool():
            return True
        case ((Type.INTEGER | Type.DECIMAL), bool()):
            return False
        case Type.INTEGER, int():
            return -_INTEGERS <= value < _INTEGERS
        case Type.DECIMAL, int():
            return abs(value) <= sys.float_info.max
        case Type.DECIMAL, float():
            return math.isfinite(value)
        case Type.DATE_TIME, str():
            return fold_date_time(value) is not None
        case Type.BINARY, str():
            return _is_base64(value)
    return False


def _is_base64(text: str) -> bool:
    """Whether `text` is base64 of RFC 4648 §4, whose padding may be left out (RFC 7643 §2.3.6)."""
    if not _BASE64.fullmatch(text):
        return False
    return len(text) % 4 == 0 if text.endswith("=") else len(text) % 4 != 1


def _repaired(type: Type, value: object) -> object | None:
    match type, value:
        case Type.BOOLEAN, str():
            # Entra sends "True" and "False"; see the recorded exchange entra/disable-enable-string-boolean.
            return _BOOLEANS.get(value.strip().lower())
        case ((Type.STRING | Type.REFERENCE), (int() | float())) if -_INTEGERS <= value < _INTEGERS:
            return json.dumps(value)
        case ((Type.INTEGER | Type.DECIMAL), str()) if _WHOLE.fullmatch(value.strip()):
            # Entra's custom attributes are always text.
            return int(value)
        case Type.DECIMAL, str():
            return _float(value)
        case Type.INTEGER, float() if value.is_integer():
            return int(value)
        case Type.BINARY, str():
            return _WHITE_SPACE.sub("", value)
    return None


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _seat_type(value: object, where: str) -> str | None:
    wanted = value.strip().lower() if isinstance(value, str) else value
    if wanted == "":
        return None
    if isinstance(wanted, str) and wanted in SEAT_TYPES:
        return wanted
    hint = " Guest seats are called `free`." if wanted in ("guest", "guests") else ""
    raise InvalidValue(f"`{where}` must be `full`, `lite` or `free`, not {described(value)}.{hint}")


def _of_sane_length(attribute: Attribute, value: object, where: str) -> object:
    if not isinstance(value, str) or len(value) <= MAX_NAME:
        return value
    if attribute.uniqueness is not Uniqueness.NONE or attribute.name == "externalId":
        raise InvalidValue(f"`{where}` has {len(value)} characters; at most {MAX_NAME} are allowed.")
    return value


def _unexpected(attribute: Attribute, value: object, where: str) -> InvalidValue:
    return InvalidValue(f"`{where}` must be {_EXPECTED[attribute.type]}, not {described(value)}.")
