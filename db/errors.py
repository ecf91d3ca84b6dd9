"""What the database can say no to, for those who must not know its driver."""

from __future__ import annotations

import asyncpg


class TooSlow(Exception):
    """A statement needed longer than it may."""


class NotUnique(Exception):
    """A value that must be unique is taken; `index` names the unique index."""

    def __init__(self, index: str) -> None:
        super().__init__(index)
        self.index = index


UNAVAILABLE: tuple[type[BaseException], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
"""What is raised when the database is away, or goes away just now, or has no connection left for now."""

REFUSED: tuple[type[BaseException], ...] = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)
"""What is raised when the database is there but will not take these values."""
