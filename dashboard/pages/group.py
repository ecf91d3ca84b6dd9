"""One group: who is in it, which role that gives, and whether it lets people in."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from .. import forms, here, impact, lists, visits
from ..visits import Visit
from . import groups

_ENTRIES = 20


@get("/o/{organization:str}/groups/{group:uuid}")
async def group(request: Request[Any, Any, Any], organization: FromPath[str], group: FromPath[Any]) -> Response[Any]:
    """Everything about one group."""
    return await _shown(await visits.entered(request, organization), str(group))


async def _shown(visit: Visit, group: str, errors: list[str] | None = None, **typed: Any) -> Response[Any]:
    id = visit.id("Group", group)
    data = await visit.ask("group", organization=visit.organization_id, id=id, **lists.span(visit.request))
    if not data["node"]:
        raise NotFoundException
    history = None
    if visit.may("audit.read"):
        given = {"organization": visit.organization_id, "subject": id, "first": _ENTRIES}
        history = (await visit.ask("subject_history", **given))["organization"]["audit"]["nodes"]
    return visit.page(
        "group.html",
        status=422 if errors else 200,
        here=here.of(visit, "groups", data),
        organization=data["organization"],
        group=data["node"],
        path=f"{visit.base}/groups/{group}",
        roles=groups.role_choices(data["organization"]["roles"]),
        history=history,
        typed=typed,
        errors=errors or [],
    )


@post("/o/{organization:str}/groups/{group:uuid}/role")
async def role(request: Request[Any, Any, Any], organization: FromPath[str], group: FromPath[Any]) -> Response[Any]:
    """Maps the group to a role, or to none."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    chosen = form.text("role")

    async def refused(errors: list[str]) -> Response[Any]:
        return await _shown(visit, str(group), errors, role=chosen)

    return await groups.mapped(visit, form, {str(group): chosen}, [("role", chosen)], refused, str(group))


@post("/o/{organization:str}/groups/{group:uuid}/mark")
async def mark(request: Request[Any, Any, Any], organization: FromPath[str], group: FromPath[Any]) -> Response[Any]:
    """Lets the group give access or not, and its removals be held or not."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    marks = {"givesAccess": form.is_on("access"), "isUrgent": form.is_on("urgent")}
    id, path = visit.id("Group", str(group)), f"{visit.base}/groups/{group}"

    async def refused(errors: list[str]) -> Response[Any]:
        return await _shown(visit, str(group), errors, **marks)

    act = impact.Act(
        title="What being in this group means",
        now="groups",
        preview={"groupMark": {"id": id, **marks}},
        document="group_mark",
        field="groupMark",
        variables={"id": id, **marks},
        path=f"{path}/mark",
        kept=[(name, "yes") for name in ("access", "urgent") if form.is_on(name)],
        back=path,
        done="The group is marked.",
        is_small=True,
    )
    return await impact.carried_out(visit, form, act, refused)


PAGES = [group, role, mark]
