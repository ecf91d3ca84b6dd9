"""Pages of directory users and groups: filtered, sorted, by index or by cursor, with an exact total."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import asyncpg

from db import sql
from db.ids import DirectoryId, OrganizationId
from db.queries import users
from db.rows import GroupRow, ShownUser

FIRST = 3
"""The number of the first placeholder that a condition may use; `$1` and `$2` are organization and directory."""


SEARCH_SECONDS = 5
"""How long a filter may take: less than the time after which any identity provider gives up."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to sort by: an SQL expression on the row `r` that yields text or a number, with its arguments after it."""

    expression: str
    is_descending: bool


@dataclass(frozen=True, slots=True)
class After:
    """The last row of the page before: its sort key, and its id to break ties."""

    key: object
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows of which page: a condition on `r`, an order, and either an offset or the row to start after."""

    condition: str | None = None
    args: tuple[object, ...] = ()
    order: Order | None = None
    offset: int = 0
    after: After | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class UserPage:
    """Users of one page, how many there are in all, and where the next page starts when there is one."""

    total: int
    users: list[ShownUser]
    next: After | None


@dataclass(frozen=True, slots=True)
class GroupPage:
    """The same for groups, without members."""

    total: int
    groups: list[GroupRow]
    next: After | None


async def user_page(
    organization: OrganizationId, directory: DirectoryId, selection: Selection, *, with_groups: bool
) -> UserPage:
    """One page of the directory's users."""
    columns = (
        f"r.id, r.document, r.version, r.created_at, r.updated_at, {users.GROUPS if with_groups else 'NULL::json'}"
    )
    total, found, following = await _page("directory_user", "User", columns, organization, directory, selection)
    return UserPage(total, [ShownUser(*row) for row in found], following)


async def group_page(organization: OrganizationId, directory: DirectoryId, selection: Selection) -> GroupPage:
    """One page of the directory's groups."""
    columns = """r.id, r.display_name, r.display_name_key, r.unique_name, r.external_id, r.document, r.search,
        r.version, r.created_at, r.updated_at"""
    total, found, following = await _page("directory_group", "Group", columns, organization, directory, selection)
    return GroupPage(total, [GroupRow(*row) for row in found], following)


async def _page(
    table: str, kind: str, columns: str, organization: OrganizationId, directory: DirectoryId, selection: Selection
) -> tuple[int, list[tuple[Any, ...]], After | None]:
    text, args = _statement(table, kind, columns, selection)
    found = await sql.search(text, organization, directory, *args, seconds=SEARCH_SECONDS)
    rows = [row for row in found if row[2] is not None]
    following = _next(rows, selection.limit)
    return found[0][0], [tuple(row)[2:] for row in rows[: selection.limit]], following


def _next(rows: list[asyncpg.Record], limit: int) -> After | None:
    if len(rows) <= limit or limit == 0:
        return None
    last = rows[limit - 1]
    return After(last[1], last[2])


_COUNTED = """SELECT coalesce(sum(c.total), 0)::bigint AS n FROM directory_count c
    WHERE c.organization_id = $1 AND c.directory_id = $2 AND c.resource_type = '{kind}'"""


def _statement(table: str, kind: str, columns: str, selection: Selection) -> tuple[str, list[object]]:
    """One statement for the total and the page, so that both see the same state.

    The hits of a filter are materialised before they are ordered: with a limit in sight the planner would rather
    walk the primary key and test every row.
    """
    key = selection.order.expression if selection.order else "NULL::text"
    scope = f"FROM {table} r WHERE r.organization_id = $1 AND r.directory_id = $2"
    args = list(selection.args)
    paging, args = _paging(selection, args)
    if selection.condition is None and selection.order is None:
        hits, counted, source = "", _COUNTED.format(kind=kind), f"(SELECT r.id, NULL::text AS key {scope}) hit"
    else:
        condition = f" AND ({selection.condition})" if selection.condition else ""
        hits = f"hit AS MATERIALIZED (SELECT r.id, {key} AS key {scope}{condition}), "
        counted, source = "SELECT count(*) AS n FROM hit", "hit"
    order = _order(selection)
    return (
        f"WITH {hits}total AS ({counted}), page AS MATERIALIZED (SELECT id, key FROM {source} {paging})"
        f" SELECT total.n, page.key, {columns} FROM total LEFT JOIN"
        f" (page JOIN {table} r ON r.organization_id = $1 AND r.id = page.id) ON true ORDER BY {order}",
        args,
    )


def _order(selection: Selection) -> str:
    if selection.order is None:
        return "page.id"
    return f"page.key {'DESC NULLS FIRST' if selection.order.is_descending else 'ASC NULLS LAST'}, page.id"


def _paging(selection: Selection, args: list[object]) -> tuple[str, list[object]]:
    """The rows of the page and one more, which tells whether there is a next one."""
    order = _order(selection).replace("page.", "")
    where = ""
    if selection.after is not None:
        where, args = _after(selection, selection.after, args)
    if selection.order is None:
        where, order = where.replace("hit.key", "key"), "id"
    args = [*args, selection.limit + 1, selection.offset]
    at = FIRST + len(args) - 2
    return f"{where} ORDER BY {order} LIMIT ${at} OFFSET ${at + 1}", args


def _after(selection: Selection, after: After, args: list[object]) -> tuple[str, list[object]]:
    at = FIRST + len(args)
    if selection.order is None:
        return f"WHERE hit.id > ${at}", [*args, after.id]
    beyond = "<" if selection.order.is_descending else ">"
    if after.key is None:
        unsorted = "key IS NULL AND id > ${}"
        rest = " OR key IS NOT NULL" if selection.order.is_descending else ""
        return f"WHERE ({unsorted.format(at)}){rest}", [*args, after.id]
    rest = "" if selection.order.is_descending else " OR key IS NULL"
    return f"WHERE key {beyond} ${at} OR (key = ${at} AND id > ${at + 1}){rest}", [*args, after.key, after.id]


_MEMBERS_OF = """
SELECT m.group_id, m.value, m.type, coalesce(u.display_name, g.display_name) AS display
FROM group_member m
LEFT JOIN directory_user u ON u.organization_id = m.organization_id AND u.id = m.value
LEFT JOIN directory_group g ON g.organization_id = m.organization_id AND g.id = m.value
WHERE m.organization_id = $1 AND m.group_id = ANY($2) LIMIT $3
"""


async def members_of(
    organization: OrganizationId, groups: list[uuid.UUID], *, limit: int
) -> list[tuple[uuid.UUID, uuid.UUID, str, str | None]] | None:
    """Group, value, type and display of every member of the groups, or None when there are more than the limit."""
    found = await sql.rows(_MEMBERS_OF, organization, groups, limit + 1)
    return None if len(found) > limit else [tuple(row) for row in found]
