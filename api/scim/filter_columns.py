"""SQL conditions on one value: a column, an expression over columns, or a value inside of a JSON document.

Every text of a client becomes an argument. Conditions are NULL or false where there is no value.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from .language.filters import Operator, Value

_SIGNS = {Operator.EQ: "=", Operator.GT: ">", Operator.GE: ">=", Operator.LT: "<", Operator.LE: "<="}
_SOMETHING = """'$.** ? ((@.type() == "string" && @ != "") || @.type() == "number" || @.type() == "boolean")'"""
_LAST = 0x10FFFF


@dataclass(slots=True)
class Arguments:
    """The arguments of one statement, numbered from `first`, and the aliases its subqueries have taken."""

    first: int
    values: list[object] = field(default_factory=list)
    aliases: int = 0

    def add(self, value: object, type: str) -> str:
        """The placeholder of one more argument, cast to a PostgreSQL type."""
        self.values.append(value)
        return f"${self.first + len(self.values) - 1}::{type}"

    def alias(self) -> str:
        """A name that no other subquery of the statement has."""
        self.aliases += 1
        return f"e{self.aliases}"


class Column(Protocol):
    """Something with at most one value per row."""

    def compare(self, operator: Operator, value: Value, arguments: Arguments) -> str:
        """The condition that the value is there and the operator holds; `value` is folded, `ne` does not come here."""

    def present(self) -> str:
        """The condition that there is a value other than empty text."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text of collation "C", behind a prefix that is the same for every row."""

    sql: str
    prefix: str = ""

    def compare(self, operator: Operator, value: Value, arguments: Arguments) -> str:
        column = f"({arguments.add(self.prefix, 'text')} || {self.sql})" if self.prefix else self.sql
        wanted, text = str(value), arguments.add(value, "text")
        match operator:
            case Operator.CO:
                return f"strpos({column}, {text}) > 0"
            case Operator.EW:
                return f"right({column}, char_length({text})) = {text}"
            case Operator.SW:
                beyond = _beyond(wanted)
                upper = f' AND {column} < {arguments.add(beyond, "text")} COLLATE "C"' if beyond else ""
                return f'({column} >= {text} COLLATE "C"{upper})'
            case Operator.EQ:
                return f"{column} = {text}"
        return f'{column} {_SIGNS[operator]} {text} COLLATE "C"'

    def present(self) -> str:
        return f"{self.sql} <> ''"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A UUID that clients see as text, perhaps at the end of a URL."""

    sql: str
    prefix: str = ""

    def compare(self, operator: Operator, value: Value, arguments: Arguments) -> str:
        if operator is not Operator.EQ:
            return Text(f"{self.sql}::text", self.prefix).compare(operator, value, arguments)
        text = str(value)
        identifier = _uuid(text.removeprefix(self.prefix)) if text.startswith(self.prefix) else None
        return f"{self.sql} = {arguments.add(identifier, 'uuid')}" if identifier else "FALSE"

    def present(self) -> str:
        return f"{self.sql} IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Time:
    """A timestamptz."""

    sql: str

    def compare(self, operator: Operator, value: Value, arguments: Arguments) -> str:
        moment = arguments.add(datetime.fromisoformat(str(value)), "timestamptz")
        return f"{self.sql} {_SIGNS[operator]} {moment}"

    def present(self) -> str:
        return f"{self.sql} IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean."""

    sql: str

    def compare(self, operator: Operator, value: Value, arguments: Arguments) -> str:
        return f"{self.sql} {_SIGNS[operator]} {arguments.add(value, 'boolean')}"

    def present(self) -> str:
        return f"{self.sql} IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Json:
    """A value inside of a search document, as jsonb."""

    sql: str

    def compare(self, operator: Operator, value: Value, arguments: Arguments) -> str:
        if isinstance(value, str):
            return Text(f"({self.sql} #>> '{{}}')").compare(operator, value, arguments)
        condition = f"{self.sql} {_SIGNS[operator]} {arguments.add(json.dumps(value), 'jsonb')}"
        # jsonb orders values of different types by type, and a document may be older than its schema.
        return condition if operator is Operator.EQ else f"(jsonb_typeof({self.sql}) = 'number' AND {condition})"

    def present(self) -> str:
        return f"jsonb_path_exists({self.sql}, {_SOMETHING})"


def _beyond(prefix: str) -> str | None:
    """The smallest text after all that begin with `prefix`, in the order of code points; None if there is none."""
    stem = prefix.rstrip(chr(_LAST))
    if not stem:
        return None
    following = ord(stem[-1]) + 1
    return stem[:-1] + chr(0xE000 if following == 0xD800 else following)


def _uuid(text: str) -> UUID | None:
    """The UUID that is written exactly so; ids are compared with regard to case."""
    try:
        identifier = UUID(text)
    except ValueError:
        return None
    return identifier if str(identifier) == text else None
