"""URNs from before the standard, read as those of the standard."""

from __future__ import annotations

import re
from typing import TypeAlias

from ..language.definitions import ENTERPRISE_URN
from ..language.schemas import Document, ResourceType

Notes: TypeAlias = dict[str, None]
"""What was put right, each sentence once, in order."""

_OLD_CORE = ("urn:scim:schemas:core:1.0", "urn:scim:schemas:core:2.0")
_OLD_ENTERPRISE = (
    "urn:scim:schemas:extension:enterprise:1.0",
    "urn:scim:schemas:extension:enterprise:2.0",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0user",
)
_OLD_URN = re.compile(
    f"(?:(?P<core>{'|'.join(map(re.escape, _OLD_CORE))})|(?:{'|'.join(map(re.escape, _OLD_ENTERPRISE))}))"
    r"(?::(?:user|group))?(?P<rest>:.*)?",
    re.IGNORECASE | re.DOTALL,
)


def ietf_names(body: Document, resource_type: ResourceType, notes: Notes) -> Document:
    """URNs from before the standard, and one that Microsoft misspelled, become those of the standard.

    OneLogin's templates have `urn:scim:schemas:core:1.0` and its traffic `:2.0`, Google sends both generations
    (google/suspend-and-restore), Entra's old connector leaves a colon out of `enterprise:2.0User`.
    """
    renamed: Document = {}
    for key, value in body.items():
        if key.lower() == "schemas" and isinstance(value, list):
            renamed[key] = [ietf_urn(urn, resource_type, notes) if isinstance(urn, str) else urn for urn in value]
            continue
        name = ietf_urn(key, resource_type, notes)
        earlier = renamed.get(name)
        renamed[name] = {**earlier, **value} if isinstance(earlier, dict) and isinstance(value, dict) else value
    return renamed


def ietf_urn(text: str, resource_type: ResourceType, notes: Notes) -> str:
    """A URN, or a path that begins with one, with the URN of the standard."""
    old = _OLD_URN.fullmatch(text) if text[:4].lower() == "urn:" else None
    if old is None:
        return text
    urn = resource_type.schema.id if old["core"] else ENTERPRISE_URN
    notes[f"An outdated or misspelled URN was read as {urn}."] = None
    return urn + (old["rest"] or "")
