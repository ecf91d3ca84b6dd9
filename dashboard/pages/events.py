"""Requests of all organizations, for whoever runs this installation."""

from __future__ import annotations

import uuid
from typing import Any

from litestar import Request, Response, get

from .. import activity_words, here, lists, visits, words
from ..visits import Visit

_SHOWN = (("", "All"), ("REFUSED", "Refused"))


@get("/events")
async def events(request: Request[Any, Any, Any]) -> Response[Any]:
    """The requests of the last 31 days, newest first; with `trace`, on to the one with that id."""
    visit = await visits.operating(request)
    trace = request.query_params.get("trace", "").strip()
    return await (_find(visit, trace) if trace else _list(visit))


async def _find(visit: Visit, trace: str) -> Response[Any]:
    try:
        found = (await visit.ask("platform_request", trace=str(uuid.UUID(trace))))["platformRequest"]
    except ValueError:
        text = f"“{trace}” is no trace id. One looks like 01a2050f-82e2-72e6-a689-4b7683258694; copy all of it."
        return await _list(visit, text, trace)
    if found is None:
        text = (
            f"No organization has a request {trace}. Requests are kept as long as each organization’s retention says."
        )
        return await _list(visit, text, trace)
    return visit.go(f"/o/{words.uid(found['organization']['id'])}/activity/{found['request']['traceId']}")


async def _list(visit: Visit, problem: str = "", trace: str = "") -> Response[Any]:
    outcome = visit.request.query_params.get("outcome", "")
    outcome = outcome if outcome in dict(_SHOWN) else ""
    data = await visit.ask("platform_requests", refused=bool(outcome), **lists.span(visit.request))
    return visit.page(
        "events.html",
        status=422 if problem else 200,
        here=here.platform("activity"),
        found=data["platformRequests"],
        outcome=outcome,
        shown=_SHOWN,
        trace=trace,
        errors=[problem] if problem else [],
        action=activity_words.action,
        effects=activity_words.effects,
    )


PAGES = [events]
