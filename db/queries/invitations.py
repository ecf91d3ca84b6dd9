"""Invitations to become a member; of their tokens only the hash is known here."""

from __future__ import annotations

import uuid
from datetime import datetime

from db import pages, sql
from db.ids import OrganizationId
from db.invitation_rows import InvitationRow, OpenInvitation
from db.pages import Order, Page, Span
from db.together import Part

_WRITE = """
INSERT INTO invitation (organization_id, member_id, token_hash, invited_by, invited_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (organization_id, member_id) DO UPDATE
SET token_hash = excluded.token_hash, invited_by = excluded.invited_by, invited_at = excluded.invited_at,
    expires_at = excluded.expires_at, accepted_at = NULL
"""


def sent_part(organization: uuid.UUID, row: InvitationRow) -> Part:
    """The write of an invitation, in place of one that the member had before."""
    values = (row.member_id, row.token_hash, row.invited_by, row.invited_at, row.expires_at)
    return Part("invitation_sent", _WRITE, (organization, *values))


def accepted_part(organization: uuid.UUID, member: uuid.UUID, at: datetime) -> Part:
    """The write that an invitation was accepted."""
    return Part(
        "invitation_accepted",
        "UPDATE invitation SET accepted_at = $3 WHERE organization_id = $1 AND member_id = $2 AND accepted_at IS NULL",
        (organization, member, at),
    )


def withdrawn_part(organization: uuid.UUID, member: uuid.UUID) -> Part:
    """The write that an invitation was withdrawn, whose token is nothing then."""
    return Part(
        "invitation_withdrawn",
        "DELETE FROM invitation WHERE organization_id = $1 AND member_id = $2",
        (organization, member),
    )


async def lock(organization: OrganizationId, member: uuid.UUID) -> InvitationRow | None:
    """A member's invitation, locked."""
    found = await sql.row(
        "SELECT member_id, token_hash, invited_by, invited_at, expires_at, accepted_at FROM invitation"
        " WHERE organization_id = $1 AND member_id = $2 FOR UPDATE",
        organization,
        member,
    )
    return InvitationRow(*found) if found else None


async def expired(organization: OrganizationId, at: datetime) -> list[uuid.UUID]:
    """Members whose invitation was not accepted in time."""
    found = await sql.rows(
        "SELECT member_id FROM invitation WHERE organization_id = $1 AND accepted_at IS NULL AND expires_at <= $2",
        organization,
        at,
    )
    return [row[0] for row in found]


_OPEN = """
SELECT m.id, m.email, m.display_name, m.status, r.key, m.seat, i.invited_by, i.invited_at, i.expires_at
FROM invitation i
JOIN member m ON m.organization_id = i.organization_id AND m.id = i.member_id
LEFT JOIN role r ON r.organization_id = m.organization_id AND r.id = m.role_id"""
_IS_OPEN = "i.organization_id = $1 AND i.accepted_at IS NULL AND m.status IN ('INVITED', 'WAITING_FOR_SEAT')"


async def open_ones(organization: OrganizationId, *, after: uuid.UUID | None, limit: int) -> list[OpenInvitation]:
    """Invitations that nobody has accepted, in the order of their members' ids, after the given one."""
    text = f"{_OPEN} WHERE {_IS_OPEN} AND ($2::uuid IS NULL OR m.id > $2) ORDER BY m.id LIMIT $3"
    return [OpenInvitation(*row) for row in await sql.rows(text, organization, after, limit)]


async def open_page(organization: OrganizationId, span: Span) -> Page[OpenInvitation]:
    """A page of them."""
    found = await pages.page(_OPEN, [_IS_OPEN], [organization], Order("m.id", "m.id"), span)
    return Page([OpenInvitation(*row[:-2]) for row in found.rows], found.places, found.has_more)
