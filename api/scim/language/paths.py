"""Attribute paths: what `path` in PATCH, and names in `attributes` and `sortBy`, address (RFC 7644 §3.5.2, §3.10)."""

from __future__ import annotations

from .expressions import Path
from .parsing import Parser
from .scanning import Scanner
from .schemas import ResourceType

__all__ = ["Path", "parse"]


def parse(text: str, resource_type: ResourceType, *, tolerant: bool = False) -> Path:
    """The path that `text` writes, resolved against the resource type.

    `tolerant` also finds an extension's attribute by its bare name, as Entra sends `manager`, and reads value filters
    as `filters.parse` does. Raises InvalidPath; InvalidFilter or TooMany for a value filter (RFC 7644 §3.12, table 9).
    """
    return Parser(Scanner(text), resource_type, tolerant).whole_path()
