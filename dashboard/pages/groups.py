"""Groups: what directories pushed, and which role being in each gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request, Response, get, post
from litestar.params import FromPath

from .. import forms, here, impact, lists, visits, words
from ..forms import Form
from ..visits import HEADERS, Visit

_FIELDS = ("query", "directory", "mapped")
_MAPPED = {"yes": True, "no": False}
_ROLE, _WAS = "role:", "was:"

_PUSHING: Mapping[str, str] = {
    "OKTA": "In Okta open your app › Push Groups › Find groups by name, and choose the groups.",
    "ENTRA_ID": "In Entra open your app › Users and groups, and assign groups: Entra sends those and their people.",
    "JUMPCLOUD": "In JumpCloud open your app › Identity Management, choose “Enable management of User Groups”, and tick"
    " the groups under User Groups.",
    "GOOGLE_WORKSPACE": "Groups of Google Workspace are fetched by themselves, if the service account may read them.",
    "ONELOGIN": "In OneLogin open your app › Provisioning › Entitlements, refresh them, and map roles to groups.",
    "PING": "In PingOne open the connection › Group provisioning, and choose the groups.",
}
_PUSHING_ELSE = "In your identity provider, assign groups to the app and let it send them (SCIM /Groups)."


@get("/o/{organization:str}/groups")
async def groups(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Groups that fit what stands in the address."""
    return await _shown(await visits.entered(request, organization))


async def _shown(
    visit: Visit, errors: list[str] | None = None, typed: Mapping[str, str] | None = None
) -> Response[Any]:
    chosen, data = await _found(visit)
    found, place = data["organization"], _place(visit, chosen)
    return visit.page(
        "groups.html",
        "groups",
        status=422 if errors else 200,
        here=here.of(visit, "groups", data),
        organization=found,
        chosen=chosen,
        query=lists.query(chosen),
        place=place,
        news=_news(visit, place, found["groups"]),
        chips=_chips(found, chosen),
        directories=[(words.uid(each["id"]), each["name"]) for each in found["directories"]],
        roles=role_choices(found["roles"]),
        pushing=pushing(each["provider"] for each in found["directories"]),
        typed=typed or {},
        errors=errors or [],
    )


async def _found(visit: Visit) -> tuple[dict[str, str], Any]:
    """What the address asks for, and what there is of it."""
    given = visit.request.query_params
    chosen = {name: given.get(name, "").strip() for name in _FIELDS}
    data = await visit.ask(
        "groups",
        organization=visit.organization_id,
        query=chosen["query"] or None,
        mapped=_MAPPED.get(chosen["mapped"]),
        directory=visit.id("Directory", chosen["directory"]) if chosen["directory"] else None,
        **lists.span(visit.request),
    )
    return chosen, data


def _place(visit: Visit, chosen: Mapping[str, str]) -> str:
    given = visit.request.query_params
    return lists.query({**chosen, **{name: given.get(name) for name in ("after", "before")}})


def _news(visit: Visit, place: str, shown: object, said: str = "") -> dict[str, str]:
    """The part that asks again and again whether groups are others; what is chosen on the page stays as it is."""
    path, version = f"{visit.base}/groups", lists.query({"v": lists.version(shown)})
    return {
        "ask": f"{path}/news?{place}{'&' if place else ''}{version}",
        "show": f"{path}?{place}".rstrip("?"),
        "said": said,
    }


@get("/o/{organization:str}/groups/news")
async def news(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """That groups or their counts are others than the page shows; 204 while they are not."""
    visit = await visits.entered(request, organization)
    chosen, data = await _found(visit)
    place, shown = _place(visit, chosen), data["organization"]["groups"]
    if not visit.is_htmx:
        return visit.go(f"{visit.base}/groups?{place}")
    if request.query_params.get("v") == lists.version(shown):
        return Response("", status_code=204, headers=dict(HEADERS))
    return visit.page("groups.html", "news", news=_news(visit, place, shown, "Groups have changed."))


def role_choices(roles: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Roles to choose from, by their UUID, the highest first."""
    return [(words.uid(each["id"]), each["name"]) for each in sorted(roles, key=lambda each: -each["rank"])]


def pushing(providers: Iterable[str]) -> list[tuple[str, str]]:
    """How groups are made to come, by each of these providers."""
    return [(words.word(each), _PUSHING.get(each, _PUSHING_ELSE)) for each in dict.fromkeys(providers)]


def _chips(found: Mapping[str, Any], chosen: Mapping[str, str]) -> list[tuple[str, str]]:
    names = {words.uid(each["id"]): each["name"] for each in found["directories"]}
    names |= {"yes": "Mapped to a role", "no": "Mapped to no role"}
    return [
        (f"“{value}”" if name == "query" else names.get(value, value), lists.query({**chosen, name: ""}))
        for name, value in chosen.items()
        if value
    ]


@post("/o/{organization:str}/groups")
async def map_groups(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Maps groups to roles: those of which another role is chosen than they had when the page was made."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    wanted = _wanted(form)

    async def refused(errors: list[str]) -> Response[Any]:
        return await _shown(visit, errors, wanted)

    if not wanted:
        return await refused(["No group has another role than before. Choose a role first."])
    return await mapped(visit, form, wanted, _kept(form, wanted), refused)


async def mapped(
    visit: Visit,
    form: Form,
    wanted: Mapping[str, str],
    kept: list[tuple[str, str]],
    refused: impact.Refused,
    group: str | None = None,
) -> Response[Any]:
    """The preview of mappings, or what follows; of `group` alone, if the form stands on its page."""
    mappings = [
        {"groupId": visit.id("Group", id), "roleId": visit.id("Role", role) if role else None}
        for id, role in wanted.items()
    ]
    base = f"{visit.base}/groups"
    listed = f"{base}?{lists.query(dict(parse_qsl(form.text('place'))))}".rstrip("?")
    said = "The mapping is saved." if len(wanted) == 1 else f"{len(wanted)} mappings are saved."
    act = impact.Act(
        title="Map groups to roles" if group is None else "Map this group",
        now="groups",
        preview={"mappings": {"organizationId": visit.organization_id, "mappings": mappings}},
        document="group_mappings_set",
        field="groupMappingsSet",
        variables={"organization": visit.organization_id, "mappings": mappings},
        path=f"{base}/{group}/role" if group else listed,
        kept=kept,
        back=f"{base}/{group}" if group else listed,
        done=said,
    )
    return await impact.carried_out(visit, form, act, refused)


def _wanted(form: Form) -> dict[str, str]:
    """The roles that are chosen, by group, empty for none; without those that stay."""
    chosen = {name.removeprefix(_ROLE): form.text(name) for name in form.values if name.startswith(_ROLE)}
    return {id: role for id, role in chosen.items() if role != form.text(f"{_WAS}{id}")}


def _kept(form: Form, wanted: Mapping[str, str]) -> list[tuple[str, str]]:
    pairs = [("place", form.text("place"))]
    for id, role in wanted.items():
        pairs += [(f"{_ROLE}{id}", role), (f"{_WAS}{id}", form.text(f"{_WAS}{id}"))]
    return pairs


PAGES = [groups, news, map_groups]
