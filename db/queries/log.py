"""Requests and changes: the record of what was asked, decided and altered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter

from db import sql
from db.change_rows import FieldChangeRow
from db.ids import OrganizationId, new_ids
from db.rows import ChangeRow, RequestRow
from db.together import Part

_REQUEST_COLUMNS = tuple(field.name for field in fields(RequestRow))
_CHANGE_COLUMNS = tuple(field.name for field in fields(ChangeRow))
_request_values = attrgetter(*_REQUEST_COLUMNS)
_change_values = attrgetter(*_CHANGE_COLUMNS)
_INSERT_REQUEST = (
    f"INSERT INTO request ({', '.join(_REQUEST_COLUMNS)})"
    f" VALUES ({', '.join(f'${n}' for n in range(1, len(_REQUEST_COLUMNS) + 1))})"
)
_INSERT_CHANGE = (
    f"INSERT INTO change ({', '.join(_CHANGE_COLUMNS)})"
    f" VALUES ({', '.join(f'${n}' for n in range(1, len(_CHANGE_COLUMNS) + 1))})"
)


def request_part(row: RequestRow) -> Part:
    """The write of one request, to go with the writes that it caused."""
    return Part("requested", _INSERT_REQUEST, _request_values(row))


def change_parts(rows: Sequence[ChangeRow]) -> list[Part]:
    """The writes of some changes, to go with the writes that they describe."""
    return [change_part(row, f"changed_{number}") for number, row in enumerate(rows)]


def change_part(row: ChangeRow, name: str) -> Part:
    """The write of one change, under a name of its own."""
    return Part(name, _INSERT_CHANGE, _change_values(row))


async def add_change(row: ChangeRow) -> None:
    """Write one change that no request of a directory caused."""
    await sql.rows(_INSERT_CHANGE, *_change_values(row))


async def add_alike(row: ChangeRow, subjects: Sequence[uuid.UUID], members: Sequence[uuid.UUID] = ()) -> None:
    """Write the same change of many subjects, each with the member whom it concerns, if these are no members.

    The id, subject and member of `row` do not matter.
    """
    await sql.rows(
        """INSERT INTO change (organization_id, id, request_id, actor_kind, actor_id, subject_type, subject_id,
                               member_id, action, before, after, changed_at)
           SELECT $1, made.id, $2, $3, $4, $5, made.subject, made.member, $6, $7, $8, $9
           FROM unnest($10::uuid[], $11::uuid[], $12::uuid[]) AS made (id, subject, member)""",
        row.organization_id,
        row.request_id,
        row.actor_kind,
        row.actor_id,
        row.subject_type,
        row.action,
        row.before,
        row.after,
        row.changed_at,
        new_ids(len(subjects)),
        list(subjects),
        list(members),
    )


async def add_request(row: RequestRow) -> None:
    """Write one request that changed nothing."""
    await sql.rows(_INSERT_REQUEST, *_request_values(row))


async def add_requests(rows: Sequence[RequestRow]) -> None:
    """Write many requests at once, of any organizations."""
    await sql.copy("request", _REQUEST_COLUMNS, [_request_values(row) for row in rows])


_FORGET = """
WITH headlines AS (
    DELETE FROM request WHERE organization_id = $1 AND received_at < now() - make_interval(days => $2) RETURNING 1
), calls AS (
    DELETE FROM sign_in_report
    WHERE organization_id = $1 AND received_at < now() - make_interval(days => greatest($2, 1)) RETURNING 1
), bodies AS (
    UPDATE request SET request_body = NULL, response_body = NULL
    WHERE organization_id = $1 AND received_at < now() - make_interval(days => $3)
      AND received_at >= now() - make_interval(days => $2)
      AND (request_body IS NOT NULL OR response_body IS NOT NULL) RETURNING 1
)
SELECT (SELECT count(*) FROM headlines) + (SELECT count(*) FROM calls), (SELECT count(*) FROM bodies)
"""


async def forget(organization: OrganizationId, *, headline_days: int, body_days: int) -> tuple[int, int]:
    """Delete old requests and the bodies of less old ones; how many of each."""
    done = await sql.row(_FORGET, organization, headline_days, body_days)
    return (done[0], done[1]) if done else (0, 0)


async def request(organization: OrganizationId, id: uuid.UUID) -> dict[str, object] | None:
    """One request with its decisions, by its trace id."""
    found = await sql.row(
        """SELECT r.*, o.name AS oauth_client_name FROM request r
           LEFT JOIN oauth_client o ON o.organization_id = r.organization_id AND o.id = r.oauth_client_id
           WHERE r.organization_id = $1 AND r.id = $2""",
        organization,
        id,
    )
    return dict(found) if found else None


async def requests(organization: OrganizationId, *, limit: int) -> list[dict[str, object]]:
    """The newest requests of an organization."""
    found = await sql.rows(
        "SELECT * FROM request WHERE organization_id = $1 ORDER BY id DESC LIMIT $2", organization, limit
    )
    return [dict(row) for row in found]


async def changes_of(organization: OrganizationId, subject: uuid.UUID) -> list[dict[str, object]]:
    """Everything that was altered on one subject or member, oldest first."""
    found = await sql.rows(
        "SELECT * FROM change WHERE organization_id = $1 AND (subject_id = $2 OR member_id = $2) ORDER BY id",
        organization,
        subject,
    )
    return [dict(row) for row in found]


_FIELD = """
SELECT c.changed_at, c.actor_kind, c.action, c.before ->> $3, c.after ->> $3, c.after ->> 'source', c.after ->> 'by',
       d.name, c.request_id
FROM change c LEFT JOIN directory d ON d.organization_id = c.organization_id AND d.id = c.actor_id
WHERE c.organization_id = $1 AND c.subject_id = $2 AND c.subject_type = 'member' AND c.after ? $3 ORDER BY c.id
"""


async def changes_of_field(organization: OrganizationId, member: uuid.UUID, name: str) -> list[FieldChangeRow]:
    """Every change of one of a member's fields, oldest first."""
    return [FieldChangeRow(*row) for row in await sql.rows(_FIELD, organization, member, name)]
