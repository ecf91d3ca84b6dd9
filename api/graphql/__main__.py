"""`python -m api.graphql` writes the committed schema anew; with `--check` it tells whether it is the schema."""

from __future__ import annotations

import sys
from pathlib import Path

from .schema import sdl

FILE = Path(__file__).parent / "schema.graphql"


def main() -> int:
    """Write or compare; 1 when the committed schema is another."""
    if "--check" not in sys.argv:
        FILE.write_text(sdl())
        return 0
    if FILE.exists() and FILE.read_text() == sdl():
        return 0
    print("api/graphql/schema.graphql is not the schema any more. Run: make schema", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
