"""Needs a decision: a directory brings somebody who is a member already, so that somebody says whether it is them."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from db.enums import LinkState

from .. import forms, here, lists, visits
from ..graph import errors_of
from ..visits import Visit

_SAID = {
    "LINK": "Linked: {} is this member from the next attempt of “{}” on.",
    "KEEP_APART": "Kept apart: “{1}” does not get this member for {0}.",
}


@get("/o/{organization:str}/activity/decisions")
async def decisions(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Questions that are open, or were decided so."""
    return await _shown(await visits.entered(request, organization))


async def _shown(visit: Visit, errors: list[str] | None = None) -> Response[Any]:
    state = visit.request.query_params.get("state", "OPEN")
    state = state if state in LinkState.__members__ else "OPEN"
    span = lists.span(visit.request, 20)
    data = await visit.ask("decisions", organization=visit.organization_id, state=state, **span)
    return visit.page(
        "decisions.html",
        status=422 if errors else 200,
        here=here.of(visit, "activity", data),
        organization=data["organization"],
        state=state,
        states=(("OPEN", "Open"), ("LINK", "Linked"), ("KEEP_APART", "Kept apart")),
        errors=errors or [],
    )


@post("/o/{organization:str}/activity/decisions/{question:uuid}")
async def decide(
    request: Request[Any, Any, Any], organization: FromPath[str], question: FromPath[Any]
) -> Response[Any]:
    """Decides one of them."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    decision = form.text("decision")
    if decision not in _SAID:
        raise NotFoundException
    data = await visit.ask("decision_make", id=visit.id("LinkRequest", str(question)), decision=decision)
    result = data["linkRequestDecide"]
    if errors := errors_of(result):
        return await _shown(visit, errors)
    done = result["linkRequest"]
    directory = done["directory"]["name"] if done["directory"] else "a directory"
    return visit.go(f"{visit.base}/activity/decisions", _SAID[decision].format(done["userName"], directory))


PAGES = [decisions, decide]
