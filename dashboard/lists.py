"""Lists: which part of a Relay connection an address asks for, and what else stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from litestar import Request

PAGE = 50


def span(request: Request[Any, Any, Any], size: int = PAGE) -> dict[str, Any]:
    """The variables `first` and `after`, or `last` and `before`, of a connection."""
    return span_of(request.query_params, size)


def span_of(given: Mapping[str, str], size: int = PAGE) -> dict[str, Any]:
    """The same for what stood in the address of a list."""
    if before := given.get("before"):
        return {"last": size, "before": before, "first": None, "after": None}
    return {"first": size, "after": given.get("after") or None, "last": None, "before": None}


def query(values: Mapping[str, str | Sequence[str] | None]) -> str:
    """The query of an address with what is not empty."""
    kept = [(name, value) for name, value in values.items() if value]
    return urlencode(kept, doseq=True)


def is_day(text: str) -> bool:
    """Whether a text is a day as browsers send it, such as 2026-11-26."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
