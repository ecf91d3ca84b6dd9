"""Sign-ins of which host applications told, and what was answered."""

from __future__ import annotations

import uuid

from db import pages, sql
from db.ids import OrganizationId
from db.pages import Order, Page, Span
from db.sign_in_rows import KnownCall, ReportRow, ReportView

_CLAIM = """
INSERT INTO sign_in_report (organization_id, id, token_id, call_id, digest, email, email_key, outcome, received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (organization_id, token_id, call_id) WHERE outcome <> 'REFUSED' DO NOTHING RETURNING 1
"""


async def claim(organization: OrganizationId, row: ReportRow) -> bool:
    """Write a call before it is carried out; False if it was before. Waits for somebody who is just writing it."""
    found = await sql.row(
        _CLAIM,
        organization,
        row.id,
        row.token_id,
        row.call_id,
        row.digest,
        row.email,
        row.email_key,
        row.outcome,
        row.received_at,
    )
    return found is not None


async def find(organization: OrganizationId, token: uuid.UUID, call: str) -> KnownCall | None:
    """What is known of a call of a token's that was carried out."""
    found = await sql.row(
        """SELECT digest, answer FROM sign_in_report
           WHERE organization_id = $1 AND token_id = $2 AND call_id = $3 AND outcome <> 'REFUSED'""",
        organization,
        token,
        call,
    )
    return KnownCall(*found) if found else None


async def conclude(organization: OrganizationId, id: uuid.UUID, member: uuid.UUID | None, answer: str) -> None:
    """Write what came of a call, and what is answered whenever it comes again."""
    await sql.rows(
        "UPDATE sign_in_report SET member_id = $3, answer = $4 WHERE organization_id = $1 AND id = $2",
        organization,
        id,
        member,
        answer,
    )


async def refuse(organization: OrganizationId, row: ReportRow, code: str, detail: str) -> None:
    """Write a call that was refused; the same one may come again, and be carried out then."""
    await sql.rows(
        """INSERT INTO sign_in_report (organization_id, id, token_id, call_id, digest, email, email_key, outcome, code,
                                       detail, received_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)""",
        organization,
        row.id,
        row.token_id,
        row.call_id,
        row.digest,
        row.email,
        row.email_key,
        row.outcome,
        code,
        detail,
        row.received_at,
    )


_READ = """
SELECT s.organization_id, s.id, t.name, s.email, s.member_id, s.outcome, s.code, s.detail, s.received_at
FROM sign_in_report s LEFT JOIN api_token t ON t.id = s.token_id"""


async def page(
    organization: OrganizationId, outcome: str | None, email_key: str | None, span: Span
) -> Page[ReportView]:
    """Calls, newest first; of an outcome, and about an address, if given."""
    conditions, args = ["s.organization_id = $1"], list[object]([organization])
    for column, value in (("s.outcome", outcome), ("s.email_key", email_key)):
        if value is not None:
            args.append(value)
            conditions.append(f"{column} = ${len(args)}")
    found = await pages.page(_READ, conditions, args, Order("s.id", "s.id", is_descending=True), span)
    return Page([ReportView(*row[:-2]) for row in found.rows], found.places, found.has_more)
