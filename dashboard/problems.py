"""What went wrong, as a page that helps: what happened, and what to do."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, NotFoundException
from litestar.response import Redirect

from api.identity.problems import Shut, ShutOut
from api.provisioning.errors import TooOften
from db.errors import UNAVAILABLE, TooSlow
from db.ids import new_id

from . import visits
from .graph import Failed
from .visits import HEADERS, SignInFirst

_logger = logging.getLogger("rollcall.dashboard")

_TITLES = {403: "You may not do this", 404: "There is no such page", 413: "That is too much", 429: "Too often"}


def _page(request: Request[Any, Any, Any], status: int, title: str, text: str, **more: Any) -> Response[Any]:
    given = {"title": title, "text": text, "trace": None, "actions": (), **more}
    given["who"] = request.state.get(visits.CONTACT)
    answer = visits.anybody(request).page("problem.html", "main", status=status, **given)
    if request.headers.get("hx-request") == "true":  # whatever was asked for, a row perhaps, this is no such thing
        answer.headers.update({"HX-Retarget": "#main", "HX-Reswap": "innerHTML"})
    return answer


def sign_in_first(request: Request[Any, Any, Any], _: SignInFirst) -> Response[Any]:
    """To the page where one signs in, and back afterwards; what was sent by a form is lost, and that is told."""
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    place = "/sign-in" if back == "/" or request.method != "GET" else f"/sign-in?next={quote(back)}"
    if request.headers.get("hx-request") == "true":
        return Response("", status_code=204, headers={**HEADERS, "HX-Redirect": place})
    return Redirect(place, status_code=303, headers=dict(HEADERS))


def shut_out(request: Request[Any, Any, Any], problem: ShutOut) -> Response[Any]:
    """Why somebody may not enter, with the way in if there is one."""
    here = f"/o/{problem.membership.organization_id}"
    sign_in = f"/sign-in?next={quote(here)}"
    actions = [("Your organizations", "/")]
    if problem.shut is Shut.SSO_ENFORCED:
        actions.insert(0, ("Continue with single sign-on", f"{here}/sso"))
    elif problem.shut is not Shut.NO_ACCESS:
        actions.insert(0, ("Sign in again", sign_in))
    title = f"You are not in {problem.membership.organization}"
    return _page(request, 403, title, str(problem), actions=actions)


def failed(request: Request[Any, Any, Any], problem: Failed) -> Response[Any]:
    """What GraphQL says of it."""
    if problem.code == "FORBIDDEN":
        return _page(request, 403, _TITLES[403], f"{problem} Ask an admin of your organization for it.")
    if problem.code in ("NOT_FOUND", "BAD_ID"):
        return not_found(request, NotFoundException())
    if problem.code in ("BAD_REQUEST", "INVALID", "TOO_LARGE"):
        return _page(request, 400, "That did not work", f"{problem}")
    _logger.error("A page failed: %s (%s, trace %s)", problem, problem.code, problem.trace)
    return _page(request, 500, "That did not work", f"{problem}", trace=problem.trace)


def not_found(request: Request[Any, Any, Any], _: HTTPException) -> Response[Any]:
    """The same for what does not exist and for what is another's."""
    text = "It may have been removed, the address is not whole, or it is for people who signed in another way."
    actions = [("To the start", "/")]
    if request.url.path.startswith("/o/") and request.method == "GET":
        actions.append(("Sign in another way", f"/sign-in?next={quote(request.url.path)}"))
    return _page(request, 404, _TITLES[404], text, actions=actions)


def refused(request: Request[Any, Any, Any], problem: HTTPException) -> Response[Any]:
    """What Litestar or a form refuses."""
    if problem.status_code == 404:
        return not_found(request, problem)
    title = _TITLES.get(problem.status_code, "That did not work")
    return _page(request, problem.status_code, title, problem.detail or "Go back, and try it another way.")


def too_often(request: Request[Any, Any, Any], problem: TooOften) -> Response[Any]:
    """When it may be tried again."""
    answer = _page(request, 429, _TITLES[429], str(problem))
    answer.headers["Retry-After"] = f"{problem.retry_after:.0f}"
    return answer


def away(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The database does not answer, or not in time."""
    _logger.warning("A page could not be made: %s", error)
    text = "The database does not answer right now. Nothing was changed by this; load the page again in a moment."
    answer = _page(request, 503, "Rollcall is short of its database", text)
    answer.headers["Retry-After"] = "5"
    return answer


def broken(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A mistake of ours."""
    trace = str(new_id())
    _logger.exception("A page broke (trace %s)", trace, exc_info=error)
    text = "This is our mistake. Tell whoever runs Rollcall, with the number below; it stands in the log."
    return _page(request, 500, "Something broke", text, trace=trace)


def _for_pages(handler: Callable[[Request[Any, Any, Any], Any], Response[Any]]) -> Any:
    """Only what browsers ask for is answered by pages; programs get what they understand."""

    def handle(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        wants_page = "text/html" in request.headers.get("accept", "") or request.headers.get("hx-request") == "true"
        page = handler(request, error)
        if wants_page or isinstance(error, ShutOut | SignInFirst):
            return page
        text = error.detail if isinstance(error, HTTPException) else str(error) if isinstance(error, Failed) else ""
        return Response(text or "Something broke.", status_code=page.status_code, media_type=MediaType.TEXT)

    return handle


HANDLERS: Mapping[Any, Any] = {
    SignInFirst: _for_pages(sign_in_first),
    ShutOut: _for_pages(shut_out),
    Failed: _for_pages(failed),
    TooOften: _for_pages(too_often),
    TooSlow: _for_pages(away),
    **{each: _for_pages(away) for each in UNAVAILABLE},
    HTTPException: _for_pages(refused),
    Exception: _for_pages(broken),
}
"""By what was raised."""
