"""What tables of attributes show of a directory: what came, what is noted beside each, and which are kept."""

from __future__ import annotations

from typing import Any

from .visits import Visit


async def of_directory(visit: Visit, id: str) -> dict[str, Any]:
    """`received`, `notes` by the names of attributes, and the names of those that are `kept`; also for guests."""
    data = await visit.ask("setup_attributes", organization=visit.organization_id, id=id)
    found = data["node"]
    received, left_out = found["attributesReceived"], found["settings"]["leftOut"]
    return {
        "received": received,
        "notes": {each["attribute"]: each["note"] for each in data["organization"]["attributeNotes"]},
        "kept": [each["name"] for each in received["attributes"] if each["name"] not in left_out],
    }
