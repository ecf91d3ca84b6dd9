"""Audit: who changed what, and the seal that shows when somebody tampered with it; also of what belongs to nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from api.provisioning.actor import ActorKind
from api.webhooks.event_types import CHANGES

from .. import downloads, here, lists, visits, words
from ..graph import Failed
from ..visits import Visit

_FIELDS = ("who", "action", "member", "subject", "request", "glass", "from", "to")
_KINDS = (
    ("ADMIN", "Admins"),
    ("MEMBER", "Other members"),
    ("DIRECTORY", "Directories"),
    ("INTEGRATION", "Programs"),
    ("OPERATOR", "Operators"),
    ("SYSTEM", "Rollcall itself"),
)
_ACTIONS = sorted({(action, words.word(action)) for _, action in CHANGES}, key=lambda each: each[1])


@get("/o/{organization:str}/audit")
async def audit(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Changes that fit what stands in the address, newest first."""
    visit = await visits.entered(request, organization)
    chosen = _chosen(visit)
    asked, problem = {"organization": visit.organization_id, **lists.span(request)}, ""
    try:
        data = await visit.ask("audit", filter=_filter(visit, chosen), **asked)
    except Failed as failed:
        if failed.code not in ("BAD_REQUEST", "INVALID", "NOT_FOUND"):
            raise
        problem = str(failed)
        data = await visit.ask("audit", **{**asked, "after": None, "before": None})
    return visit.page(
        "audit.html",
        "audit",
        status=422 if problem else 200,
        here=here.of(visit, "audit", data),
        organization=data["organization"],
        errors=[problem] if problem else [],
        chosen=chosen,
        query=lists.query(chosen),
        chips=_chips(chosen),
        kinds=_KINDS,
        actions=_ACTIONS,
    )


def _chosen(visit: Visit) -> dict[str, str]:
    given = {name: visit.request.query_params.get(name, "").strip() for name in _FIELDS}
    return lists.without_nonsense(given, "from", "to")


def _filter(visit: Visit, chosen: Mapping[str, str]) -> dict[str, Any]:
    """What the address asks for, but for what makes no sense."""
    wanted: dict[str, Any] = {}
    if chosen["who"] in ActorKind.__members__:
        wanted["actorKinds"] = [chosen["who"]]
    if chosen["action"]:
        wanted["actions"] = [chosen["action"]]
    if chosen["member"]:
        wanted["memberId"] = visit.id("Member", chosen["member"])
    if chosen["subject"]:
        wanted["subjectId"] = chosen["subject"]
    if chosen["request"]:
        wanted["requestId"] = chosen["request"]
    if chosen["glass"]:
        wanted["breakGlass"] = True
    for name, time in (("from", "T00:00:00Z"), ("to", "T23:59:59Z")):
        if lists.is_day(chosen[name]):
            wanted[name] = chosen[name] + time
    return wanted


def _chips(chosen: Mapping[str, str]) -> list[tuple[str, str]]:
    said = {"from": "since ", "to": "until ", "request": "request ", "member": "one person", "subject": "one thing"}
    named = dict(_KINDS)
    return [
        (
            {"member": "one person", "subject": "one thing", "glass": "break-glass"}.get(
                name, said.get(name, "") + named.get(value, words.word(value) if name == "action" else value)
            ),
            lists.query({**chosen, name: ""}),
        )
        for name, value in chosen.items()
        if value
    ]


@get("/o/{organization:str}/audit/export.jsonl")
async def export(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """The same changes as a file, one JSON object a line."""
    visit = await visits.entered(request, organization)
    asked = {"organization": visit.organization_id, "filter": _filter(visit, _chosen(visit)), "isPage": False}

    async def ask(after: str | None) -> dict[str, Any]:
        found: dict[str, Any] = (await visit.ask("audit", **asked, first=downloads.PAGE, after=after))["organization"]
        return found["audit"]  # type: ignore[no-any-return]  # JSON

    return await downloads.json_lines("audit", ask)


@get("/platform-audit")
async def of_platform(request: Request[Any, Any, Any]) -> Response[Any]:
    """Changes of what belongs to no organization."""
    visit = await visits.operating(request)
    data = await visit.ask("platform_audit", **lists.span(request))
    return visit.page("platform_audit.html", here=here.platform("audit"), found=data["platformAudit"])


PAGES = [audit, export, of_platform]
