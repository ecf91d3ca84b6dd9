"""Columns with sealed secrets, whatever they are: which key sealed what, and sealing it anew."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from db import sql

_ID_AT, _ID_BYTES = 2, 4
"""Where the id of the key stands in a sealed secret, counted from 1, and how long it is."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of sealed secrets; `row` is the column that tells rows of an organization apart."""

    table: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class Where:
    """A row."""

    organization: uuid.UUID | None
    row: uuid.UUID


async def keys(column: Column) -> list[tuple[bytes, int]]:
    """The ids of the keys that sealed something, with how many secrets."""
    found = await sql.rows(
        f"SELECT substring({column.column} FROM {_ID_AT} FOR {_ID_BYTES}), count(*) FROM {column.table}"
        f" WHERE {column.column} IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    return [(row[0], row[1]) for row in found]


async def others(column: Column, key: bytes, after: Where | None, *, limit: int) -> list[Where]:
    """Rows whose secret another key sealed, in the order of their ids."""
    found = await sql.rows(
        f"SELECT organization_id, {column.row} FROM {column.table}"
        f" WHERE substring({column.column} FROM {_ID_AT} FOR {_ID_BYTES}) <> $1"
        f" AND ($2::uuid IS NULL OR {column.row} > $2)"
        f" ORDER BY {column.row} LIMIT $3",
        key,
        after.row if after else None,
        limit,
    )
    return [Where(*row) for row in found]


async def lock(column: Column, where: Where) -> bytes | None:
    """The secret of a row, which nobody else changes before this transaction ends."""
    found = await sql.row(
        f"SELECT {column.column} FROM {column.table}"
        f" WHERE organization_id IS NOT DISTINCT FROM $1 AND {column.row} = $2 FOR UPDATE",
        where.organization,
        where.row,
    )
    return found[0] if found else None


async def put(column: Column, where: Where, secret: bytes) -> None:
    """Write the secret of a row."""
    await sql.rows(
        f"UPDATE {column.table} SET {column.column} = $3"
        f" WHERE organization_id IS NOT DISTINCT FROM $1 AND {column.row} = $2",
        where.organization,
        where.row,
        secret,
    )
