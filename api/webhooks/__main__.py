"""`python -m api.webhooks` writes docs/events; with `--check` it only says whether that is up to date."""

from __future__ import annotations

import sys
from pathlib import Path

from . import schemas

FOLDER = Path(__file__).parents[2] / "docs" / "events"


def main(argv: list[str]) -> int:
    """Write or check; 1 for files that are out of date."""
    there = {file.name: file.read_text() for file in FOLDER.glob("*.json")}
    wanted = schemas.files()
    if "--check" in argv:
        if there != wanted:
            print("docs/events is out of date: make schema", file=sys.stderr)
        return int(there != wanted)
    for name in there.keys() - wanted.keys():
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
