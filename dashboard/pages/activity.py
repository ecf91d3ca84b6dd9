"""Activity: what identity providers asked for, what was decided, and what it changed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from db.request_rows import Method, Outcome

from .. import activity_words, bars, here, lists, visits, words
from ..graph import Failed
from ..visits import HEADERS, Visit

_FIELDS = ("query", "outcome", "directory", "method", "resource", "from", "to")
_OUTCOMES = (("WRITE", "Accepted changes"), ("REFUSED", "Refused"), ("READ", "Reads"))
_RESOURCES = (("User", "Users"), ("Group", "Groups"))
_METHODS = (
    ("POST", "Create (POST)"),
    ("PATCH", "Change (PATCH)"),
    ("PUT", "Replace (PUT)"),
    ("DELETE", "Remove (DELETE)"),
    ("GET", "Read (GET)"),
)
_NEWS = 50


@get("/o/{organization:str}/activity")
async def activity(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Requests that fit what stands in the address, newest first; with `trace` the one with that id."""
    visit = await visits.entered(request, organization)
    chosen = _chosen(request)
    if trace := request.query_params.get("trace", "").strip():
        if found := _trace(trace):
            return visit.go(f"{visit.base}/activity/{found}")
        problem = f"“{trace}” is no trace id. One looks like 01a2050f-82e2-72e6-a689-4b7683258694; copy all of it."
        return await _list(visit, chosen, problem, trace)
    return await _list(visit, chosen)


def _chosen(request: Request[Any, Any, Any]) -> dict[str, str]:
    return {name: request.query_params.get(name, "").strip() for name in _FIELDS}


def _trace(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


async def _list(visit: Visit, chosen: dict[str, str], problem: str = "", trace: str = "") -> Response[Any]:
    asked = {"organization": visit.organization_id, "traffic": not visit.is_htmx, **lists.span(visit.request)}
    try:
        data = await visit.ask("activity", filter=_filter(visit, chosen), **asked)
    except Failed as failed:
        if failed.code not in ("BAD_REQUEST", "INVALID"):
            raise
        problem = problem or str(failed)
        data = await visit.ask("activity", **{**asked, "after": None, "before": None})
    found = data["organization"]
    return visit.page(
        "activity.html",
        "activity",
        status=422 if problem else 200,
        here=here.of(visit, "activity", data),
        organization=found,
        errors=[problem] if problem else [],
        trace=trace,
        chosen=chosen,
        query=lists.query(chosen),
        chips=_chips(found, chosen),
        news=_news(visit, chosen, found["requests"]["pageInfo"]["startCursor"] or "", "0"),
        outcomes={each["id"]: bars.outcomes(each["traffic"]) for each in found["directories"] if "traffic" in each},
        is_newest=not visit.request.query_params.get("after") and not visit.request.query_params.get("before"),
        action=activity_words.action,
        effects=activity_words.effects,
        patience=activity_words.patience(found["directories"]),
        choices={
            "outcome": _OUTCOMES,
            "method": _METHODS,
            "resource": _RESOURCES,
            "directory": [(words.uid(each["id"]), each["name"]) for each in found["directories"]],
        },
    )


def _filter(visit: Visit, chosen: Mapping[str, str]) -> dict[str, Any]:
    """What the address asks for, but for what makes no sense."""
    wanted: dict[str, Any] = {}
    if chosen["query"]:
        wanted["subject"] = chosen["query"]
    if chosen["outcome"] in Outcome.__members__:
        wanted["outcome"] = chosen["outcome"]
    if chosen["method"] in Method.__members__:
        wanted["methods"] = [chosen["method"]]
    if chosen["resource"] in dict(_RESOURCES):
        wanted["resourceType"] = chosen["resource"]
    if chosen["directory"]:
        wanted["directoryId"] = visit.id("Directory", chosen["directory"])
    for name, time in (("from", "T00:00:00Z"), ("to", "T23:59:59Z")):
        if lists.is_day(chosen[name]):
            wanted[name] = chosen[name] + time
    return wanted


def _chips(found: dict[str, Any], chosen: Mapping[str, str]) -> list[tuple[str, str]]:
    names = {words.uid(each["id"]): each["name"] for each in found["directories"]}
    names |= dict((*_OUTCOMES, *_RESOURCES))
    said = {"from": "since ", "to": "until "}
    return [
        (
            f"“{value}”" if name == "query" else said.get(name, "") + names.get(value, words.word(value)),
            lists.query({**chosen, name: ""}),
        )
        for name, value in chosen.items()
        if value
    ]


def _news(visit: Visit, chosen: Mapping[str, str], since: str, count: str, said: str = "") -> dict[str, str]:
    """The part that asks again and again what came since; nothing is put under the reader."""
    path = f"{visit.base}/activity"
    query = lists.query(chosen)
    return {
        "ask": f"{path}/news?{lists.query({**chosen, 'v': since, 'n': count})}",
        "show": f"{path}?{query}" if query else path,
        "said": said,
    }


@get("/o/{organization:str}/activity/news")
async def news(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """How many requests came since the one at the top of the page; 204 for as many as the page says already."""
    visit = await visits.entered(request, organization)
    chosen, since = _chosen(request), request.query_params.get("v", "")
    if not visit.is_htmx:
        return visit.go(f"{visit.base}/activity?{lists.query(chosen)}")
    span = {"last": _NEWS, "before": since} if since else {"first": _NEWS}
    data = await visit.ask("activity_news", organization=visit.organization_id, filter=_filter(visit, chosen), **span)
    found = data["organization"]["requests"]
    count, more = len(found["nodes"]), any(found["pageInfo"].values())
    if str(count) == request.query_params.get("n"):
        return Response("", status_code=204, headers=dict(HEADERS))
    said = f"More than {count} new requests" if more else words.count(count, "new request")
    return visit.page("activity.html", "news", news=_news(visit, chosen, since, str(count), said))


@get("/o/{organization:str}/activity/{trace:uuid}")
async def one(
    request: Request[Any, Any, Any], organization: FromPath[str], trace: FromPath[uuid.UUID]
) -> Response[Any]:
    """One request: what was sent, decided and changed."""
    visit = await visits.entered(request, organization)
    data = await visit.ask(
        "activity_request",
        organization=visit.organization_id,
        trace=str(trace),
        changes=visit.may("audit.read"),
        bodies=visit.may("members.manage"),
    )
    found = data["scimRequest"]
    return visit.page(
        "activity_request.html",
        status=200 if found else 404,
        here=here.of(visit, "activity", data),
        organization=data["organization"],
        r=found,
        trace=str(trace),
        action=activity_words.action,
        report=activity_words.report(found) if found else "",
        bodies=activity_words.bodies(found) if found else {},
    )


@get("/o/{organization:str}/activity/person")
async def person(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Why somebody is not here, and what to do."""
    visit = await visits.entered(request, organization)
    name = request.query_params.get("name", "").strip()
    data = await visit.ask("activity_person", organization=visit.organization_id, who=name, search=bool(name))
    found = data.get("diagnosePerson") or ()
    manages = visit.may("organization.manage")
    about, besides = activity_words.findings(found, visit.base, name, has_directories=manages)
    return visit.page(
        "activity_person.html",
        "findings",
        here=here.of(visit, "activity", data),
        organization=data["organization"],
        name=name,
        about=about,
        besides=besides,
        report=activity_words.person_report(name, [*about, *besides], data["organization"]["name"]),
        tones=activity_words.TONES,
    )


PAGES = [activity, news, person, one]
