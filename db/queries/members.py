"""Members and the accounts behind them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter

from db import sql
from db.ids import OrganizationId
from db.rows import LockedMember, MemberRow
from db.together import Part

_ACCOUNT = """
INSERT INTO account (id, email, email_key, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (email_key) DO UPDATE SET email_key = excluded.email_key
RETURNING id
"""
_ACCOUNT_OF_ITS_OWN = """
INSERT INTO account (id, email, email_key, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (email_key) DO NOTHING RETURNING id
"""
_ACCOUNT_WITHOUT_ADDRESS = """
INSERT INTO account (id, created_at) SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM account_made) RETURNING id
"""
COLUMNS = tuple(field.name for field in fields(MemberRow))
"""The columns of a member as `MemberRow` has them."""

READ = ", ".join(f"m.{column}" for column in COLUMNS)
_values = attrgetter(*COLUMNS)
_INSERT = f"""
INSERT INTO member (organization_id, {", ".join(COLUMNS)}, account_id, role_id, created_at, updated_at)
SELECT $1, {", ".join(f"${number}" for number in range(2, len(COLUMNS) + 2))}, account_found.id, ${len(COLUMNS) + 2},
    ${len(COLUMNS) + 3}, ${len(COLUMNS) + 3} FROM account_found
"""
_SET = ", ".join(f"{column} = ${number}" for number, column in enumerate(COLUMNS[1:], start=3))
_UPDATE = f"""
UPDATE member SET {_SET}, updated_at = ${len(COLUMNS) + 2}, version = version + 1
WHERE organization_id = $1 AND id = $2
"""
_MOVE = f"""
UPDATE member SET {_SET}, updated_at = ${len(COLUMNS) + 2}, version = version + 1,
    account_id = (SELECT id FROM account_found)
WHERE organization_id = $1 AND id = $2
"""
_RENAME = """
UPDATE account SET email = $2, email_key = $3 WHERE id = $1
"""


def account_parts(
    account: uuid.UUID, email: str | None, email_key: str | None, at: datetime, *, may_share: bool
) -> list[Part]:
    """The writes that find the account of an address or make it; the last RETURNS its id as `account_found`.

    Where the organization has not proved that the address is its own, another organization's account is left alone and
    an account without address is made: else anybody could put themselves into an account by naming its address.
    """
    if may_share or email_key is None:
        return [Part("account_found", _ACCOUNT, (account, email, email_key, at))]
    return [
        Part("account_made", _ACCOUNT_OF_ITS_OWN, (account, email, email_key, at)),
        Part("account_apart", _ACCOUNT_WITHOUT_ADDRESS, (account, at)),
        Part("account_found", "SELECT id FROM account_made UNION ALL SELECT id FROM account_apart", ()),
    ]


def insert_part(organization: uuid.UUID, member: MemberRow, role: uuid.UUID | None, at: datetime) -> Part:
    """The write of a new member of `account_found`."""
    return Part("member_made", _INSERT, (organization, *_values(member), role, at))


def update_part(organization: uuid.UUID, member: MemberRow, at: datetime) -> Part:
    """The write of a changed member."""
    return Part("member_changed", _UPDATE, (organization, *_values(member), at))


def move_part(organization: uuid.UUID, member: MemberRow, at: datetime) -> Part:
    """The write of a changed member who now belongs to `account_found`."""
    return Part("member_changed", _MOVE, (organization, *_values(member), at))


def rename_account_part(account: uuid.UUID, email: str, email_key: str) -> Part:
    """The write of an account's new address."""
    return Part("account_renamed", _RENAME, (account, email, email_key))


_SHOWN = """
SELECT m.*, r.key AS role FROM member m
LEFT JOIN role r ON r.organization_id = m.organization_id AND r.id = m.role_id
"""


async def account_exists(email_key: str) -> bool:
    """Whether somebody has an account with that address."""
    return await sql.row("SELECT 1 FROM account WHERE email_key = $1", email_key) is not None


async def find(organization: OrganizationId, member: uuid.UUID) -> dict[str, object] | None:
    """One member."""
    found = await sql.row(f"{_SHOWN} WHERE m.organization_id = $1 AND m.id = $2", organization, member)
    return dict(found) if found else None


async def page(organization: OrganizationId, *, after: uuid.UUID | None, limit: int) -> list[dict[str, object]]:
    """Members in the order of their ids, after the given one."""
    found = await sql.rows(
        f"{_SHOWN} WHERE m.organization_id = $1 AND ($2::uuid IS NULL OR m.id > $2) ORDER BY m.id LIMIT $3",
        organization,
        after,
        limit,
    )
    return [dict(row) for row in found]


_LOCK = f"""
SELECT {READ}, m.role_id, m.version, m.account_id,
       (SELECT count(*) FROM (SELECT FROM member a WHERE a.account_id = m.account_id LIMIT 2) two) AS account_members,
       (SELECT count(u.lets_in) FROM directory_user u WHERE u.organization_id = $1 AND u.member_id = m.id) AS records,
       (SELECT count(*) FROM directory_user u
         WHERE u.organization_id = $1 AND u.member_id = m.id AND u.lets_in) AS letting_in,
       EXISTS (SELECT FROM invitation i
         WHERE i.organization_id = $1 AND i.member_id = m.id AND i.accepted_at IS NULL) AS is_invited
FROM member m WHERE m.organization_id = $1
"""


async def lock(organization: OrganizationId, member: uuid.UUID) -> LockedMember | None:
    """One member, for changing them by hand."""
    return await _locked(organization, "m.id = $2", member)


async def lock_by_address(organization: OrganizationId, email_key: str) -> LockedMember | None:
    """The same by their folded e-mail address."""
    return await _locked(organization, "m.email_key = $2", email_key)


async def _locked(organization: OrganizationId, condition: str, key: object) -> LockedMember | None:
    """Locked first, then read: what was not locked, such as directory users, is to be read after that."""
    await sql.rows(f"SELECT 1 FROM member m WHERE m.organization_id = $1 AND {condition} FOR UPDATE", organization, key)
    found = await sql.row(f"{_LOCK} AND {condition}", organization, key)
    return LockedMember(MemberRow(*found[: len(COLUMNS)]), *found[len(COLUMNS) :]) if found else None


async def names(
    organization: OrganizationId, members: Sequence[uuid.UUID]
) -> dict[uuid.UUID, tuple[str | None, str | None]]:
    """E-mail address and name of members."""
    found = await sql.rows(
        "SELECT id, email, display_name FROM member WHERE organization_id = $1 AND id = ANY($2)",
        organization,
        list(members),
    )
    return {row[0]: (row[1], row[2]) for row in found}


async def standings(
    organization: OrganizationId, members: Sequence[uuid.UUID]
) -> list[tuple[uuid.UUID, uuid.UUID | None, str, str | None, str | None]]:
    """Role, status, seat and hold of members, by id."""
    found = await sql.rows(
        "SELECT id, role_id, status, seat, hold FROM member WHERE organization_id = $1 AND id = ANY($2)",
        organization,
        list(members),
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in found]


async def awaiting_seats(organization: OrganizationId) -> list[uuid.UUID]:
    """Everybody who waits for a seat."""
    found = await sql.rows("SELECT id FROM member WHERE organization_id = $1 AND awaits_seat IS NOT NULL", organization)
    return [row[0] for row in found]
