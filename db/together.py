"""Several writes in one round trip: data-modifying common table expressions of one statement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from db import sql

_PLACEHOLDER = re.compile(r"\$(\d+)")


@dataclass(frozen=True, slots=True)
class Part:
    """One INSERT, UPDATE or DELETE with its own `$1…`; later parts may read what it RETURNs under its name."""

    name: str
    statement: str
    args: tuple[object, ...]


async def together(parts: Sequence[Part]) -> None:
    """Run all parts as one statement: one snapshot, one round trip, foreign keys checked at its end.

    No two parts may touch the same row: PostgreSQL would apply only one of them.
    """
    if not parts:
        return
    text = _combined(tuple((part.name, part.statement, len(part.args)) for part in parts))
    await sql.rows(text, *(argument for part in parts for argument in part.args))


@lru_cache(maxsize=512)
def _combined(parts: tuple[tuple[str, str, int], ...]) -> str:
    expressions, first = [], 0
    for name, statement, count in parts:
        expressions.append(f"{name} AS ({_renumbered(statement, first)})")
        first += count
    return f"WITH {', '.join(expressions)} SELECT"


def _renumbered(statement: str, first: int) -> str:
    return _PLACEHOLDER.sub(lambda found: f"${int(found[1]) + first}", statement)
