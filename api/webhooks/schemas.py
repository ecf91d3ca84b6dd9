"""The published schemas of events (JSON Schema 2020-12), made of the types that messages are encoded from. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

from . import payloads
from .event_types import TYPES


def of(type: str) -> dict[str, Any]:
    """What a message of a type is like, envelope and all."""
    data = msgspec.json.schema(payloads.OF[type])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:rollcall:event:{type}",
        "title": type,
        "description": TYPES[type],
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"const": type},
            "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
            "data": {"$ref": data["$ref"]},
        },
        "$defs": {name: _readable(each) for name, each in sorted(data["$defs"].items())},
    }


def files() -> dict[str, str]:
    """Every schema as a file, by its name."""
    return {f"{type}.json": _text(of(type)) for type in TYPES}


def _text(schema: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def _readable(definition: dict[str, Any]) -> dict[str, Any]:
    """Without what is said of an enum inside Rollcall, and what only Python calls so."""
    hidden = {"title"} | ({"description"} if "enum" in definition else set())
    return {name: value for name, value in definition.items() if name not in hidden}
