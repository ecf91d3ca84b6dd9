"""Mails: putting them, and what becomes of each. The operator's belong to no organization."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from db import pages, sql
from db.ids import OrganizationId, new_ids
from db.mail_rows import MailRow, NewMail
from db.pages import Order, Page, Span
from db.together import Part

MOST = 20
"""So many addresses get a mail of an organization at most."""

# Contacts of the kind, else the admins, else the operator, who is nobody's address yet.
_CONTACTS = f"""
    WITH chosen AS (SELECT c.email, c.email_key FROM contact c
                    WHERE c.organization_id = $1 AND c.kind = $9 ORDER BY c.id LIMIT {MOST}),
    admins AS (SELECT m.email, m.email_key FROM member m
               JOIN role r ON r.organization_id = m.organization_id AND r.id = m.role_id
               WHERE m.organization_id = $1 AND r.is_admin AND m.status = 'ACTIVE' AND m.email IS NOT NULL
                 AND NOT EXISTS (SELECT FROM chosen) ORDER BY m.id LIMIT {MOST}),
    found AS (SELECT * FROM chosen UNION ALL SELECT * FROM admins)
    SELECT email, email_key, row_number() OVER () AS number FROM found
    UNION ALL SELECT NULL, NULL, 1 WHERE NOT EXISTS (SELECT FROM found)"""
_NAMED = "SELECT * FROM unnest($9::text[], $10::text[]) WITH ORDINALITY AS t (email, email_key, number)"
_INSERT = """
INSERT INTO mail_message
    (organization_id, id, kind, recipient, recipient_key, data, secret, about, due_at, expires_at, created_at)
SELECT $1, ids.id, $2, whom.email, whom.email_key,
       jsonb_build_object('facts', $3::jsonb, 'of', (
           SELECT jsonb_build_object('name', o.name, 'plan', o.plan, 'contact', o.support_contact)
           FROM organization o WHERE o.id = $1)),
       $4, $5, $6, $7, $6
FROM ({whom}) whom JOIN unnest($8::uuid[]) WITH ORDINALITY AS ids (id, number) ON ids.number = whom.number
ON CONFLICT (kind, about, organization_id, recipient_key) WHERE about IS NOT NULL DO NOTHING
RETURNING id
"""
_TO_CONTACTS, _TO_NAMED = _INSERT.format(whom=_CONTACTS), _INSERT.format(whom=_NAMED)


def contacts_part(organization: uuid.UUID, name: str, mail: NewMail, contact_kind: str) -> Part:
    """The write of a mail to each contact of a kind; without any to the admins, without those to the operator.

    Whoever was sent one of this kind about the same is left out. Returns `id`.
    """
    return Part(name, _TO_CONTACTS, (organization, *_values(mail), new_ids(MOST), contact_kind))


def named_part(
    organization: uuid.UUID | None, name: str, mail: NewMail, email: str | None, key: str | None, id: uuid.UUID
) -> Part:
    """The write of a mail to one address, None for the operator. Returns `id`, unless it was sent already."""
    return Part(name, _TO_NAMED, (organization, *_values(mail), [id], [email], [key]))


def _values(mail: NewMail) -> tuple[object, ...]:
    return mail.kind, mail.facts, mail.secret, mail.about, mail.at, mail.expires_at


_COLUMNS = """
SELECT organization_id, id, kind, recipient, data::text, secret, state, attempts, last_error, due_at, expires_at,
       created_at, sent_at
