"""Browsers that go to identity providers and come back, and what admins find of those who were not let in."""

from __future__ import annotations

import httpx

from db import sql
from db.sso_rows import ConnectionRow
from tests.conftest import BASE_URL


def browser_of(application: object) -> httpx.AsyncClient:
    """A browser without any cookie."""
    transport = httpx.ASGITransport(app=application)  # type: ignore[arg-type]  # Litestar is an ASGI application
    return httpx.AsyncClient(transport=transport, base_url=BASE_URL)


async def reasons(connection: ConnectionRow) -> list[str]:
    """Why people were not let in, as admins find it, oldest first."""
    found = await sql.rows(
        "SELECT after ->> 'reason' FROM change WHERE subject_id = $1 AND action = 'sign_in_refused' ORDER BY id",
        connection.id,
    )
    return [row[0] for row in found]
