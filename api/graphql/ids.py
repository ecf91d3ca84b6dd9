"""Global ids (Relay): an opaque text of type, organization and id, so that nobody is asked where a thing belongs.

Whoever makes one up learns nothing: what is in another organization and what never existed are answered alike.
"""

from __future__ import annotations

import base64
import binascii
import uuid
from dataclasses import dataclass

import strawberry

from api.provisioning.errors import NotFound

_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Place:
    """What a global id says: the type of a thing, its organization, and its id there."""

    type: str
    organization: uuid.UUID
    id: uuid.UUID


def write(type: str, organization: uuid.UUID, id: uuid.UUID) -> strawberry.ID:
    """The global id of something in an organization; an organization itself has its own id twice."""
    return strawberry.ID(base64.b64encode(f"{type}:{organization.hex}{id.hex}".encode()).decode())


def read(text: str) -> Place | None:
    """What a global id says, or None for a text that is none."""
    try:
        type, _, rest = base64.b64decode(text, validate=True).decode("ascii").partition(":")
        if len(rest) != 2 * _LENGTH:
            return None
        return Place(type, uuid.UUID(rest[:_LENGTH]), uuid.UUID(rest[_LENGTH:]))
    except (binascii.Error, ValueError):
        return None


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
