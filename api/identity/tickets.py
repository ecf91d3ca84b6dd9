"""One-time tickets: from an answer that came without cookies to the browser that comes for it.

An identity provider has the browser post to us from its own page, and then no cookie of ours comes along
(SameSite=Lax). So what it says is put aside, the browser is sent to a page of ours with a ticket, and there its cookies
tell whether it is the one that went away.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from api.provisioning import clock
from api.provisioning.key_text import digest
from db.ids import OrganizationId
from db.queries import sso_tickets as rows
from db.sso_rows import ConnectionRow, TicketRow
from db.transaction import transaction

from .landing import Word, must_be_unchanged

LIVES = timedelta(seconds=60)
"""As long as a browser takes to follow a redirect."""

WAITS = timedelta(minutes=10)
"""As long as somebody may think about whether they want to sign in."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """What somebody came by: its id, and until when it could come again."""

    id: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """Of whom a provider has spoken, and where their browser goes; `browser_hash` is None where it may be any."""

    word: Word
    return_to: str
    browser_hash: bytes | None

    def is_of(self, browser: str | None) -> bool:
        """Whether a browser, by the secret in its cookie, is the one that this is for."""
        return bool(browser and self.browser_hash and hmac.compare_digest(self.browser_hash, digest(browser)))


async def issue(connection: ConnectionRow, assertion: Assertion, ticket: Ticket) -> str | None:
    """The token of a ticket for whoever an assertion speaks of, which is used up; None if it was before.

    Raises SignInRefused where the connection was changed since the assertion was judged.
    """
    organization = OrganizationId(connection.organization_id)

    async def work() -> str | None:
        await must_be_unchanged(connection)
        if not await rows.use_assertion(organization, connection.id, digest(assertion.id), assertion.ends_at):
            return None
        return await _add(connection, ticket, LIVES)

    return await transaction(work)


async def hold(connection: ConnectionRow, ticket: Ticket, browser: str) -> str:
    """The token of another ticket for the same, for one browser only, while somebody thinks about it."""
    held = replace(ticket, browser_hash=digest(browser))
    return await transaction(lambda: _add(connection, held, WAITS))


async def take(connection: ConnectionRow, token: str) -> Ticket | None:
    """What a ticket is for, which nobody can take again.

    None for one that was taken, has expired, is of another connection, or never was.
    """
    found = await rows.take(OrganizationId(connection.organization_id), digest(token))
    if found is None or found.connection_id != connection.id or found.expires_at <= clock.now():
        return None
    return Ticket(msgspec.json.decode(found.said, type=Word), found.return_to, found.browser_hash)


async def _add(connection: ConnectionRow, ticket: Ticket, lives: timedelta) -> str:
    token, organization = secrets.token_urlsafe(32), OrganizationId(connection.organization_id)
    row = TicketRow(
        organization_id=organization,
        connection_id=connection.id,
        browser_hash=ticket.browser_hash,
        return_to=ticket.return_to,
        said=msgspec.json.encode(ticket.word).decode(),
        expires_at=clock.now() + lives,
    )
    await rows.add(organization, digest(token), row)
    return token


async def forget() -> int:
    """Delete tickets that nobody came for, and assertions that nobody takes any more; how many. For the clock."""
    return await rows.forget(clock.now())
