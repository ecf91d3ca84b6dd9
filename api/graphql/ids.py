"""Global ids (Relay) as the schema has them, see `api.provisioning.global_ids`.

Whoever makes one up learns nothing: what is in another organization and what never existed are answered alike.
"""

from __future__ import annotations

import uuid

import strawberry

from api.provisioning import global_ids
from api.provisioning.errors import NotFound
from api.provisioning.global_ids import Place, read

__all__ = ["Place", "must_be", "read", "within", "write"]


def write(type: str, organization: uuid.UUID, id: uuid.UUID) -> strawberry.ID:
    """The global id of something in an organization; an organization itself has its own id twice."""
    return strawberry.ID(global_ids.write(type, organization, id))


def must_be(text: str, type: str) -> Place:
    """What the global id of a type says; raises NotFound for any other text."""
    place = read(text)
    if place is None or place.type != type:
        raise NotFound(f"There is no such {_in_words(type)}.")
    return place


def within(organization: uuid.UUID, text: str, type: str) -> uuid.UUID:
    """The id in an organization that a global id of a type says; raises NotFound, also for other organizations' ids."""
    place = must_be(text, type)
    if place.organization != organization:
        raise NotFound(f"There is no such {_in_words(type)}.")
    return place.id


def _in_words(type: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in type).strip()
