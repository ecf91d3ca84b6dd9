"""Settings: plans, mail, billing and the rest, as this installation is configured; read-only, without secrets."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from .. import configured, here, visits


@get("/settings")
async def settings(request: Request[Any, Any, Any]) -> Response[Any]:
    """What is offered, and what the environment says."""
    visit = await visits.operating(request)
    data = await visit.ask("platform_settings")
    return visit.page(
        "platform_settings.html",
        here=here.platform("settings"),
        plans=data["plans"],
        sections=configured.lines(visit.settings),
    )


PAGES = [settings]
