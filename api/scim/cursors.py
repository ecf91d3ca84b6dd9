"""Cursors: where the next page begins, as an opaque text that belongs to one query (RFC 9865)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import uuid

import msgspec

from api.provisioning.listing import After

from .language.errors import ScimError


class InvalidCursor(ScimError):
    """The cursor is none of ours, or belongs to another query (RFC 9865 §2.1)."""

    scim_type = "invalidCursor"


class _Place(msgspec.Struct, array_like=True):
    query: str
    id: uuid.UUID
    key: str | float | None = None


def write(after: After, query: str) -> str:
    """The cursor that continues a query behind a row; `query` is what has to be the same on every page."""
    key = after.key if isinstance(after.key, str | float | None) else float(str(after.key))
    place = _Place(_digest(query), uuid.UUID(str(after.id)), key)
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def read(cursor: str, query: str) -> After:
    """Where a cursor continues; raises InvalidCursor."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        place = msgspec.json.decode(base64.urlsafe_b64decode(padded), type=_Place)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise InvalidCursor("The cursor is not one that this server gave; start again without it.") from error
    if place.query != _digest(query):
        raise InvalidCursor("The cursor belongs to a query with another filter or order; start again without it.")
    return After(place.key, place.id)


def _digest(query: str) -> str:
    return hashlib.sha256(query.encode("utf-8", "replace")).hexdigest()[:12]
