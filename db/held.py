"""One connection for several statements, for those who must not know the engine."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from db.engine import DB


def one_connection() -> AbstractAsyncContextManager[None]:
    """Statements in the block share a connection. Run them one after another, and wait for no client meanwhile."""
    return DB.held()
