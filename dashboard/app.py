"""The whole application: the edges of `api`, and pages above them. This is what servers are told to serve."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from api import app as edges
from api import settings
from api.settings import Settings

from . import problems, rendering
from .graph import Graph
from .pages import PAGES

_DOCUMENTS = Path(__file__).parent / "documents"


@get("/static/{name:str}")
async def static(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """A static file, which browsers may keep for ever: its address changes when it does."""
    asset = rendering.assets().get(name)
    if asset is None:
        raise NotFoundException
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.zipped, media_type=asset.media_type, headers=headers)
    return Response(asset.body, media_type=asset.media_type, headers=headers)


def create_app(chosen: Settings) -> Litestar:
    """The application for these settings; raises SettingsError, and BrokenDocuments for what would fail in a page."""
    made = edges.create_app(chosen, pages=[static, *PAGES], exception_handlers=problems.HANDLERS)
    made.state["graph"] = Graph.load(_DOCUMENTS, chosen)
    made.state["paths"] = frozenset(route.path for route in made.routes)
    return made


def app() -> Litestar:
    """The application for the settings in the environment."""
    return create_app(settings.read())
