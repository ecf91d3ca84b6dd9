"""Directory users: the hot paths of the SCIM edge."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.ids import DirectoryId, DirectoryUserId, OrganizationId
from db.rows import Candidate, KnownMember, LockedUser, ShownUser, UserRow
from db.together import Part

_READ = """r.id, r.member_id, r.user_name, r.user_name_key, r.external_id, r.email, r.email_key, r.active,
    r.display_name, r.seat_type, r.role_keys, r.document, r.search, r.version, r.created_at, r.updated_at"""

GROUPS = """(SELECT json_agg(json_build_object('value', g.id, 'display', g.display_name) ORDER BY g.id)
    FROM group_member m
    JOIN directory_group g ON g.organization_id = m.organization_id AND g.id = m.group_id
    WHERE m.organization_id = r.organization_id AND m.value = r.id)"""


# `IS TRUE` keeps the directory out of the choice of an index: only the primary key fits, whatever the statistics say.
_GET = f"""SELECT r.id, r.document, r.version, r.created_at, r.updated_at, {GROUPS}
FROM directory_user r WHERE r.organization_id = $1 AND r.id = $3 AND (r.directory_id = $2) IS TRUE"""
_GET_PLAIN = """SELECT r.id, r.document, r.version, r.created_at, r.updated_at, NULL::json
FROM directory_user r WHERE r.organization_id = $1 AND r.id = $3 AND (r.directory_id = $2) IS TRUE"""


async def shown(
    organization: OrganizationId, directory: DirectoryId, user: DirectoryUserId, *, with_groups: bool
) -> ShownUser | None:
    """One user of the directory, ready to be answered."""
    found = await sql.row(_GET if with_groups else _GET_PLAIN, organization, directory, user)
    return ShownUser(*found) if found else None


_LOCK = f"""
SELECT {_READ}, {GROUPS}, m.status, m.email, m.email_key, m.display_name, m.seat_type,
       EXISTS (SELECT FROM role a WHERE a.organization_id = $1 AND a.id = m.role_id AND a.is_admin) AS is_admin,
       (SELECT o.policies FROM organization o WHERE o.id = $1) AS policies,
       m.account_id,
       (SELECT count(*) FROM (SELECT FROM member a WHERE a.account_id = m.account_id LIMIT 2) two) AS account_members,
       (SELECT count(*) FROM directory_user o
         WHERE o.organization_id = $1 AND o.member_id = r.member_id AND o.id <> r.id) AS others,
       (SELECT count(*) FROM directory_user o
         WHERE o.organization_id = $1 AND o.member_id = r.member_id AND o.id <> r.id AND o.active) AS others_active,
       EXISTS (SELECT FROM directory d WHERE d.organization_id = $1 AND d.deleted_at IS NULL
                 AND d.settings ->> 'suspend_on_leaving_groups' = 'true') AS groups_let_in
FROM directory_user r JOIN member m ON m.organization_id = r.organization_id AND m.id = r.member_id
WHERE r.organization_id = $1 AND r.id = $3 AND (r.directory_id = $2) IS TRUE
FOR UPDATE OF r, m
"""


async def lock(organization: OrganizationId, directory: DirectoryId, user: DirectoryUserId) -> LockedUser | None:
    """One user with its member, for changing them."""
    found = await sql.row(_LOCK, organization, directory, user)
    return LockedUser(UserRow(*found[:16]), *found[16:]) if found else None


_CANDIDATE = """
SELECT EXISTS (SELECT 1 FROM parked_member
               WHERE organization_id = $1 AND directory_id = $2
                 AND (value = ANY($6) OR lower(value) = ANY($6))) AS is_awaited,
       c.member_id, c.matched_by
FROM (SELECT) AS one
LEFT JOIN LATERAL (
    SELECT known.member_id, known.matched_by FROM (
        (SELECT member_id, 'externalId' AS matched_by FROM departed_user
          WHERE organization_id = $1 AND directory_id = $2 AND external_id = $3 ORDER BY id DESC LIMIT 1)
        UNION ALL
        (SELECT member_id, 'userName' FROM departed_user
          WHERE organization_id = $1 AND directory_id = $2 AND user_name_key = $4 ORDER BY id DESC LIMIT 1)
        UNION ALL
        (SELECT id, 'emails' FROM member WHERE organization_id = $1 AND email_key = $5 LIMIT 1)
    ) known
    WHERE known.matched_by = ANY($7::text[])
    ORDER BY array_position($7::text[], known.matched_by) LIMIT 1
) c ON true
"""


async def candidate(
    organization: OrganizationId,
    directory: DirectoryId,
    *,
    external_id: str | None,
    user_name_key: str,
    email_key: str | None,
    order: Sequence[str],
) -> Candidate:
    """The member whom a new directory user would be, by externalId, userName or emails in this order (C13)."""
    names = [name for name in (external_id, user_name_key) if name]
    found = await sql.row(_CANDIDATE, organization, directory, external_id, user_name_key, email_key, names, order)
    return Candidate(*found) if found else Candidate(False, None, None)


_KNOWN = """
SELECT m.id, m.status, m.email, m.email_key, m.display_name, m.seat_type, m.account_id,
       (SELECT count(*) FROM directory_user o WHERE o.organization_id = $1 AND o.member_id = m.id) AS others,
       (SELECT count(*) FROM directory_user o
         WHERE o.organization_id = $1 AND o.member_id = m.id AND o.active) AS others_active
