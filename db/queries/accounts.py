"""Accounts: whose an address is, and in which organizations they are. These belong to no organization."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import sql
from db.account_rows import AccountRow, MembershipOfAccount

_READ = "SELECT id, email, password_hash, is_operator FROM account"

# Such a member has an account without an address, see `db.queries.members.account_parts`.
_APART = """
FROM member m JOIN account a ON a.id = m.account_id
WHERE m.email_key = $1 AND m.status <> 'ERASED' AND a.email_key IS NULL AND NOT a.is_operator"""

_MEMBERSHIPS = """
SELECT m.organization_id, o.name, o.policies::text, m.id, m.email, m.display_name, m.status, m.status_since, r.name,
       ARRAY(SELECT jsonb_array_elements_text(coalesce(r.permissions, '[]'))), coalesce(r.is_admin, false),
       EXISTS (SELECT FROM break_glass b WHERE b.organization_id = m.organization_id AND b.member_id = m.id),
       o.plan, o.support_contact::text
FROM member m
JOIN organization o ON o.id = m.organization_id
LEFT JOIN role r ON r.organization_id = m.organization_id AND r.id = m.role_id
WHERE m.account_id = $1
"""


async def by_address(email_key: str) -> AccountRow | None:
    """The account of an address."""
    found = await sql.row(f"{_READ} WHERE email_key = $1", email_key)
    return AccountRow(*found) if found else None


async def find(account: uuid.UUID) -> AccountRow | None:
    """One account."""
    found = await sql.row(f"{_READ} WHERE id = $1", account)
    return AccountRow(*found) if found else None


async def make(account: uuid.UUID, email: str, email_key: str, at: datetime) -> AccountRow:
    """The account of an address, a new one if there is none."""
    found = await sql.row(
        """INSERT INTO account (id, email, email_key, created_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (email_key) DO UPDATE SET email_key = excluded.email_key
           RETURNING id, email, password_hash, is_operator""",
        account,
        email,
        email_key,
        at,
    )
    assert found is not None
    return AccountRow(*found)


async def is_member_apart(email_key: str) -> bool:
    """Whether an address is a member's whose organization had not proved that the address is its own."""
    return await sql.row(f"SELECT 1 {_APART} LIMIT 1", email_key) is not None


async def adopt(account: uuid.UUID, email_key: str) -> int:
    """Put such members into the account of whoever has proved the address; how many.

    Nobody can have signed in to the accounts that they had, so nothing is taken from anybody.
    """
    moved = await sql.rows(
        f"""UPDATE member SET account_id = $2 FROM (SELECT m.organization_id, m.id, m.account_id {_APART}) AS apart
            WHERE member.organization_id = apart.organization_id AND member.id = apart.id AND NOT EXISTS
                (SELECT FROM member o WHERE o.organization_id = apart.organization_id AND o.account_id = $2)
            RETURNING apart.account_id""",
        email_key,
        account,
    )
    left = [row[0] for row in moved]
    await delete_empty(left)
    return len(left)


async def delete_empty(accounts: Sequence[uuid.UUID]) -> None:
    """Delete those of the accounts in which nobody is a member any more, but for those of operators."""
    await sql.rows(
        """DELETE FROM account a WHERE a.id = ANY($1) AND NOT a.is_operator
               AND NOT EXISTS (SELECT FROM member m WHERE m.account_id = a.id)""",
        list(accounts),
    )


async def memberships(account: uuid.UUID) -> list[MembershipOfAccount]:
    """Where somebody is a member, by the names of the organizations."""
    found = await sql.rows(f"{_MEMBERSHIPS} AND m.status <> 'ERASED' ORDER BY lower(o.name), o.id", account)
    return [MembershipOfAccount(*row) for row in found]


async def membership(account: uuid.UUID, organization: uuid.UUID) -> MembershipOfAccount | None:
    """Somebody in one organization."""
    found = await sql.row(f"{_MEMBERSHIPS} AND m.organization_id = $2", account, organization)
    return MembershipOfAccount(*found) if found else None


async def set_password(account: uuid.UUID, hashed: str | None, at: datetime) -> None:
    """Write the hash of somebody's password."""
    await sql.rows("UPDATE account SET password_hash = $2, password_set_at = $3 WHERE id = $1", account, hashed, at)


async def keep_password(account: uuid.UUID, known: str, anew: str) -> bool:
    """Write the same password's hash anew, if it is not another one's by now; whether it was still the same."""
    found = await sql.row(
        "UPDATE account SET password_hash = $3 WHERE id = $1 AND password_hash = $2 RETURNING 1", account, known, anew
    )
    return found is not None


async def set_operator(account: uuid.UUID, *, is_operator: bool) -> None:
    """Make somebody one of those who run this installation, or not any more."""
    await sql.rows("UPDATE account SET is_operator = $2 WHERE id = $1", account, is_operator)


async def operators() -> Sequence[AccountRow]:
    """Those who run this installation, by address."""
    return [AccountRow(*row) for row in await sql.rows(f"{_READ} WHERE is_operator ORDER BY email_key")]
