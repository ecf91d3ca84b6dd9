"""Lists as files: written piece by piece, so that long ones need no more memory than short ones."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import Any

from litestar.response import Stream

from .visits import HEADERS

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
PAGE = 100
"""How many lines are asked for at a time."""

Row = Sequence[object]
Ask = Callable[[str | None], Awaitable[dict[str, Any]]]
"""The part of a connection behind a cursor."""


async def csv_file(name: str, head: Row, ask: Ask, row: Callable[[dict[str, Any]], Row]) -> Stream:
    """All of a list as a table for spreadsheets; raises Failed before anything is sent, if whoever looks may not."""

    def lines(nodes: Sequence[dict[str, Any]], is_first: bool) -> str:
        written = text(row(each) for each in nodes)
        return f"\ufeff{text([head])}{written}" if is_first else written

    return await _file(f"{name}.csv", "text/csv; charset=utf-8", ask, lines)


async def json_lines(name: str, ask: Ask) -> Stream:
    """All of a list, one JSON object a line; raises Failed before anything is sent, if whoever looks may not."""

    def lines(nodes: Sequence[dict[str, Any]], is_first: bool) -> str:
        return "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in nodes)

    return await _file(f"{name}.jsonl", "application/jsonl; charset=utf-8", ask, lines)


async def _file(name: str, media_type: str, ask: Ask, lines: Callable[[Sequence[dict[str, Any]], bool], str]) -> Stream:
    first = await ask(None)

    async def parts() -> AsyncIterator[str]:
        found, is_first = first, True
        while True:
            yield lines(found["nodes"], is_first)
            if not found["pageInfo"]["hasNextPage"]:
                return
            found, is_first = await ask(found["pageInfo"]["endCursor"]), False

    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Stream(parts(), media_type=media_type, headers=headers)


def text(rows: Iterable[Row]) -> str:
    """Lines of a table (RFC 4180). What a spreadsheet would take for a formula begins with an apostrophe."""
    kept = io.StringIO(newline="")
    csv.writer(kept).writerows([_harmless(each) for each in row] for row in rows)
    return kept.getvalue()


def _harmless(value: object) -> object:
    """A cell; numbers of ours stay numbers, also below zero."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_BEGINS_FORMULA):
        return f"'{value}"
    return "" if value is None else value
