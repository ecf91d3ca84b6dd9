"""Files that a page gives: written piece by piece, so that long ones need no more memory than short ones."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from litestar.response import Stream

from .visits import HEADERS

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def stream(name: str, media_type: str, pieces: AsyncIterator[str]) -> Stream:
    """A file of these pieces, to be kept under a name of ours."""
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Stream(_bytes(pieces), media_type=media_type, headers=headers)


async def _bytes(pieces: AsyncIterator[str]) -> AsyncIterator[bytes]:
    async for piece in pieces:
        yield piece.encode()


def csv_file(name: str, head: Sequence[str], pages: AsyncIterator[Iterable[Sequence[Any]]]) -> Stream:
    """A table of these pages of rows, as spreadsheets read it."""

    async def pieces() -> AsyncIterator[str]:
        yield "\ufeff" + _lines([head])
        async for rows in pages:
            yield _lines(rows)

    return stream(name, "text/csv; charset=utf-8", pieces())


def _lines(rows: Iterable[Sequence[Any]]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([[_cell(each) for each in row] for row in rows])
    return written.getvalue()


def _cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula, whoever thought it out."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULAS) else text
