"""One role: what it permits, and its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from api.provisioning.actor import ADMIN_RIGHTS, Right

from .. import forms, here, impact, visits, words
from ..graph import errors_of
from ..visits import Visit
from .groups import role_choices

OWN: Mapping[Right, str] = {
    Right.ORGANIZATION_READ: "See people, groups, roles, seats and activity.",
    Right.MEMBERS_MANAGE: "Invite and deactivate people, change roles and seats by hand, decide about held removals.",
    Right.ORGANIZATION_MANAGE: "Connect directories, map groups, order roles, prove domains, choose policies.",
    Right.BILLING_MANAGE: "Change how many seats there are, and accept how much may be spent.",
    Right.DEVELOPERS_MANAGE: "Make API tokens and webhooks.",
    Right.AUDIT_READ: "Read who changed what.",
    Right.SIGN_IN: "Tell Rollcall of sign-ins of others. For programs; people hardly need it.",
}
"""What Rollcall itself asks for, in words."""


@get("/o/{organization:str}/roles/{role:uuid}")
async def role(request: Request[Any, Any, Any], organization: FromPath[str], role: FromPath[Any]) -> Response[Any]:
    """What a role permits."""
    return await _shown(await visits.entered(request, organization), str(role))


async def _shown(visit: Visit, role: str, errors: list[str] | None = None, **typed: Any) -> Response[Any]:
    id = visit.id("Role", role)
    data = await visit.ask("roles", organization=visit.organization_id)
    everything = data["organization"]["roles"]
    found = next((each for each in everything if each["id"] == id), None)
    if found is None:
        raise NotFoundException
    own, others = parted(typed.get("permissions", found["permissions"]))
    return visit.page(
        "role.html",
        status=422 if errors else 200,
        here=here.of(visit, "roles", data),
        organization=data["organization"],
        role=found,
        path=f"{visit.base}/roles/{role}",
        own=[
            (each.value, text, each.value in own, found["isAdmin"] and each in ADMIN_RIGHTS)
            for each, text in OWN.items()
        ],
        others=others,
        replacements=[each for each in role_choices(everything) if each[0] != words.uid(id)],
        replacement=typed.get("replacement", ""),
        errors=errors or [],
    )


def parted(permissions: Iterable[str]) -> tuple[list[str], list[str]]:
    """Rollcall's own permissions, and those of the application that asks."""
    everything, names = list(permissions), {each.value for each in OWN}
    return [each for each in everything if each in names], [each for each in everything if each not in names]


@post("/o/{organization:str}/roles/{role:uuid}")
async def permit(request: Request[Any, Any, Any], organization: FromPath[str], role: FromPath[Any]) -> Response[Any]:
    """Replaces what a role permits."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    wanted = [*form.all("own"), *(line.strip() for line in form.text("others").splitlines() if line.strip())]
    data = await visit.ask("role_permissions_set", id=visit.id("Role", str(role)), permissions=wanted)
    if errors := errors_of(data["rolePermissionsSet"]):
        return await _shown(visit, str(role), errors, permissions=wanted)
    return visit.go(f"{visit.base}/roles/{role}", "The permissions are saved. They hold from the next request on.")


@post("/o/{organization:str}/roles/{role:uuid}/archive")
async def archive(request: Request[Any, Any, Any], organization: FromPath[str], role: FromPath[Any]) -> Response[Any]:
    """Ends a role; its groups, its people and what was chosen by hand get another."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    chosen = form.text("replacement")
    ids = {"id": visit.id("Role", str(role)), "replacementId": visit.id("Role", chosen)}
    path = f"{visit.base}/roles/{role}"

    async def refused(errors: list[str]) -> Response[Any]:
        return await _shown(visit, str(role), errors, replacement=chosen)

    act = impact.Act(
        title="Archive a role",
        now="roles",
        preview={"roleArchive": ids},
        document="role_archive",
        field="roleArchive",
        variables={"id": ids["id"], "replacement": ids["replacementId"]},
        path=f"{path}/archive",
        kept=[("replacement", chosen)],
        back=f"{visit.base}/roles",
        done="The role is archived.",
    )
    return await impact.carried_out(visit, form, act, refused)


PAGES = [role, permit, archive]
