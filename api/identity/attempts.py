"""Sign-ins at an identity provider: begun by a browser, which may come back once, within ten minutes.

What comes back belongs to the browser that went, or somebody could be signed in as another (login CSRF).
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from api.provisioning import clock
from api.provisioning.key_text import digest
from db.ids import OrganizationId
from db.queries import sso_attempts as rows
from db.sso_rows import AttemptRow, ConnectionRow

LIVES = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Started:
    """A sign-in that begins: what the provider gives back, what the ID token repeats, and what only we know."""

    state: str
    nonce: str
    verifier: str


async def begin(connection: ConnectionRow, browser: str, return_to: str, *, request_id: str | None = None) -> Started:
    """Begin a sign-in for a browser, which has the secret `browser` in a cookie.

    `return_to` is a path that was found to be local, `request_id` the id of SAML's request.
    """
    started = Started(*(secrets.token_urlsafe(32) for _ in range(3)))
    at = clock.now()
    row = AttemptRow(
        organization_id=connection.organization_id,
        connection_id=connection.id,
        browser_hash=digest(browser),
        nonce=started.nonce,
        verifier=started.verifier,
        request_id=request_id,
        return_to=return_to,
        created_at=at,
        expires_at=at + LIVES,
    )
    await rows.add(OrganizationId(connection.organization_id), digest(started.state), row)
    return started


async def take(connection: ConnectionRow, state: str, browser: str) -> AttemptRow | None:
    """The sign-in of a state, which nobody can take again.

    None for one that was taken, has expired, began with another connection or in another browser, or never was.
    """
    found = await take_from_anybody(connection, state)
    return found if found is not None and is_of(found, browser) else None


async def take_from_anybody(connection: ConnectionRow, state: str) -> AttemptRow | None:
    """The same, whichever browser it is: for SAML, whose answers come without cookies. `is_of` has to be asked then."""
    found = await rows.take(OrganizationId(connection.organization_id), digest(state))
    if found is None or found.connection_id != connection.id or found.expires_at <= clock.now():
        return None
    return found


def is_of(attempt: AttemptRow, browser: str) -> bool:
    """Whether a browser, by the secret in its cookie, is the one that began the sign-in."""
    return hmac.compare_digest(attempt.browser_hash, digest(browser))


async def forget() -> int:
    """Delete sign-ins that never came back; how many. For the clock."""
    return await rows.forget(clock.now())
