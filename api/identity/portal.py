"""Portal links: somebody without an account sets up one thing for one organization (REQUIREMENTS R025, R046, R047).

A link is used up by the first who presses its button; what begins then is a session of an hour, which can be extended
up to twelve, so more than ten times (WCAG 2.2.1). The session may do what its purpose needs, in its organization, and
nothing else.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from api.provisioning import addresses, clock, notices
from api.provisioning.actor import Actor, ActorKind, Right
from api.provisioning.caller import Caller
from api.provisioning.errors import BadSetting, NotFound
from api.provisioning.history import remember
from api.provisioning.key_text import digest
from db.enums import PortalPurpose
from db.ids import OrganizationId, new_id
from db.portal_rows import PortalLinkRow
from db.queries import platform
from db.queries import portal_links as rows
from db.transaction import transaction

from .problems import LinkOver

LIVES = timedelta(minutes=5)
LIVES_AT_MOST = timedelta(days=7)
SESSION = timedelta(hours=1)
SESSION_AT_MOST = timedelta(hours=12)
_KEPT = timedelta(days=30)
_LISTED = 50

RIGHTS: Mapping[PortalPurpose, frozenset[Right]] = {
    PortalPurpose.PROVISIONING: frozenset({Right.PROVE_DOMAINS, Right.SET_UP}),
    PortalPurpose.DOMAINS: frozenset({Right.PROVE_DOMAINS}),
}
"""What each purpose needs, and no more of what whoever manages the organization may do."""

_OVER = "It was used already, or its time is over. Ask whoever sent it to you for a new link."


class PortalState(StrEnum):
    """Whether a link can still be used, or somebody is here by it."""

    OPEN = "OPEN"
    IN_USE = "IN_USE"
    OVER = "OVER"


@dataclass(frozen=True, slots=True)
class Made:
    """A new link; its token is shown here and never again."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that a link began, and the token by which the browser shows that it is its own."""

    link: PortalLinkRow
    token: str


async def create(actor: Actor, purpose: PortalPurpose, *, email: str | None = None, lives: timedelta = LIVES) -> Made:
    """A link that can be used once, sent by mail where an address is given.

    Raises BadSetting for a life that is too short or too long, BadAddress, and CannotSeal where mails cannot have
    secrets.
    """
    actor.must(Right.ORGANIZATION_MANAGE)
    if not timedelta(minutes=1) <= lives <= LIVES_AT_MOST:
        raise BadSetting("A portal link lives from one minute to seven days.")
    to = addresses.read(email).email if email else None
    at, id, token = clock.now(), new_id(), secrets.token_urlsafe(32)
    until = at + lives

    async def work() -> None:
        await rows.add(
            actor.organization,
            id,
            purpose=purpose,
            digest=digest(token),
            email=to,
            by=actor.who,
            at=at,
            until=until,
        )
        if to is not None:
            await notices.portal_link(actor.organization, to, token, by=actor.who, at=at, until=until)
        after = {"purpose": purpose, "email": to, "expires_at": until}
        await remember(actor, at, "portal_link_created", "portal_link", id, after=after)

    await transaction(work)
    return Made(token, until)


async def look(token: str) -> PortalLinkRow:
    """A link by its token, of which nothing is used up, since programs look through mails; raises LinkOver."""
    found = await platform.portal_link(digest(token))
    link = await rows.find(*found) if found else None
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        raise LinkOver(_OVER)
    return link


async def enter(token: str) -> Begun:
    """Use a link up, and begin its session; raises LinkOver."""
    link = await look(token)
    organization, at, session = OrganizationId(link.organization_id), clock.now(), secrets.token_urlsafe(32)

    async def work() -> None:
        if not await rows.use(organization, link.id, session=digest(session), at=at, ends_at=at + SESSION):
            raise LinkOver(_OVER)
        actor = caller(link).within(organization)
        await remember(actor, at, "portal_link_used", "portal_link", link.id, after={"ends_at": at + SESSION})

    await transaction(work)
    there = await rows.find(organization, link.id)
    assert there is not None
    return Begun(there, session)


async def resume(session: str) -> PortalLinkRow | None:
    """The link whose session has this token, None for one that has ended or never was."""
    found = await platform.portal_session(digest(session))
    link = await rows.find(*found) if found else None
    return link if link is not None and link.session_ends_at and link.session_ends_at > clock.now() else None


async def extend(link: PortalLinkRow) -> datetime:
    """Let a session end in an hour from now, but not later than twelve hours after it began; when it ends.

    Raises LinkOver for one that has ended.
    """
    assert link.used_at is not None
    at = clock.now()
    ends_at = min(at + SESSION, link.used_at + SESSION_AT_MOST)
    if not await rows.end_session_at(OrganizationId(link.organization_id), link.id, at, ends_at):
        raise LinkOver(_OVER)
    return ends_at


def may_extend(link: PortalLinkRow) -> bool:
    """Whether a session can still be made longer. Pure."""
    return bool(link.used_at and link.session_ends_at and link.session_ends_at < link.used_at + SESSION_AT_MOST)


async def end(link: PortalLinkRow) -> None:
    """End a session at once."""
    at = clock.now()
    await rows.end_session_at(OrganizationId(link.organization_id), link.id, at, at)


async def all_of_them(actor: Actor) -> list[PortalLinkRow]:
    """The newest links of an organization, also those that are over."""
    actor.must(Right.ORGANIZATION_MANAGE)
    return await rows.newest(actor.organization, _LISTED)


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, PortalLinkRow]:
    """Links by id."""
    actor.must(Right.ORGANIZATION_MANAGE)
    return {row.id: row for row in await rows.many(actor.organization, ids)}


async def revoke(actor: Actor, link: uuid.UUID) -> None:
    """End a link and the session that it began, at once; one that is over stays as it is. Raises NotFound."""
    actor.must(Right.ORGANIZATION_MANAGE)
    at = clock.now()

    async def work() -> None:
        found = await rows.find(actor.organization, link)
        if found is None:
            raise NotFound("There is no such portal link.")
        if await rows.revoke(actor.organization, link, at):
            before = {"purpose": found.purpose, "email": found.email}
            await remember(actor, at, "portal_link_revoked", "portal_link", link, before=before)

    await transaction(work)


def state(link: PortalLinkRow, at: datetime) -> PortalState:
    """What a link is good for at a moment. Pure."""
    if link.used_at is None:
        return PortalState.OPEN if link.expires_at > at else PortalState.OVER
    return PortalState.IN_USE if link.session_ends_at is not None and link.session_ends_at > at else PortalState.OVER


def caller(link: PortalLinkRow) -> Caller:
    """Whoever has the session of a link. Pure."""
    who = f"{link.email or 'somebody'} by a portal link of {link.created_by}"
    rights = RIGHTS[PortalPurpose(link.purpose)]
    return Caller(ActorKind.PORTAL, link.id, who, rights, OrganizationId(link.organization_id), link.session_ends_at)


def purpose_of(link: PortalLinkRow) -> PortalPurpose:
    """What a link is for."""
    return PortalPurpose(link.purpose)


async def forget() -> int:
    """Delete links that were over thirty days ago; how many. For the clock."""
    return await rows.forget(clock.now() - _KEPT)


def path(token: str) -> str:
    """Where the page of a link is."""
    return f"/portal/{token}"
