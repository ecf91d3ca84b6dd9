"""Pages of long lists by keyset: where the last page ended is found by index, however far that is."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import asyncpg

from db import sql

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in a list: by what it is sorted, and its id among those alike."""

    key: object
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Span:
    """A page of a list: so many rows behind a place or before it; from the one end or the other without a place."""

    limit: int
    place: Place | None = None
    is_backwards: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows in the order of the list, each with its place, and whether there are more in the direction of the page."""

    rows: Sequence[T] = ()
    places: Sequence[Place] = ()
    has_more: bool = False


PageOf: TypeAlias = tuple[uuid.UUID, Span]
"""A page of the list that one thing has."""


def by_span(asked: Iterable[PageOf]) -> dict[Span, list[uuid.UUID]]:
    """Whose lists are asked for the same page."""
    found = defaultdict[Span, list[uuid.UUID]](list)
    for id, span in asked:
        found[span].append(id)
    return found


@dataclass(frozen=True, slots=True)
class Order:
    """By which expressions a list is sorted, of which the second is unique; `type` is that of the first, never null."""

    key: str
    id: str = "id"
    type: str = "uuid"
    is_descending: bool = False


async def page(
    select: str, conditions: Sequence[str], args: Sequence[object], order: Order, span: Span
) -> Page[asyncpg.Record]:
    """A page of what `select` finds, without its own WHERE and ORDER BY; `conditions` use `args` as $1…

    The rows have two columns more at their end, the place.
    """
    text, values = _statement(select, conditions, args, order, span)
    return _page(await sql.rows(text, *values), span)


async def page_of_wide(
    select: str, conditions: Sequence[str], args: Sequence[object], order: Order, span: Span
) -> Page[asyncpg.Record]:
    """The same for a table that is sorted by what no index has: only key and id of all its rows are carried.

    `select` is of that table alone, as `m`; `$1` is the organization.
    """
    head, table = select.split("\nFROM ", 1)
    narrow, by, values = _ordered(f"SELECT {order.key} AS key, {order.id} AS id", table, conditions, args, order, span)
    found = await sql.rows(
        f"WITH page AS MATERIALIZED ({narrow}) {head}, page.key, page.id"
        f"\nFROM page JOIN {table} ON m.organization_id = $1 AND m.id = page.id\nORDER BY {by}",
        *values,
    )
    return _page(found, span)


async def pages_of_each(
    parents: Sequence[uuid.UUID],
    select: str,
    conditions: Sequence[str],
    args: Sequence[object],
    order: Order,
    span: Span,
) -> dict[uuid.UUID, Page[asyncpg.Record]]:
    """The same page of the lists of many parents in one statement; `conditions` know the parent as `parent.id`.

    Who has nothing on the page is left out.
    """
    text, values = _statement(select, conditions, args, order, span)
    found = await sql.rows(
        f"SELECT parent.id, found.* FROM unnest(${len(values) + 1}::uuid[]) WITH ORDINALITY AS parent (id, number)"
        f" CROSS JOIN LATERAL (SELECT each.*, row_number() OVER () AS place FROM ({text}) each) found"
        " ORDER BY parent.number, found.place",
        *values,
        list(parents),
    )
    lists: dict[uuid.UUID, list[Any]] = {}
    for row in found:
        lists.setdefault(row[0], []).append(tuple(row)[1:-1])
    return {parent: _page(rows, span) for parent, rows in lists.items()}


def _statement(
    select: str, conditions: Sequence[str], args: Sequence[object], order: Order, span: Span
) -> tuple[str, list[object]]:
    head, table = select.split("\nFROM ", 1)
    text, _, values = _ordered(f"{head}, {order.key}, {order.id}", table, conditions, args, order, span)
    return text, values


def _ordered(
    head: str, table: str, conditions: Sequence[str], args: Sequence[object], order: Order, span: Span
) -> tuple[str, str, list[object]]:
    """The statement, by what it sorts, and its values."""
    is_up = order.is_descending == span.is_backwards
    where, values = list(conditions), list(args)
    if span.place is not None:
        count = len(values)
        sign = ">" if is_up else "<"
        if order.key == order.id:
            where.append(f"{order.id} {sign} ${count + 1}::uuid")
            values.append(span.place.id)
        else:
            where.append(f"({order.key}, {order.id}) {sign} (${count + 1}::{order.type}, ${count + 2}::uuid)")
            values += [span.place.key, span.place.id]
    direction = "ASC" if is_up else "DESC"
    by = f"{order.id} {direction}"
    if order.key != order.id:
        by = f"{order.key} {direction}, {by}"
    text = f"{head}\nFROM {table}\nWHERE {' AND '.join(where) or 'true'}\nORDER BY {by}\nLIMIT ${len(values) + 1}"
    return text, by, [*values, span.limit + 1]


def _page(found: list[asyncpg.Record], span: Span) -> Page[asyncpg.Record]:
    kept = found[: span.limit]
    if span.is_backwards:
        kept.reverse()
    places = [Place(row[len(row) - 2], row[len(row) - 1]) for row in kept]
    return Page(kept, places, len(found) > span.limit)
