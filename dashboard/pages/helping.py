"""Help: every question with its answer, what a directory needs, whom to ask, and asking them (R020, R027, R154)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from api.provisioning.actor import Right

from .. import forms, guides, here, visits
from ..graph import errors_of
from ..visits import Visit


@get("/o/{organization:str}/help")
async def show(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """All help at once."""
    return await _shown(await visits.entered(request, organization, Right.ORGANIZATION_READ))


async def _shown(visit: Visit, errors: Sequence[str] = (), typed: Mapping[str, str] | None = None) -> Response[Any]:
    data = await visit.ask("help", organization=visit.organization_id)
    address = visit.session.email if visit.session else None
    return visit.page(
        "help.html",
        status=422 if errors else 200,
        here=here.of(visit, "help", data),
        organization=data["organization"],
        needs=_needs(visit, data["organization"]),
        typed=typed or {"message": "", "reply_to": address or ""},
        errors=errors,
    )


def _needs(visit: Visit, found: Mapping[str, Any]) -> list[tuple[bool | None, str, str]]:
    """What has to be so before a directory can be connected: whether it is, None where that cannot be known."""
    named = dict.fromkeys(guides.of(each.value).title for each in guides.ORDER)
    providers = ", ".join(named)
    plan = "Your plan has directories." if here.has_plan(found) else "Your plan has no directories yet."
    manages = visit.may(Right.ORGANIZATION_MANAGE)
    permission = "You have the permission organization.manage." if manages else "You lack organization.manage."
    return [
        (True if found["alive"] else None, "An identity provider that speaks SCIM 2.0", providers),
        (here.has_plan(found), "An organization that is set up for it", plan),
        (manages, "Somebody who may set it up, on both sides", f"{permission} In the provider you need an admin, too."),
    ]


@post("/o/{organization:str}/help")
async def ask(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Sends whoever runs Rollcall what somebody needs help with."""
    visit = await visits.entered(request, organization, Right.ORGANIZATION_READ)
    form = await forms.read(visit)
    typed = {"message": form.text("message"), "reply_to": form.text("reply_to")}
    asked = {"message": typed["message"], "replyTo": typed["reply_to"] or None}
    result = (await visit.ask("help_request", organization=visit.organization_id, input=asked))["helpRequest"]
    if errors := errors_of(result):
        return await _shown(visit, errors, typed)
    return visit.go(f"{visit.base}/help", "Your message is on its way.")


PAGES = [show, ask]