FROM mail_message"""

_CLAIM = """
UPDATE mail_message SET attempts = attempts + 1, due_at = $3
WHERE id = $1 AND state = 'QUEUED' AND due_at <= $2 AND expires_at > $2 AND (recipient IS NOT NULL OR $4) RETURNING 1
"""


async def claim(mail: uuid.UUID, at: datetime, until: datetime, *, operator_too: bool) -> bool:
    """Take a mail that is due, so that nobody else sends it before `until`; whether it was there to be taken."""
    return bool(await sql.rows(_CLAIM, mail, at, until, operator_too))


async def find(mail: uuid.UUID) -> MailRow | None:
    """One mail."""
    found = await sql.row(f"{_COLUMNS} WHERE id = $1", mail)
    return MailRow(*found) if found else None


async def sent(mail: uuid.UUID, recipient: str, key: str, at: datetime) -> None:
    """Note that a server took a mail, whatever was noted meanwhile."""
    await sql.rows(
        "UPDATE mail_message SET state = 'SENT', recipient = $2, recipient_key = $3, sent_at = $4, secret = NULL,"
        " last_error = NULL WHERE id = $1",
        mail,
        recipient,
        key,
        at,
    )


async def postponed(mail: uuid.UUID, due_at: datetime, error: str) -> None:
    """Note why a mail was not taken, and when it is tried again."""
    await sql.rows(
        "UPDATE mail_message SET due_at = $2, last_error = $3 WHERE id = $1 AND state = 'QUEUED'", mail, due_at, error
    )


async def failed(mail: uuid.UUID, error: str) -> None:
    """Note that a mail is not tried again, and why."""
    await sql.rows(
        "UPDATE mail_message SET state = 'FAILED', last_error = $2 WHERE id = $1 AND state = 'QUEUED'", mail, error
    )


async def lock(mail: uuid.UUID) -> MailRow | None:
    """One mail, locked."""
    found = await sql.row(f"{_COLUMNS} WHERE id = $1 FOR UPDATE", mail)
    return MailRow(*found) if found else None


async def requeue(mail: uuid.UUID, at: datetime, expires_at: datetime) -> None:
    """Let a mail wait again."""
    await sql.rows(
        "UPDATE mail_message SET state = 'QUEUED', attempts = 0, due_at = $2, expires_at = $3 WHERE id = $1",
        mail,
        at,
        expires_at,
    )


async def expire(at: datetime) -> int:
    """End mails that are of no use any more, and forget secrets that are good for nothing; how many ended."""
    await sql.rows("UPDATE mail_message SET secret = NULL WHERE secret IS NOT NULL AND expires_at <= $1", at)
    found = await sql.rows(
        "UPDATE mail_message SET state = 'EXPIRED' WHERE state = 'QUEUED' AND expires_at <= $1 AND due_at <= $1"
        " RETURNING 1",
        at,
    )
    return len(found)


async def overdue(before: datetime, *, operator_too: bool, limit: int) -> list[uuid.UUID]:
    """Mails that should have been tried before a moment, the oldest first."""
    found = await sql.rows(
        "SELECT id FROM mail_message WHERE state = 'QUEUED' AND due_at <= $1 AND (recipient IS NOT NULL OR $2)"
        " ORDER BY due_at LIMIT $3",
        before,
        operator_too,
        limit,
    )
    return [row[0] for row in found]


async def forget(wiped_before: datetime, deleted_before: datetime) -> int:
    """Wipe what mails told that are older, and delete those that are much older; how many."""
    wiped = await sql.rows(
        "UPDATE mail_message SET data = NULL, secret = NULL WHERE data IS NOT NULL AND created_at < $1 RETURNING 1",
        wiped_before,
    )
    gone = await sql.rows("DELETE FROM mail_message WHERE created_at < $1 RETURNING 1", deleted_before)
    return len(wiped) + len(gone)


async def page(organization: uuid.UUID | None, state: str | None, kind: str | None, span: Span) -> Page[MailRow]:
    """Mails, the newest first, of one organization, in one state and of one kind where that is given."""
    conditions, args = list[str](), list[object]()
    for column, value in (("organization_id", organization), ("state", state), ("kind", kind)):
        if value is not None:
            args.append(value)
            conditions.append(f"{column} = ${len(args)}")
    found = await pages.page(_COLUMNS, conditions, args, Order("id", "id", is_descending=True), span)
    return Page([MailRow(*row[:-2]) for row in found.rows], found.places, found.has_more)


async def told(kind: str, about: Sequence[str]) -> set[str]:
    """What among this somebody was sent a mail of that kind about."""
    found = await sql.rows(
        "SELECT DISTINCT about FROM mail_message WHERE kind = $1 AND about = ANY($2)", kind, list(about)
    )
    return {row[0] for row in found}


async def count_since(organization: OrganizationId, kind: str, since: datetime) -> int:
    """How many mails of a kind there were since a moment."""
    found = await sql.value(
        "SELECT count(*) FROM mail_message WHERE organization_id = $1 AND kind = $2 AND created_at > $3",
        organization,
        kind,
        since,
    )
    return int(str(found))


_FORGET_PEOPLE = """
WITH them AS (SELECT m.email, m.email_key, m.display_name FROM member m
              WHERE m.organization_id = $1 AND m.id = ANY($2) AND m.email_key IS NOT NULL),
contacts AS (DELETE FROM contact c USING them WHERE c.organization_id = $1 AND c.email_key = them.email_key),
named AS (
    UPDATE mail_message SET data = NULL, secret = NULL, state = CASE state WHEN 'QUEUED' THEN 'EXPIRED' ELSE state END
    WHERE organization_id = $1 AND data IS NOT NULL
      AND (recipient_key IS NULL OR recipient_key NOT IN (SELECT email_key FROM them))
      AND EXISTS (SELECT FROM them WHERE strpos(data ->> 'facts', email) > 0
                     OR strpos(data ->> 'facts', nullif(display_name, '')) > 0))
DELETE FROM mail_message m USING them WHERE m.organization_id = $1 AND m.recipient_key = them.email_key
"""


async def forget_people(organization: OrganizationId, members: Sequence[uuid.UUID]) -> None:
    """Delete what members are to be sent and were sent, and wipe what others were told of them."""
    await sql.rows(_FORGET_PEOPLE, organization, list(members))
