"""Coming by a portal link: a button that uses it up, and the session that follows (R046, R047)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response, get, post
from litestar.params import FromPath

from api.identity import portal
from api.identity.problems import LinkOver
from api.sign_in.cookies import Cookies
from db.enums import PortalPurpose

from .. import forms, guests, visits, words
from ..visits import Visit

_FIRST = {PortalPurpose.PROVISIONING: "provisioning/new", PortalPurpose.DOMAINS: "domains"}


@get("/portal/{token:str}")
async def look(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """Says what the link is for; only the button uses it up, since programs look through mails."""
    visit = visits.stranger(request)
    try:
        link = await portal.look(token)
    except LinkOver as problem:
        return _over(visit, str(problem))
    return visit.page("portal/link.html", link=link)


@post("/portal/{token:str}")
async def use(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """Uses the link up, and leads to what it is for."""
    visit = visits.anybody(request)
    await forms.read(visit)
    try:
        begun = await portal.enter(token)
    except LinkOver as problem:
        return _over(visit, str(problem))
    first = _FIRST[portal.purpose_of(begun.link)]
    cookie = Cookies.of(visit.settings).portal(begun.token)
    return visit.go(f"/o/{begun.link.organization_id}/{first}", cookies=[cookie])


@post("/o/{organization:str}/portal/{act:str}")
async def session(request: Request[Any, Any, Any], organization: FromPath[str], act: FromPath[str]) -> Response[Any]:
    """Gives a session another hour, or ends it."""
    visit = await guests.entered(request, organization, guests.PROVING_DOMAINS)
    await forms.read(visit)
    if visit.guest is None:
        return visit.go(f"{visit.base}/provisioning")
    if act == "end":
        await portal.end(visit.guest)
        return visit.page("portal/ended.html", link=visit.guest)
    ends = await portal.extend(visit.guest)
    longer = replace(visit, guest=replace(visit.guest, session_ends_at=ends))
    if visit.is_htmx:  # in place: what was typed stays, and so does a key that is shown once
        return longer.page("portal/layout.html", "time")
    return visit.go(_back(visit), f"You have until {words.clock(ends)}.")


def _back(visit: Visit) -> str:
    """The page of the organization that a form was on; the first one where the browser does not say."""
    assert visit.guest is not None
    here = urlsplit(visit.request.headers.get("referer", ""))
    if here.path.startswith(f"{visit.base}/"):
        return f"{here.path}?{here.query}" if here.query else here.path
    return f"{visit.base}/{_FIRST[portal.purpose_of(visit.guest)]}"


def _over(visit: Visit, text: str) -> Response[Any]:
    title = "Ask for a new link"
    return visit.page(
        "problem.html", status=410, title=title, text=f"This link is over. {text}", trace=None, actions=[]
    )


PAGES = [look, use, session]
