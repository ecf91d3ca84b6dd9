"""People: find members, and change many."""

from __future__ import annotations

import uuid
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from api.provisioning.actor import Right
from db.enums import MemberSource, MemberStatus, SeatType

from .. import forms, here, lists, visits, words
from ..graph import errors_of
from ..visits import Visit

_FIELDS = ("query", "status", "seat", "role", "source", "directory", "sort")
_ORDERS = {
    "": None,
    "name": {"field": "NAME"},
    "email": {"field": "EMAIL"},
    "updated": {"field": "UPDATED_AT", "isDescending": True},
    "status": {"field": "STATUS_SINCE", "isDescending": True},
}
_SORTS = (
    ("", "As they came"),
    ("name", "Name"),
    ("email", "E-mail address"),
    ("updated", "Changed last"),
    ("status", "Status changed last"),
)


@get("/o/{organization:str}/people")
async def people(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Members that fit what stands in the address."""
    visit = await visits.entered(request, organization)
    chosen = {name: request.query_params.get(name, "").strip() for name in _FIELDS}
    data = await visit.ask(
        "people",
        organization=visit.organization_id,
        query=chosen["query"] or None,
        filter=_filter(visit, chosen),
        order=_ORDERS.get(chosen["sort"]),
        **lists.span(request),
    )
    found = data["organization"]
    return visit.page(
        "people.html",
        "people",
        here=here.of(visit, "people", data),
        organization=found,
        chosen=chosen,
        query=lists.query(chosen),
        chips=_chips(found, chosen),
        choices={
            "status": [(each.value, words.word(each)) for each in MemberStatus if each is not MemberStatus.ERASED],
            "seat": [(each.name, words.word(each.name)) for each in SeatType],
            "source": [(each.value, words.word(each)) for each in MemberSource],
            "role": [(words.uid(each["id"]), each["name"]) for each in found["roles"]],
            "directory": [(words.uid(each["id"]), each["name"]) for each in found["directories"]],
            "sort": _SORTS,
        },
    )


def wanted(visit: Visit) -> dict[str, Any]:
    """The variables `query` and `filter` for what stands in the address."""
    chosen = {name: visit.request.query_params.get(name, "").strip() for name in _FIELDS}
    return {"query": chosen["query"] or None, "filter": _filter(visit, chosen)}


def order(visit: Visit) -> dict[str, Any] | None:
    """The variable `order` for what stands in the address."""
    return _ORDERS.get(visit.request.query_params.get("sort", ""))


def _filter(visit: Visit, chosen: dict[str, str]) -> dict[str, Any]:
    """What the address asks for, but for what makes no sense."""
    wanted: dict[str, Any] = {}
    for name, kind in (("status", MemberStatus), ("seat", SeatType), ("source", MemberSource)):
        if chosen[name] in kind.__members__:
            wanted[name] = [chosen[name]]
    if chosen["role"]:
        wanted["roleIds"] = [visit.id("Role", chosen["role"])]
    if chosen["directory"]:
        wanted["directoryId"] = visit.id("Directory", chosen["directory"])
    return wanted


def _chips(found: dict[str, Any], chosen: dict[str, str]) -> list[tuple[str, str]]:
    """What the list is narrowed to, in words, each with the address of the list without it."""
    names = {words.uid(each["id"]): each["name"] for each in (*found["roles"], *found["directories"])}
    return [
        (f"“{value}”" if name == "query" else names.get(value, words.word(value)), lists.query({**chosen, name: ""}))
        for name, value in chosen.items()
        if value and name != "sort"
    ]


@get("/o/{organization:str}/people/invite")
async def ask_invite(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Asks whom to invite."""
    visit = await visits.entered(request, organization, Right.MEMBERS_MANAGE)
    return await _invite_form(visit)


async def _invite_form(visit: Visit, errors: list[str] | None = None, **given: str) -> Response[Any]:
    data = await visit.ask("roles_to_choose", organization=visit.organization_id)
    return visit.page(
        "people_invite.html",
        here=here.of(visit, "people", data),
        organization=data["organization"],
        seats=[(each.name, words.word(each.name)) for each in SeatType],
        roles=[(each["id"], each["name"]) for each in data["organization"]["roles"]],
        errors=errors or [],
        given={"email": "", "name": "", "seat": "", "role": "", **given},
        once=str(uuid.uuid4()),
        status=422 if errors else 200,
    )


@post("/o/{organization:str}/people/invite")
async def invite(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Invites somebody, once for each form that was shown."""
    visit = await visits.entered(request, organization, Right.MEMBERS_MANAGE)
    form = await forms.read(visit)
    data = await visit.ask(
        "member_invite",
        organization=visit.organization_id,
        input={
            "email": form.text("email"),
            "displayName": form.maybe("name"),
            "seatType": form.maybe("seat"),
            "roleId": form.maybe("role"),
        },
        idempotencyKey=form.maybe("once"),
    )
    result = data["memberInvite"]
    if errors := errors_of(result):
        given = {name: form.text(name) for name in ("email", "name", "seat", "role")}
        return await _invite_form(visit, errors, **given)
    return visit.go(f"{visit.base}/people/{words.uid(result['member']['id'])}", f"{form.text('email')} is invited.")


PAGES = [people, ask_invite, invite]
