"""Directory users: the hot paths of the SCIM edge."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from db import sql
from db.ids import DirectoryId, DirectoryUserId, OrganizationId
from db.rows import Candidate, KnownMember, LockedUser, MemberRow, ShownUser, UserRow
from db.together import Part

from . import members

_READ = """r.id, r.member_id, r.user_name, r.user_name_key, r.external_id, r.email, r.email_key, r.active,
    r.lets_in, r.display_name, r.seat_type, r.role_keys, r.document, r.search, r.version, r.created_at, r.updated_at"""

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


_LOCKED = f"""
SELECT {_READ}, {GROUPS}, {members.READ}, m.role_id,
       (SELECT o.policies FROM organization o WHERE o.id = $1) AS policies,
       m.account_id,
       (SELECT count(*) FROM (SELECT FROM member a WHERE a.account_id = m.account_id LIMIT 2) two) AS account_members,
       (SELECT count(o.lets_in) FROM directory_user o
         WHERE o.organization_id = $1 AND o.member_id = r.member_id AND o.id <> r.id) AS others,
       (SELECT count(*) FROM directory_user o
         WHERE o.organization_id = $1 AND o.member_id = r.member_id AND o.id <> r.id AND o.lets_in) AS others_in,
       EXISTS (SELECT FROM group_member gm
         JOIN directory_group g ON g.organization_id = gm.organization_id AND g.id = gm.group_id
         WHERE gm.organization_id = $1 AND gm.value = r.id AND g.is_urgent) AS is_urgent,
       EXISTS (SELECT FROM directory d WHERE d.organization_id = $1 AND d.deleted_at IS NULL
                 AND d.settings ->> 'suspend_on_leaving_groups' = 'true') AS groups_let_in
FROM directory_user r JOIN member m ON m.organization_id = r.organization_id AND m.id = r.member_id
WHERE r.organization_id = $1 AND r.id = $3 AND (r.directory_id = $2) IS TRUE
"""
# PostgreSQL locks in the order in which the tables are named at the end: first what the organization has chosen.
_HOLD = """
SELECT 1 FROM directory_user r
JOIN member m ON m.organization_id = r.organization_id AND m.id = r.member_id
JOIN organization o ON o.id = r.organization_id
WHERE r.organization_id = $1 AND r.id = $3 AND (r.directory_id = $2) IS TRUE AND r.lets_in IS NOT NULL
FOR KEY SHARE OF o FOR UPDATE OF r FOR UPDATE OF m
"""
_USER_WIDTH = len(fields(UserRow))
_MEMBER_END = _USER_WIDTH + 1 + len(members.COLUMNS)


async def lock(organization: OrganizationId, directory: DirectoryId, user: DirectoryUserId) -> LockedUser | None:
    """One user with its member, for changing them; None also when the directory was deleted meanwhile.

    Holds what the organization has chosen. Two statements: what was not locked, such as the member's other users, has
    to be read after the locks were got.
    """
    if await sql.row(_HOLD, organization, directory, user) is None:
        return None
    found = await sql.row(_LOCKED, organization, directory, user)
    if found is None:
        return None
    row, groups = UserRow(*found[:_USER_WIDTH]), found[_USER_WIDTH]
    return LockedUser(row, groups, MemberRow(*found[_USER_WIDTH + 1 : _MEMBER_END]), *found[_MEMBER_END:])


_CANDIDATE = """
WITH here AS (
    SELECT FROM directory WHERE organization_id = $1 AND id = $2 AND deleted_at IS NULL FOR KEY SHARE
)
SELECT EXISTS (SELECT FROM here) AS is_connected,
       EXISTS (SELECT 1 FROM parked_member
               WHERE organization_id = $1 AND directory_id = $2
                 AND (value = ANY($6) OR lower(value) = ANY($6))) AS is_awaited,
       c.member_id, c.matched_by,
       (SELECT l.state FROM link_request l
         WHERE l.organization_id = $1 AND l.directory_id = $2 AND l.member_id = c.member_id) AS link_state
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
    """The member whom a new directory user would be, by externalId, userName or emails in this order (C13).

    Nobody deletes the directory before this transaction ends.
    """
    names = [name for name in (external_id, user_name_key) if name]
    found = await sql.row(_CANDIDATE, organization, directory, external_id, user_name_key, email_key, names, order)
    return Candidate(*found) if found else Candidate(False, False, None, None, None)


_KNOWN = f"""
SELECT {members.READ}, m.role_id, m.account_id,
       (SELECT count(o.lets_in) FROM directory_user o WHERE o.organization_id = $1 AND o.member_id = m.id) AS records,
       (SELECT count(*) FROM directory_user o
         WHERE o.organization_id = $1 AND o.member_id = m.id AND o.lets_in) AS letting_in
FROM member m WHERE m.organization_id = $1 AND m.id = $2 AND m.status <> 'ERASED'
"""


async def lock_known(organization: OrganizationId, member: uuid.UUID) -> KnownMember | None:
    """A member with how many directory users they have, counted after they were locked, for linking another one.

    None also for who is erased by now.
    """
    await sql.rows("SELECT 1 FROM member WHERE organization_id = $1 AND id = $2 FOR UPDATE", organization, member)
    found = await sql.row(_KNOWN, organization, member)
    if found is None:
        return None
    width = len(members.COLUMNS)
    return KnownMember(MemberRow(*found[:width]), *found[width:])


_INSERT = """
INSERT INTO directory_user (organization_id, directory_id, id, member_id, user_name, user_name_key, external_id, email,
    email_key, active, lets_in, display_name, seat_type, role_keys, document, search, version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
"""
_UPDATE = """
UPDATE directory_user SET user_name = $3, user_name_key = $4, external_id = $5, email = $6, email_key = $7,
    active = $8, lets_in = $9, display_name = $10, seat_type = $11, role_keys = $12, document = $13, search = $14,
    version = $15, updated_at = $16
WHERE organization_id = $1 AND id = $2
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
            user.lets_in,
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
            user.lets_in,
            user.display_name,
            user.seat_type,
            user.role_keys,
            user.document,
            user.search,
            user.version,
            user.updated_at,
        ),
    )


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
SELECT g.id FROM directory_group g JOIN organization o ON o.id = g.organization_id
WHERE g.organization_id = $1
  AND g.id IN (SELECT group_id FROM group_member WHERE organization_id = $1 AND value = $2)
ORDER BY g.id FOR KEY SHARE OF o FOR UPDATE OF g
"""


async def lock_groups_of(organization: OrganizationId, value: uuid.UUID) -> list[uuid.UUID]:
    """The groups of which the resource is a direct member, locked in the order of their ids."""
    return [row[0] for row in await sql.rows(_GROUPS_OF, organization, value)]


async def members_of(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The members of directory users, by the users' ids; what is no user, or none any more, is left out."""
    found = await sql.rows(
        "SELECT id, member_id FROM directory_user WHERE organization_id = $1 AND id = ANY($2)", organization, list(ids)
    )
    return {row[0]: row[1] for row in found}
