"""People: find members, see why they have their role, and invite somebody."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from api.provisioning.actor import Right
from db.enums import MemberSource, MemberStatus, SeatType

from .. import forms, here, lists, visits, words
from ..graph import errors_of
from ..visits import Visit
from .groups import role_choices

SEATS = words.choices(SeatType)
_FIELDS = ("query", "status", "seat", "role", "source", "directory", "group", "needs", "sort")
_PLACES = ("after", "before")
_ORDERS = {
    "": None,
    "name": {"field": "NAME"},
    "email": {"field": "EMAIL"},
    "updated": {"field": "UPDATED_AT", "isDescending": True},
    "status": {"field": "STATUS_SINCE", "isDescending": True},
}
_NEEDS = (
    ("anything", "Anything", ("WAITING_FOR_SEAT", "HELD", "SUSPENDED", "INVITED")),
    ("seat", "A seat", ("WAITING_FOR_SEAT",)),
    ("decision", "A decision", ("HELD",)),
    ("group", "A group that lets in", ("SUSPENDED",)),
    ("acceptance", "To accept", ("INVITED",)),
)
"""What people wait for who are not simply here, and the statuses that say so."""
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
    return await shown(visit, await found(visit, request.query_params))


@dataclass(frozen=True, slots=True)
class Found:
    """A list of members: what stood in its address, and what GraphQL answered."""

    given: Mapping[str, str]
    data: Mapping[str, Any]

    @property
    def chosen(self) -> dict[str, str]:
        """What the list is narrowed to, and its order."""
        return _chosen(self.given)

    @property
    def place(self) -> str:
        """The query of the address that shows this part of the list."""
        return lists.query({**self.chosen, **{name: self.given.get(name) for name in _PLACES}})

    @property
    def organization(self) -> Mapping[str, Any]:
        """The organization with its members."""
        answered: Mapping[str, Any] = self.data["organization"]
        return answered

    @property
    def who(self) -> str:
        """Changes with whom the list shows, and in which order."""
        return lists.version([each["id"] for each in self.organization["members"]["nodes"]])

    @property
    def version(self) -> str:
        """Changes with anything that the list shows."""
        return lists.version([self.organization[each] for each in ("roles", "directories", "members")])


def news(visit: Visit, listed: Found, said: str = "", who: str = "") -> dict[str, str]:
    """The part that asks again and again whether the list is another; `who` is whom the page shows, if not these."""
    ask = lists.query({"who": who or listed.who, "v": listed.version})
    place = f"{listed.place}&" if listed.place else ""
    return {
        "ask": f"{visit.base}/people/news?{place}{ask}",
        "show": f"{visit.base}/people?{listed.place}".rstrip("?"),
        "said": said,
    }


async def found(visit: Visit, given: Mapping[str, str]) -> Found:
    """Members that fit what stood in an address."""
    chosen = _chosen(given)
    data = await visit.ask(
        "people",
        organization=visit.organization_id,
        query=chosen["query"] or None,
        filter=_filter(visit, chosen),
        order=_ORDERS.get(chosen["sort"]),
        group=visit.id("Group", chosen["group"]) if chosen["group"] else visit.organization_id,
        isGrouped=bool(chosen["group"]),
        **lists.span_of(given),
    )
    return Found(given, data)


async def shown(
    visit: Visit, listed: Found, troubles: Mapping[str, Sequence[str]] | None = None, field: str = ""
) -> Response[Any]:
    """The page of a list; `troubles` tells by the UUIDs of members what was in the way of changing their `field`."""
    organization, chosen = listed.organization, listed.chosen
    return visit.page(
        "people.html",
        "people",
        status=422 if troubles else 200,
        here=here.of(visit, "people", listed.data),
        organization=organization,
        chosen=chosen,
        query=lists.query(chosen),
        place=listed.place,
        news=news(visit, listed),
        troubles=troubles or {},
        wrong_field=field,
        roles=role_choices(organization["roles"]),
        seats=SEATS,
        chips=_chips(listed.data, chosen),
        choices={
            "status": [(each.value, words.word(each)) for each in MemberStatus if each is not MemberStatus.ERASED],
            "seat": SEATS,
            "source": [(each.value, words.word(each)) for each in MemberSource],
            "role": [(words.uid(each["id"]), each["name"]) for each in organization["roles"]],
            "directory": [(words.uid(each["id"]), each["name"]) for each in organization["directories"]],
            "needs": [(name, said) for name, said, _ in _NEEDS],
            "sort": _SORTS,
        },
    )


def wanted(visit: Visit) -> dict[str, Any]:
    """The variables `query` and `filter` for what stands in the address."""
    chosen = _chosen(visit.request.query_params)
    return {"query": chosen["query"] or None, "filter": _filter(visit, chosen)}


def order(visit: Visit) -> dict[str, Any] | None:
    """The variable `order` for what stands in the address."""
    return _ORDERS.get(visit.request.query_params.get("sort", ""))


def _chosen(given: Mapping[str, str]) -> dict[str, str]:
    return {name: given.get(name, "").strip() for name in _FIELDS}


def _filter(visit: Visit, chosen: dict[str, str]) -> dict[str, Any]:
    """What the address asks for, but for what makes no sense."""
    wanted: dict[str, Any] = {}
    for name, kind in (("status", MemberStatus), ("seat", SeatType), ("source", MemberSource)):
        if chosen[name] in kind.__members__:
            wanted[name] = [chosen[name]]
    if chosen["role"]:
        wanted["roleIds"] = [visit.id("Role", chosen["role"])]
    for name, _, statuses in _NEEDS:
        if chosen["needs"] == name:
            wanted["status"] = [each for each in statuses if each in wanted.get("status", statuses)]
    if chosen["group"]:
        wanted["groupId"] = visit.id("Group", chosen["group"])
    if chosen["directory"]:
        wanted["directoryId"] = visit.id("Directory", chosen["directory"])
    return wanted


def _chips(found: Mapping[str, Any], chosen: Mapping[str, str]) -> list[tuple[str, str]]:
    """What the list is narrowed to, in words, each with the address of the list without it."""
    organization, group = found["organization"], found.get("node") or {}
    names = {words.uid(each["id"]): each["name"] for each in (*organization["roles"], *organization["directories"])}
    names |= {chosen["group"]: group.get("displayName", "A group that is gone")}
    names |= {name: f"Needs {said[0].lower()}{said[1:]}" for name, said, _ in _NEEDS}
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
        seats=SEATS,
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
