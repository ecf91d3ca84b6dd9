"""Builds the application: wires edges, pool and background work; decides nothing."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from litestar import Litestar, asgi
from litestar.types import Receive, Scope, Send

from api import logs, settings
from api.health import healthz, readyz
from api.provisioning import request_log
from api.scim.edge import ScimEdge
from api.settings import Settings
from db.engine import DB


def create_app(chosen: Settings) -> Litestar:
    """The application for these settings."""
    edge = ScimEdge(chosen)

    @asgi("/scim", is_mount=True, copy_scope=False)
    async def scim(scope: Scope, receive: Receive, send: Send) -> None:
        await edge(scope, receive, send)

    @contextlib.asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await DB.open(connections=chosen.connections)
        try:
            async with request_log.running():
                yield
        finally:
            await DB.close()

    logs.configure(chosen)
    return Litestar(
        [healthz, readyz, scim],
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=chosen.max_body_bytes,
    )


def app() -> Litestar:
    """The application for the settings in the environment; what servers import."""
    return create_app(settings.read())
