"""What attributes may be compared with: which operators a type has, and which values fit it (RFC 7644 §3.4.2.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import InvalidFilter
from .expressions import Operator, Value
from .folding import comparable
from .scanning import Scanner, shown
from .schemas import Attribute, Type

_EQUALITY = frozenset({Operator.EQ, Operator.NE})
_ORDER = _EQUALITY | {Operator.GT, Operator.GE, Operator.LT, Operator.LE}
_OPERATORS = {
    Type.STRING: frozenset(Operator),
    Type.REFERENCE: frozenset(Operator),
    Type.BOOLEAN: _EQUALITY,
    Type.BINARY: _EQUALITY,
    Type.INTEGER: _ORDER,
    Type.DECIMAL: _ORDER,
    Type.DATE_TIME: _ORDER,
}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<decimal>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)")
_BOOLEANS = {"true": True, "false": False}
_EXPECTED = {
    Type.STRING: 'text in quotation marks, such as "x"',
    Type.REFERENCE: 'a URI in quotation marks, such as "https://example.com/x"',
    Type.BINARY: 'base64 in quotation marks, such as "eA=="',
    Type.BOOLEAN: "true or false",
    Type.INTEGER: "a whole number",
    Type.DECIMAL: "a number",
    Type.DATE_TIME: 'a time in quotation marks, such as "2026-01-31T08:00:00Z"',
}


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal as written: `text` inside the quotation marks if there are any."""

    text: str
    quoted: bool

    def is_null(self, *, tolerant: bool) -> bool:
        """Whether it is JSON's null; `tolerant` in any case."""
        return not self.quoted and (self.text.lower() if tolerant else self.text) == "null"


def operators_of(attribute: Attribute) -> frozenset[Operator]:
    """The operators that may compare the attribute; none for a complex one."""
    return _OPERATORS.get(attribute.type, frozenset())


def read(scanner: Scanner) -> Literal:
    """The literal that comes next; raises InvalidFilter when there is none."""
    if scanner.peek() == '"':
        return Literal(scanner.string(), quoted=True)
    bare = scanner.bare()
    if not bare:
        raise InvalidFilter(f"A value to compare with is missing before {scanner.rest()}.")
    return Literal(bare, quoted=False)


def fit(literal: Literal, attribute: Attribute, operator: Operator, *, tolerant: bool) -> Value:
    """The value that the literal has for the attribute; raises InvalidFilter if the two, or the operator, do not fit.

    `tolerant` takes any bare word for text, `TRUE` for true, and `"True"` for true where the attribute is a boolean.
    """
    if operator not in operators_of(attribute):
        raise InvalidFilter(f"`{attribute.name}` is of type {attribute.type} and cannot be compared with `{operator}`.")
    if "\0" in literal.text:
        raise InvalidFilter("No value contains the character U+0000.")
    value = _value(literal, attribute.type, tolerant=tolerant)
    if value is None or comparable(attribute, value) is None:
        raise InvalidFilter(
            f"`{attribute.name}` is of type {attribute.type} and is compared with {_EXPECTED[attribute.type]}, "
            f"not {shown(literal.text)}."
        )
    return value


def _value(literal: Literal, type: Type, *, tolerant: bool) -> Value | None:
    match type:
        case Type.BOOLEAN:
            written = literal.text.strip().lower() if tolerant else literal.text
            return _BOOLEANS.get(written) if tolerant or not literal.quoted else None
        case Type.INTEGER | Type.DECIMAL:
            return None if literal.quoted else _number(literal.text)
    return literal.text if literal.quoted or tolerant else None


def _number(text: str) -> int | float | None:
    number = _NUMBER.fullmatch(text)
    if number is None:
        return None
    return float(text) if number["decimal"] else int(text)
