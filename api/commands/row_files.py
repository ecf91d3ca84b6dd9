"""Files of many rows: CSV with a head line, or one JSON object a line."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from .errors import CommandError

FORMAT = """\
The file is CSV with names of columns in its first line, or has one JSON object in each line. In CSV an empty cell
leaves a value as it is, and `-` clears it."""

_CLEARED = "-"
_SWITCHES = frozenset({"active", "is_new"})
_WORDS: Mapping[str, object] = {"yes": True, "no": False}
_SEPARATORS = ",;\t"


def read(file: str) -> list[dict[str, object]]:
    """The rows of a file, or of standard input for `-`; raises CommandError naming what is wrong with it."""
    text = _text(file)
    rows = _json_lines(text) if text.lstrip().startswith("{") else _csv(text)
    if not rows:
        raise CommandError(f"{file} has no rows.")
    return rows


def _text(file: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is no text in UTF-8. Save it as “CSV UTF-8”.") from error


def _json_lines(text: str) -> list[dict[str, object]]:
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            rows.append(msgspec.json.decode(line, type=dict[str, object]))
        except msgspec.DecodeError as error:
            raise CommandError(f"Line {number} is no JSON object: {error}.") from error
    return rows


def _csv(text: str) -> list[dict[str, object]]:
    """The rows of a table; the separator is the one of , ; and tab that its head has most often."""
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise CommandError(f"This is no CSV: {error}.") from error
    names = [name.strip() for name in lines[0]] if lines else []
    return [_row(number, names, line) for number, line in enumerate(lines[1:], start=2) if any(line)]


def _row(number: int, names: Sequence[str], cells: Sequence[str]) -> dict[str, object]:
    if len(cells) != len(names):
        raise CommandError(f"Line {number} has {len(cells)} cells, and the head {len(names)}.")
    pairs = [(name, cell.strip()) for name, cell in zip(names, cells, strict=True)]
    return {name: _value(name, cell) for name, cell in pairs if cell}


def _value(name: str, cell: str) -> object:
    if cell == _CLEARED:
        return None
    return _WORDS.get(cell.lower(), cell) if name in _SWITCHES else cell
