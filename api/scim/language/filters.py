"""Filters: which resources, or which values of an attribute, are meant (RFC 7644 §3.4.2.2)."""

from __future__ import annotations

from .expressions import And, Comparison, Filter, Not, Operator, Or, Path, Present, Value, ValueFilter
from .parsing import MAX_COMPARISONS, MAX_DEPTH, MAX_LENGTH, Parser
from .scanning import Scanner
from .schemas import ResourceType

__all__ = [
    "MAX_COMPARISONS",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "And",
    "Comparison",
    "Filter",
    "Not",
    "Operator",
    "Or",
    "Path",
    "Present",
    "Value",
    "ValueFilter",
    "parse",
]


def parse(text: str, resource_type: ResourceType, *, tolerant: bool = False) -> Filter:
    """The filter that `text` writes, its names resolved and its values checked against the resource type.

    `x eq null` reads as `not (x pr)`, `x ne null` as `x pr`; a complex attribute with a `value` is compared by it.
    `tolerant` also takes what identity providers send: literals without quotation marks up to a space, `)` or `]`;
    `emails[type eq "work"].value eq "x"`; booleans as text; `not` without parentheses; attributes of extensions by
    their bare name. Raises InvalidFilter, or TooMany beyond MAX_LENGTH, MAX_DEPTH or MAX_COMPARISONS.
    """
    return Parser(Scanner(text), resource_type, tolerant).whole_filter()
