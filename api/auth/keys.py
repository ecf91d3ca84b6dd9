"""Letting requests in by the key of a directory, or by an access token of one of its OAuth clients (RFC 6750)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from api.provisioning import clock
from api.provisioning.key_text import ACCESS_PREFIX, PREFIX, digest_of_well_formed
from api.provisioning.key_use import note_client_use, note_use
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
    CUT_TOKEN = "This is no access token of Rollcall, or not all of it. Access tokens begin with rc_at_; get a new one."
    UNKNOWN_TOKEN = "The access token is not known here, or ended long ago. Get a new one from the token endpoint."
    EXPIRED_TOKEN = "The access token has expired. Get a new one from the token endpoint."
    REVOKED_TOKEN = "The client of this access token, or its secret, has been revoked. Use a client that lives."

    @property
    def is_about_a_key(self) -> bool:
        """Whether a key or token was sent, and is no good (RFC 6750 §3.1)."""
        return self not in (KeyProblem.MISSING, KeyProblem.NOT_BEARER)


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

    An expired or revoked key comes with its problem, so that the refusal can be recorded where it belongs. For an
    access token it is the key that the token stands for.
    """
    key = bearer(header)
    if isinstance(key, KeyProblem):
        return None, key
    is_token = key.startswith(ACCESS_PREFIX)
    digest = digest_of_well_formed(key, ACCESS_PREFIX if is_token else PREFIX)
    if digest is None:
        return None, KeyProblem.CUT_TOKEN if is_token else KeyProblem.UNREADABLE
    found = await (platform.access_token(digest) if is_token else platform.directory_key(digest))
    if found is None:
        return None, KeyProblem.UNKNOWN_TOKEN if is_token else KeyProblem.UNKNOWN
    now = clock.now()
    if found.revoked_at is not None and found.revoked_at <= now:
        return found, KeyProblem.REVOKED_TOKEN if is_token else KeyProblem.REVOKED
    if found.expires_at is not None and found.expires_at <= now:
        return found, KeyProblem.EXPIRED_TOKEN if is_token else KeyProblem.EXPIRED
    _note_use(found, now)
    return found, None


def _note_use(key: KeyRow, now: datetime) -> None:
    if key.last_used_at is not None and now - key.last_used_at <= _USE_IS_NOTED_EVERY:
        return
    if key.client_id is not None:
        note_client_use(key.organization_id, key.client_id, now)
    elif key.id is not None:
        note_use(key.organization_id, key.id, now)
