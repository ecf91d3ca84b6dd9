"""The one database engine: Piccolo's, with the transaction and pool behaviour that this application needs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Literal

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

from db.errors import UNAVAILABLE

ACQUIRE_SECONDS = 10
STATEMENT_SECONDS = 60

_held: ContextVar[Any] = ContextVar("held_connection", default=None)


class Transaction(PostgresTransaction):
    """A transaction that always gives its connection back, also when BEGIN, COMMIT or ROLLBACK fails.

    Piccolo's own keeps the connection and the context variable then, so that a pool runs dry after a few failures.
    """

    async def begin(self) -> None:
        try:
            await super().begin()  # type: ignore[no-untyped-call]  # Piccolo leaves it untyped
        except BaseException as error:
            _drop_if_lost(self.connection, error)
            await self._give_back()  # nobody leaves what was never entered
            raise

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> Literal[False]:
        try:
            if exception is not None:
                _drop_if_lost(self.connection, exception)
                # The first error is the one worth reporting, not that a lost connection cannot roll back.
                with contextlib.suppress(Exception):
                    await self.rollback()  # type: ignore[no-untyped-call]  # Piccolo leaves it untyped
            elif not self._committed and not self._rolled_back:
                await self.commit()  # type: ignore[no-untyped-call]  # Piccolo leaves it untyped
        except BaseException as error:
            _drop_if_lost(self.connection, error)
            raise
        finally:
            self.engine.current_transaction.reset(self.context)
            await self._give_back()
        return False

    async def _give_back(self) -> None:
        if self.connection is _held.get():
            return
        if self.engine.pool:
            await self.engine.pool.release(self.connection)  # goes on when this task is cancelled meanwhile
        else:
            await self.connection.close()

    async def get_connection(self) -> Any:
        if (held := _held.get()) is not None:
            return held
        if self.engine.pool:
            return await self.engine.pool.acquire(timeout=_patience(self.engine.pool))
        return await self.engine.get_new_connection()


def _patience(pool: Any) -> float | None:
    """How many seconds to wait for a connection; None where one is idle, which spares setting a timer."""
    return None if pool.get_idle_size() else ACQUIRE_SECONDS


def _drop_if_lost(connection: Any, error: BaseException) -> None:
    """Close a connection that the server has ended: the next one to have it would only hear so some moments later."""
    if isinstance(error, UNAVAILABLE):
        with contextlib.suppress(asyncpg.InterfaceError):  # what has ended by itself is the pool's again
            connection.terminate()


async def _keep_as_it_is(_: object) -> None:
    """Stands in for asyncpg's RESET round trip at each release: no statement here sets session state."""


class Engine(PostgresEngine):
    """PostgreSQL by a DSN that may become known after import, with a pool that waits for a bounded time only."""

    def __init__(self, dsn: str | None) -> None:
        super().__init__(config=_configuration(dsn) if dsn else {})

    async def check_version(self) -> None:
        """Piccolo would connect at import time to ask; the server's version is checked when migrating."""

    async def prep_database(self) -> None:
        """Extensions belong to the migrations, not to each start."""

    def use(self, dsn: str) -> None:
        """Name the server; for when it is started, or chosen, after this module was imported."""
        self.config = _configuration(dsn)

    @contextlib.contextmanager
    def hurried(self) -> Iterator[None]:
        """Let pools opened in the block not wait for the disk: a crash may lose what was written last."""
        known, settings = self.config, {**self.config["server_settings"], "synchronous_commit": "off"}
        self.config = {**known, "server_settings": settings}
        try:
            yield
        finally:
            self.config = known

    async def open(self, *, connections: int) -> None:
        """Open the pool for this process and its event loop."""
        await self.start_connection_pool(
            min_size=min(2, connections),
            max_size=connections,
            reset=_keep_as_it_is,
            statement_cache_size=512,
            max_cached_statement_lifetime=0,
        )

    async def close(self) -> None:
        """Close the pool, waiting for what still runs."""
        if self.pool:
            await self.close_connection_pool()

    def transaction(self, allow_nested: bool = False) -> Transaction:
        """A transaction; nested ones raise, because Piccolo would silently commit their failed halves."""
        return Transaction(engine=self, allow_nested=False)

    def current_connection(self) -> Any:
        """The connection of the current transaction or held block, or None."""
        current = self.current_transaction.get()
        return _held.get() if current is None else current.connection

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """One connection of the pool for all statements in the block, instead of one after the other for each.

        Not for blocks that run statements side by side or wait for anything but the database.
        """
        async with self.connection() as connection:
            token = _held.set(connection)
            try:
                yield
            finally:
                _held.reset(token)

    @contextlib.asynccontextmanager
    async def connection(self) -> Any:
        """The current transaction's connection, or one of the pool's for the length of the block."""
        current = self.current_connection()
        if current is not None:
            yield current
        elif self.pool:
            async with self.pool.acquire(timeout=_patience(self.pool)) as pooled:
                try:
                    yield pooled
                except BaseException as error:
                    _drop_if_lost(pooled, error)
                    raise
        else:
            single = await self.get_new_connection()
            try:
                yield single
            finally:
                await single.close()


def _configuration(dsn: str) -> dict[str, Any]:
    return {
        "dsn": dsn,
        "timeout": ACQUIRE_SECONDS,
        "command_timeout": STATEMENT_SECONDS + 10,
        "server_settings": {
            "application_name": "rollcall",
            "statement_timeout": str(STATEMENT_SECONDS * 1000),
            "idle_in_transaction_session_timeout": "60000",
            "jit": "off",
            "timezone": "UTC",
        },
    }


DB = Engine(os.environ.get("DATABASE_URL"))

__all__ = ["DB", "Engine", "Transaction", "asyncpg"]
