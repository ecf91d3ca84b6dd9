"""Letting requests in by the bearer key of a directory (RFC 6750)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from api.provisioning import clock
from api.provisioning.key_text import digest_of_well_formed
from api.provisioning.key_use import note_use
from db.queries import platform
from db.rows import KeyRow

_USE_IS_NOTED_EVERY = timedelta(minutes=5)


class KeyProblem(StrEnum):
    """Why a request is not let in; the text is for the administrator who reads it in the IdP (REQUIREMENTS R143)."""

    MISSING = "No key was sent. Send the directory's key as `Authorization: Bearer rc_scim_…`."
    NOT_BEARER = "The Authorization header must be `Bearer`, a space, and the directory's key."
    UNREADABLE = "This is no key of Rollcall, or not all of it. Keys begin with rc_scim_; copy the whole key again."
    UNKNOWN = "The key is not known here. Check that it was copied for this server, or make a new one."
    EXPIRED = "The key has expired. Make a new one and put it into the identity provider."
    REVOKED = "The key has been revoked. Put the current key into the identity provider."


def bearer(header: str | None) -> str | KeyProblem:
    """The key in an Authorization header, whose scheme is compared without case (RFC 6750 §2.1)."""
    if not header:
        return KeyProblem.MISSING
    scheme, _, key = header.strip().partition(" ")
    if scheme.lower() != "bearer":
        return KeyProblem.NOT_BEARER
    return key.strip() or KeyProblem.MISSING


async def authenticate(header: str | None) -> tuple[KeyRow | None, KeyProblem | None]:
    """The key behind an Authorization header, and what is wrong with it if it does not let the request in.

    An expired or revoked key comes with its problem, so that the refusal can be recorded where it belongs.
    """
    key = bearer(header)
    if isinstance(key, KeyProblem):
        return None, key
    digest = digest_of_well_formed(key)
    if digest is None:
        return None, KeyProblem.UNREADABLE
    found = await platform.directory_key(digest)
    if found is None:
        return None, KeyProblem.UNKNOWN
    now = clock.now()
    if found.revoked_at is not None and found.revoked_at <= now:
        return found, KeyProblem.REVOKED
    if found.expires_at is not None and found.expires_at <= now:
        return found, KeyProblem.EXPIRED
    _note_use(found, now)
    return found, None


def _note_use(key: KeyRow, now: datetime) -> None:
    if key.id is not None and (key.last_used_at is None or now - key.last_used_at > _USE_IS_NOTED_EVERY):
        note_use(key.organization_id, key.id, now)