FROM member m WHERE m.organization_id = $1 AND m.id = $2 FOR UPDATE OF m
"""


async def lock_known(organization: OrganizationId, member: uuid.UUID) -> KnownMember | None:
    """A member with how many directory users they have, for linking another one."""
    found = await sql.row(_KNOWN, organization, member)
    return KnownMember(*found) if found else None


_INSERT = """
INSERT INTO directory_user (organization_id, directory_id, id, member_id, user_name, user_name_key, external_id, email,
    email_key, active, display_name, seat_type, role_keys, document, search, version, created_at, updated_at, lets_in)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $10)
"""
_UPDATE = """
UPDATE directory_user SET user_name = $3, user_name_key = $4, external_id = $5, email = $6, email_key = $7,
    active = $8, display_name = $9, seat_type = $10, role_keys = $11, document = $12, search = $13, version = $14,
    updated_at = $15, lets_in = $8
WHERE organization_id = $1 AND id = $2
"""
_DELETE = """
DELETE FROM directory_user WHERE organization_id = $1 AND id = $2
"""
_DEPART = """
INSERT INTO departed_user
    (organization_id, directory_id, id, member_id, user_name_key, external_id, email_key, departed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""


def insert_part(organization: uuid.UUID, directory: uuid.UUID, user: UserRow) -> Part:
    """The write of a new user."""
    return Part(
        "user_made",
        _INSERT,
        (
            organization,
            directory,
            user.id,
            user.member_id,
            user.user_name,
            user.user_name_key,
            user.external_id,
            user.email,
            user.email_key,
            user.active,
            user.display_name,
            user.seat_type,
            user.role_keys,
            user.document,
            user.search,
            user.version,
            user.created_at,
            user.updated_at,
        ),
    )


def update_part(organization: uuid.UUID, user: UserRow) -> Part:
    """The write of a changed user."""
    return Part(
        "user_changed",
        _UPDATE,
        (
            organization,
            user.id,
            user.user_name,
            user.user_name_key,
            user.external_id,
            user.email,
            user.email_key,
            user.active,
            user.display_name,
            user.seat_type,
            user.role_keys,
            user.document,
            user.search,
            user.version,
            user.updated_at,
        ),
    )


def departure_parts(organization: uuid.UUID, directory: uuid.UUID, user: UserRow, at: datetime) -> list[Part]:
    """The writes of a user's removal: row, memberships, and the trace by which the person is known again."""
    trace = (organization, directory, user.id, user.member_id, user.user_name_key, user.external_id, user.email_key, at)
    gone = Part("user_gone", _DELETE, (organization, user.id))
    return [gone, Part("user_traced", _DEPART, trace), *leaving_parts(organization, user.id, at)]


_LEAVE = """
DELETE FROM group_member WHERE organization_id = $1 AND value = $2 RETURNING group_id
"""
_LEFT = """
UPDATE directory_group SET version = version + 1, updated_at = $2
WHERE organization_id = $1 AND id IN (SELECT group_id FROM memberships_gone)
"""


def leaving_parts(organization: uuid.UUID, value: uuid.UUID, at: datetime) -> list[Part]:
    """The writes by which a resource that goes away, and is locked, leaves the groups it is in by now."""
    gone = Part("memberships_gone", _LEAVE, (organization, value))
    return [gone, Part("groups_left", _LEFT, (organization, at))]


_GROUPS_OF = """
SELECT g.id FROM directory_group g
WHERE g.organization_id = $1
  AND g.id IN (SELECT group_id FROM group_member WHERE organization_id = $1 AND value = $2)
ORDER BY g.id FOR UPDATE OF g
"""


async def lock_groups_of(organization: OrganizationId, value: uuid.UUID) -> list[uuid.UUID]:
    """The groups of which the resource is a direct member, locked in the order of their ids."""
    return [row[0] for row in await sql.rows(_GROUPS_OF, organization, value)]
