"""Lists as files for spreadsheets: streamed, and harmless when a spreadsheet opens them."""

from __future__ import annotations

import csv
import io
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


def text(rows: Iterable[Row]) -> str:
    """Lines of a file (RFC 4180). What a spreadsheet would take for a formula begins with an apostrophe."""
    kept = io.StringIO()
    csv.writer(kept).writerows([_harmless(each) for each in row] for row in rows)
    return kept.getvalue()


def _harmless(value: object) -> object:
    """A cell; numbers of ours stay numbers, also below zero."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_BEGINS_FORMULA):
        return f"'{value}"
    return "" if value is None else value


async def file(name: str, head: Row, ask: Ask, row: Callable[[dict[str, Any]], Row]) -> Stream:
    """All of a list as a file; raises Failed before anything is sent, if whoever looks may not."""
    first = await ask(None)

    async def parts() -> AsyncIterator[str]:
        yield text([head])
        found = first
        while True:
            yield text(row(each) for each in found["nodes"])
            if not found["pageInfo"]["hasNextPage"]:
                return
            found = await ask(found["pageInfo"]["endCursor"])

    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Stream(parts(), media_type="text/csv; charset=utf-8", headers=headers)
