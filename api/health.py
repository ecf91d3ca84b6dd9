"""Whether this process lives, and whether it can serve."""

from __future__ import annotations

from litestar import MediaType, Response, get

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
