"""Files of many rows: CSV with a head line, or one JSON object a line."""

from __future__ import annotations

import sys
from pathlib import Path

from api.provisioning import row_texts
from api.provisioning.errors import BadRow

from .errors import CommandError

FORMAT = """\
The file is CSV with names of columns in its first line, or has one JSON object in each line. In CSV an empty cell
leaves a value as it is, and `-` clears it."""


def read(file: str) -> list[dict[str, object]]:
    """The rows of a file, or of standard input for `-`; raises CommandError naming what is wrong with it."""
    try:
        rows = row_texts.read(_text(file))
    except BadRow as error:
        raise CommandError(str(error)) from error
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
