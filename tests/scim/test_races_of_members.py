"""Members who come, go, are deleted and arrive at the same time: nobody is lost and nobody dangles."""

from __future__ import annotations

from .conversation import Json


def _adding(id: str) -> Json:
    return {"op": "add", "path": "members", "value": [{"value": id}]}
