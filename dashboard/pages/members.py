"""One member: who they are, what they may do and why, and what happened to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from .. import here, lists, visits, words
from ..visits import HEADERS, Visit
from .people import SEATS

TABS = (
    ("access", "Access"),
    ("profile", "Profile"),
    ("groups", "Groups"),
    ("activity", "Activity"),
    ("memberships", "Memberships"),
    ("raw", "Raw SCIM"),
)
_HISTORY = 30


@get("/o/{organization:str}/people/{member:uuid}")
async def member(request: Request[Any, Any, Any], organization: FromPath[str], member: FromPath[Any]) -> Response[Any]:
    """Everything about one person."""
    visit = await visits.entered(request, organization)
    return await shown(visit, str(member), request.query_params.get("tab", ""))


async def shown(
    visit: Visit,
    member: str,
    tab: str = "",
    *,
    errors: list[str] | None = None,
    conflict: str = "",
    typed: Mapping[str, str] | None = None,
    act: str = "",
) -> Response[Any]:
    """The page of a member: with what was in the way of an act or who was quicker, and what was typed for that."""
    id, may_audit = visit.id("Member", member), visit.may("audit.read")
    data = await visit.ask("member", id=id)
    found = data["member"]
    if found is None:
        raise NotFoundException
    tab, activity = tab if tab in dict(TABS) else "access", None
    if tab == "activity":
        asked = await visit.ask("member_activity", id=id, history=may_audit, **lists.span(visit.request, _HISTORY))
        activity = asked["member"]
    path = f"{visit.base}/people/{member}"
    return visit.page(
        "member.html",
        "member",
        status=409 if conflict else 422 if errors else 200,
        here=here.of(visit, "people", found),
        member=found,
        tab=tab,
        tabs=TABS,
        path=path,
        activity=activity,
        seats=SEATS,
        errors=[conflict] if conflict else errors or [],
        is_conflict=bool(conflict),
        typed=typed or {},
        act=act,
        changed="",
        ask=f"{path}/news?{lists.query({'tab': tab, 'v': str(found['version'])})}",
        here_again=f"{path}?tab={tab}",
    )


@get("/o/{organization:str}/people/{member:uuid}/news")
async def news(request: Request[Any, Any, Any], organization: FromPath[str], member: FromPath[Any]) -> Response[Any]:
    """Who has changed a member since the page was made; 204 while nobody has."""
    visit = await visits.entered(request, organization)
    path, tab = f"{visit.base}/people/{member}", request.query_params.get("tab", "")
    if not visit.is_htmx:
        return visit.go(f"{path}?{lists.query({'tab': tab})}")
    changed = await since(visit, str(member), request.query_params.get("v", ""))
    if not changed:
        return Response("", status_code=204, headers=dict(HEADERS))
    return visit.page("member.html", "news", changed=changed, here_again=f"{path}?{lists.query({'tab': tab})}")


async def since(visit: Visit, member: str, version: str) -> str:
    """Who has changed a member, and when, if it is another version now; nothing if not."""
    data = await visit.ask("member_news", id=visit.id("Member", member), history=visit.may("audit.read"))
    found = data["member"]
    if found is None:
        raise NotFoundException
    if str(found["version"]) == version:
        return ""
    for entry in (found.get("history") or {"nodes": ()})["nodes"]:
        return f"Changed {words.ago(entry['at'])} by {_who(entry['actor'])}"
    return f"Changed {words.ago(found['updatedAt'])}"


def _who(actor: Mapping[str, Any]) -> str:
    name = actor["name"]
    if actor["kind"] == "DIRECTORY":
        return f"the directory “{name}”" if name else "a directory"
    return str(name or ("Rollcall itself" if actor["kind"] == "SYSTEM" else "somebody who is gone"))


PAGES = [member, news]
