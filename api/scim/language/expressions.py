"""Attribute paths and filters as frozen trees that print themselves (RFC 7644 §3.4.2.2, §3.5.2, §3.10)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from .schemas import Attribute, Schema

Value: TypeAlias = str | bool | int | float
"""What a filter may compare an attribute with; comparisons with null are presence tests."""


class Operator(StrEnum):
    """Comparison operators of RFC 7644 §3.4.2.2, table 3; `pr` is a node of its own."""

    EQ = "eq"
    NE = "ne"
    CO = "co"
    SW = "sw"
    EW = "ew"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"


@dataclass(frozen=True, slots=True, repr=False)
class Path:
    """What an attribute path addresses; prints as canonical text, with the URN before attributes of extensions only.

    `schema` is the extension, None for common and core attributes. `attribute` is None only for an extension's URN
    alone. Inside a value filter, `attribute` is the sub-attribute of the attribute before the bracket.
    """

    schema: Schema | None
    attribute: Attribute | None
    value_filter: Filter | None = None
    sub: Attribute | None = None

    def __str__(self) -> str:
        names = ([self.schema.id] if self.schema else []) + ([self.attribute.name] if self.attribute else [])
        selected = f"[{self.value_filter}]" if self.value_filter else ""
        return ":".join(names) + selected + (f".{self.sub.name}" if self.sub else "")

    def __repr__(self) -> str:
        return f"Path({str(self)!r})"  # attributes are too long to read in an error

    @property
    def leaf(self) -> Attribute:
        """The attribute or sub-attribute at the end of the path; raises ValueError for an extension's URN alone."""
        leaf = self.sub or self.attribute
        if leaf is None:
            raise ValueError("An extension's URN alone ends in no attribute.")
        return leaf


@dataclass(frozen=True, slots=True)
class Comparison:
    """`path operator value`; the path ends in an attribute that is not complex."""

    path: Path
    operator: Operator
    value: Value

    def __str__(self) -> str:
        return f"{self.path} {self.operator} {json.dumps(self.value, ensure_ascii=False)}"


@dataclass(frozen=True, slots=True)
class Present:
    """`path pr`: the attribute has a value that is not empty."""

    path: Path

    def __str__(self) -> str:
        return f"{self.path} pr"


@dataclass(frozen=True, slots=True)
class ValueFilter:
    """`path[filter]`: one and the same value of a multi-valued attribute satisfies the whole inner filter."""

    path: Path
    filter: Filter

    def __str__(self) -> str:
        return f"{self.path}[{self.filter}]"


@dataclass(frozen=True, slots=True)
class Not:
    """Whatever the inner filter does not match."""

    filter: Filter

    def __str__(self) -> str:
        return f"not ({self.filter})"


@dataclass(frozen=True, slots=True)
class And:
    """Whatever all terms match; two terms or more."""

    terms: tuple[Filter, ...]

    def __str__(self) -> str:
        return " and ".join(f"({term})" if isinstance(term, And | Or) else str(term) for term in self.terms)


@dataclass(frozen=True, slots=True)
class Or:
    """Whatever at least one term matches; two terms or more."""

    terms: tuple[Filter, ...]

    def __str__(self) -> str:
        return " or ".join(f"({term})" if isinstance(term, Or) else str(term) for term in self.terms)


Filter: TypeAlias = And | Or | Not | Comparison | Present | ValueFilter
