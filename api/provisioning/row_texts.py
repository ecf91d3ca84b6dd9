"""Texts of many rows, as people have them in files: CSV with a head line, or one JSON object a line. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import msgspec

from .errors import BadRow

_CLEARED = "-"
_SWITCHES = frozenset({"active", "is_new"})
_WORDS: Mapping[str, object] = {"yes": True, "no": False}
_SEPARATORS = ",;\t"


def read(text: str) -> list[dict[str, object]]:
    """The rows of a text; raises BadRow naming what is wrong with it. An empty cell is left out, and `-` is None."""
    return _json_lines(text) if text.lstrip().startswith("{") else _csv(text)


def _json_lines(text: str) -> list[dict[str, object]]:
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            rows.append(msgspec.json.decode(line, type=dict[str, object]))
        except msgspec.DecodeError as error:
            raise BadRow(f"Line {number} is no JSON object: {error}.") from error
    return rows


def _csv(text: str) -> list[dict[str, object]]:
    """The rows of a table; the separator is the one of , ; and tab that its head has most often."""
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise BadRow(f"This is no CSV: {error}.") from error
    names = [name.strip() for name in lines[0]] if lines else []
    return [_row(number, names, line) for number, line in enumerate(lines[1:], start=2) if any(line)]


def _row(number: int, names: Sequence[str], cells: Sequence[str]) -> dict[str, object]:
    if len(cells) != len(names):
        raise BadRow(f"Line {number} has {len(cells)} cells, and the head {len(names)}.")
    pairs = [(name, cell.strip()) for name, cell in zip(names, cells, strict=True)]
    return {name: _value(name, cell) for name, cell in pairs if cell}


def _value(name: str, cell: str) -> object:
    if cell == _CLEARED:
        return None
    return _WORDS.get(cell.lower(), cell) if name in _SWITCHES else cell
