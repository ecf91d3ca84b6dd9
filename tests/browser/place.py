"""Rollcall in processes of its own, as it is deployed: server, worker, and a database that no other test empties."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from db.embedded import lifetime
from db.engine import Engine, _held
from tests.commands.processes import ROOT, Home, free_port
from tests.conftest import new_database

_SECONDS_TO_START = 240  # the machine may have much else to do


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is served, with a client for programs; `log` is what its processes have written."""

    url: str
    http: httpx.AsyncClient
    database_url: str
    log: Path

    @contextlib.asynccontextmanager
    async def within(self) -> AsyncIterator[None]:
        """Services that are called in the block work on the database of the server, and not on that of other tests."""
        connection = await Engine(self.database_url).get_new_connection()
        # There is no other way to say it: the engine is one for a process, and other tests have theirs open.
        token = _held.set(connection)
        try:
            yield
        finally:
            _held.reset(token)
            await connection.close()


@contextlib.asynccontextmanager
async def served(server_url: str, name: str, folder: Path, secret_keys: Path) -> AsyncIterator[Place]:
    """A place with an empty database of that name on a server."""
    database_url = await new_database(server_url, name)
    home, log = Home(folder, free_port()), folder / "log"
    environment = {
        **home.environment,
        "DATABASE_URL": database_url,
        "ROLLCALL_SECRET_KEYS": str(secret_keys),
        "ROLLCALL_MAILBOX": "yes",
        "ROLLCALL_GRAPHIQL": "yes",
        "ROLLCALL_LOG_LEVEL": "warning",
        # Nothing is asked of the world: the resolver is nobody, and webhooks go to where nobody listens.
        "ROLLCALL_DNS_RESOLVERS": "127.0.0.1:9",
        "ROLLCALL_ALLOW_NETWORKS": "127.0.0.0/8",
    }
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "api", "serve"], cwd=ROOT, env=environment, stdout=written, stderr=written
        )
    try:
        lifetime.wait_until(lambda: home.status("/readyz") == 200 or process.poll() is not None, _SECONDS_TO_START)
        assert home.status("/readyz") == 200, f"the server did not start:\n{log.read_text()}"
        async with httpx.AsyncClient(base_url=home.url, timeout=30) as http:
            yield Place(home.url, http, database_url, log)
    finally:
        process.terminate()
        try:
            process.wait(25)
        except subprocess.TimeoutExpired:
            process.kill()
