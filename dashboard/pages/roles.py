"""Roles: the ladder, from the highest down, its order, and the role of people in no mapped group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import ClientException
from litestar.params import FromPath

from .. import forms, here, impact, visits, words
from ..graph import errors_of
from ..visits import Visit
from .groups import role_choices


@get("/o/{organization:str}/roles")
async def roles(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """The ladder."""
    return await _shown(await visits.entered(request, organization))


async def _shown(visit: Visit, errors: list[str] | None = None, **typed: str) -> Response[Any]:
    data = await visit.ask("roles", organization=visit.organization_id)
    found = data["organization"]
    ladder = sorted(found["roles"], key=lambda each: -each["rank"])
    return visit.page(
        "roles.html",
        status=422 if errors else 200,
        here=here.of(visit, "roles", data),
        organization=found,
        ladder=ladder,
        default=next((each for each in ladder if each["isDefault"]), None),
        choices=role_choices(ladder),
        typed={"name": "", "above": "", "default": "", **typed},
        errors=errors or [],
    )


@post("/o/{organization:str}/roles")
async def create(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Makes a role without permissions."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    name, above = form.text("name"), form.text("above")
    data = await visit.ask(
        "role_create",
        organization=visit.organization_id,
        name=name,
        above=visit.id("Role", above) if above else None,
    )
    if errors := errors_of(data["roleCreate"]):
        return await _shown(visit, errors, name=name, above=above)
    return visit.go(f"{visit.base}/roles", f"{name} is made. It permits nothing yet: choose its permissions.")


@post("/o/{organization:str}/roles/order")
async def order(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Moves a role one step up or down; at once, if nobody has another role then."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    data = await visit.ask("roles", organization=visit.organization_id)
    ladder = [words.uid(each["id"]) for each in data["organization"]["roles"]]
    wanted = form.text("order").split(",") if form.text("order") else moved(ladder, form.text("move"))
    ids = [visit.id("Role", each) for each in wanted]
    role = form.text("move").partition(":")[2] or form.text("role")
    given = {"organizationId": visit.organization_id, "roleIds": ids}

    async def refused(errors: list[str]) -> Response[Any]:
        return await _shown(visit, errors)

    act = impact.Act(
        title="Another order of roles",
        now="roles",
        preview={"roleOrder": given},
        document="roles_reorder",
        field="rolesReorder",
        variables={"organization": visit.organization_id, "roles": ids},
        path=f"{visit.base}/roles/order",
        kept=[("order", ",".join(wanted)), ("role", role)],
        back=f"{visit.base}/roles" + (f"#role-{role}" if role else ""),
        done="The order is changed.",
        is_small=True,
    )
    return await impact.carried_out(visit, form, act, refused)


def moved(ladder: Sequence[str], move: str) -> list[str]:
    """A ladder, the lowest first, with one role a step up or down: `up:<role>`; raises ClientException."""
    way, _, role = move.partition(":")
    if way not in ("up", "down") or role not in ladder:
        raise ClientException("This role is not there any more. Load the page again.")
    place = max(0, ladder.index(role) + (1 if way == "up" else -1))
    ordered = [each for each in ladder if each != role]
    ordered.insert(place, role)
    return ordered


@post("/o/{organization:str}/roles/default")
async def default(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Chooses the role of people in no mapped group; one that gives much needs a second word."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    chosen = form.text("default")
    id = visit.id("Role", chosen)

    async def refused(errors: list[str]) -> Response[Any]:
        return await _shown(visit, errors, default=chosen)

    act = impact.Act(
        title="Another default role",
        now="roles",
        preview={"defaultRole": id},
        document="default_role_set",
        field="defaultRoleSet",
        variables={"role": id, "isSure": form.is_on("sure")},
        path=f"{visit.base}/roles/default",
        kept=[("default", chosen)],
        back=f"{visit.base}/roles",
        done="The default role is changed.",
    )
    return await impact.carried_out(visit, form, act, refused)


@get("/o/{organization:str}/roles/explain")
async def explain(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Which role somebody would have who is in some groups, and why."""
    visit = await visits.entered(request, organization)
    data = await visit.ask("role_grounds", organization=visit.organization_id)
    groups, override = request.query_params.getall("group", []), request.query_params.get("override", "")
    answer: Mapping[str, Any] | None = None
    if groups or override or "ask" in request.query_params:
        asked = await visit.ask(
            "role_explain",
            organization=visit.organization_id,
            groups=[visit.id("Group", each) for each in groups],
            override=visit.id("Role", override) if override else None,
        )
        answer = asked["explainRole"]
    return visit.page(
        "roles_explain.html",
        here=here.of(visit, "roles", data),
        organization=data["organization"],
        roles=role_choices(data["organization"]["roles"]),
        chosen=groups,
        override=override,
        answer=answer,
    )


PAGES = [roles, create, order, default, explain]
