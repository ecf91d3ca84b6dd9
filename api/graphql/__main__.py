"""`python -m api.graphql` writes the committed schema anew; with `--check` it tells whether it is the schema."""

from __future__ import annotations

import sys
from pathlib import Path

from .evolution import breaking
from .schema import sdl

_STALE = "api/graphql/schema.graphql is not the schema any more. Run: make schema"

FILE = Path(__file__).parent / "schema.graphql"

RELEASED = Path(__file__).parent / "released.graphql"
"""The schema of the last release, once there was one."""


def main() -> int:
    """Write or compare; 1 when the committed schema is another, or breaks what was released."""
    if "--check" not in sys.argv:
        FILE.write_text(sdl())
        return 0
    trouble = [] if FILE.exists() and FILE.read_text() == sdl() else [_STALE]
    if RELEASED.exists():
        trouble += [
            f"{each} Deprecate first, and remove after a release." for each in breaking(RELEASED.read_text(), sdl())
        ]
    print("\n".join(trouble), end="\n" if trouble else "", file=sys.stderr)
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main())
