"""One-time codes and links to choose a password. They belong to an account, and so to no organization."""

from __future__ import annotations

import uuid
from datetime import datetime

from db import sql
from db.account_rows import CodeRow

_READ = "SELECT id, email, code, tries, expires_at, used_at FROM sign_in_code"
_RETURNED = "id, email, code, tries, expires_at, used_at"


async def add(id: uuid.UUID, email: str, email_key: str, browser: bytes, at: datetime, expires_at: datetime) -> None:
    """Write that somebody wants a code."""
    await sql.rows(
        """INSERT INTO sign_in_code (id, email, email_key, browser_hash, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        id,
        email,
        email_key,
        browser,
        at,
        expires_at,
    )


async def lock(id: uuid.UUID) -> CodeRow | None:
    """One code; nobody else can change it meanwhile."""
    found = await sql.row(f"{_READ} WHERE id = $1 FOR UPDATE", id)
    return CodeRow(*found) if found else None


async def make(id: uuid.UUID, code: bytes) -> None:
    """Write the sealed code."""
    await sql.rows("UPDATE sign_in_code SET code = $2 WHERE id = $1", id, code)


async def count_try(id: uuid.UUID, browser: bytes, at: datetime, *, most: int) -> CodeRow | None:
    """Count a try of the browser that asked for the code, and only then show it; None when there is none left."""
    found = await sql.row(
        f"""UPDATE sign_in_code SET tries = tries + 1
            WHERE id = $1 AND browser_hash = $2 AND expires_at > $3 AND used_at IS NULL AND tries < $4
            RETURNING {_RETURNED}""",
        id,
        browser,
        at,
        most,
    )
    return CodeRow(*found) if found else None


async def use(id: uuid.UUID, at: datetime) -> bool:
    """Use a code up; whether nobody had."""
    found = await sql.rows("UPDATE sign_in_code SET used_at = $2 WHERE id = $1 AND used_at IS NULL RETURNING 1", id, at)
    return bool(found)


async def standing(id: uuid.UUID, browser: bytes) -> CodeRow | None:
    """A code as the browser that asked for it may know of it."""
    found = await sql.row(f"{_READ} WHERE id = $1 AND browser_hash = $2", id, browser)
    return CodeRow(*found) if found else None


async def add_password_token(digest: bytes, account: uuid.UUID, at: datetime, expires_at: datetime) -> None:
    """Write a link by which somebody chooses a password; it stands instead of all before it."""
    await sql.rows("DELETE FROM password_token WHERE account_id = $1", account)
    await sql.rows(
        "INSERT INTO password_token (hash, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        digest,
        account,
        at,
        expires_at,
    )


async def password_token(digest: bytes, at: datetime) -> uuid.UUID | None:
    """Whose a link is, if it has not expired."""
    found = await sql.row("SELECT account_id FROM password_token WHERE hash = $1 AND expires_at > $2", digest, at)
    return found[0] if found else None


async def use_password_token(digest: bytes, at: datetime) -> uuid.UUID | None:
    """Use a link up; whose it was, None if it was used or has expired."""
    found = await sql.row(
        "DELETE FROM password_token WHERE hash = $1 AND expires_at > $2 RETURNING account_id", digest, at
    )
    return found[0] if found else None


async def forget(before: datetime) -> int:
    """Delete codes and links that expired before a moment; how many."""
    codes = await sql.rows("DELETE FROM sign_in_code WHERE expires_at < $1 RETURNING 1", before)
    links = await sql.rows("DELETE FROM password_token WHERE expires_at < $1 RETURNING 1", before)
    return len(codes) + len(links)
