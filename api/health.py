"""Whether this process lives, whether it can serve, and how it does, for those who watch it."""

from __future__ import annotations

import secrets
from typing import Any

from litestar import MediaType, Request, Response, get

from api.auth.keys import KeyProblem, bearer
from api.metrics.page import MEDIA_TYPE, page
from db import migrations
from db.errors import UNAVAILABLE
from db.queries import platform


@get("/healthz", media_type=MediaType.TEXT, sync_to_thread=False)
def healthz() -> str:
    """200 as long as the process answers."""
    return "ok"


@get("/readyz", media_type=MediaType.TEXT)
async def readyz() -> Response[str]:
    """200 when the database answers and has been migrated, else 503 with the reason."""
    try:
        await platform.ping()
    except UNAVAILABLE:
        return Response("the database does not answer", status_code=503, media_type=MediaType.TEXT)
    if not await migrations.is_current():
        text = "the database has not been migrated; run `python -m api migrate`"
        return Response(text, status_code=503, media_type=MediaType.TEXT)
    return Response("ready", media_type=MediaType.TEXT)


@get("/metrics")
async def metrics(request: Request[Any, Any, Any]) -> Response[bytes | str]:
    """The numbers for Prometheus, for whoever has the token; 404 when none was set."""
    token: str | None = request.app.state["settings"].metrics_token
    if token is None:
        return Response("ROLLCALL_METRICS_TOKEN is not set", status_code=404, media_type=MediaType.TEXT)
    given = bearer(request.headers.get("authorization"))
    if isinstance(given, KeyProblem) or not secrets.compare_digest(given.encode(), token.encode()):
        headers = {"WWW-Authenticate": 'Bearer realm="Rollcall"'}
        return Response("Send the token of ROLLCALL_METRICS_TOKEN", status_code=401, headers=headers)
    return Response(await page(), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})
