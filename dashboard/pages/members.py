"""One member: who they are, what they may do and why, and what happened to them."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from db.enums import SeatType

from .. import forms, here, lists, visits, words
from ..forms import Form
from ..graph import errors_of
from ..visits import Visit

_TABS = ("access", "profile", "groups", "activity", "raw")
_ACTS = {
    "deactivate": ("member_deactivate", "memberDeactivate", "They cannot use the organization any more."),
    "reactivate": ("member_reactivate", "memberReactivate", "They may use the organization again."),
    "revoke": ("member_revoke", "memberRevokeNow", "Their access has ended."),
}


@get("/o/{organization:str}/people/{member:uuid}")
async def member(request: Request[Any, Any, Any], organization: FromPath[str], member: FromPath[Any]) -> Response[Any]:
    """Everything about one person."""
    visit = await visits.entered(request, organization)
    return await _shown(visit, str(member))


async def _shown(
    visit: Visit, member: str, errors: list[str] | None = None, tab: str | None = None, reason: str = ""
) -> Response[Any]:
    id = visit.id("Member", member)
    data = await visit.ask("member", id=id)
    if data["member"] is None:
        raise NotFoundException
    chosen = tab or visit.request.query_params.get("tab", "")
    chosen = chosen if chosen in _TABS else "access"
    activity = None
    if chosen == "activity":
        activity = (await visit.ask("member_activity", id=id, after=visit.request.query_params.get("after")))["member"]
    return visit.page(
        "member.html",
        "member",
        status=422 if errors else 200,
        here=here.of(visit, "people", data["member"]),
        member=data["member"],
        tab=chosen,
        tabs=[(each, words.word(each.upper()) if each != "raw" else "Raw SCIM") for each in _TABS],
        path=f"{visit.base}/people/{member}",
        activity=activity,
        seats=[(each.name, words.word(each.name)) for each in SeatType],
        reason=reason,
        errors=errors or [],
    )


@post("/o/{organization:str}/people/{member:uuid}/role")
async def role(request: Request[Any, Any, Any], organization: FromPath[str], member: FromPath[Any]) -> Response[Any]:
    """Chooses a role by hand, or takes that back."""
    visit = await visits.entered(request, organization)
    form, id = await forms.read(visit), visit.id("Member", str(member))
    if form.text("act") == "clear":
        data = await visit.ask("member_role_clear", id=id)
        return await _done(visit, str(member), data["memberRoleOverrideClear"], "The role follows from groups again.")
    until = form.maybe("until")
    if until and not lists.is_day(until):
        said = f"“{until}” is no day. Write one such as 2027-01-31."
        return await _shown(visit, str(member), [said], tab="access", reason=form.text("reason"))
    data = await visit.ask(
        "member_role_set",
        id=id,
        role=form.text("role"),
        reason=form.text("reason"),
        expiresAt=f"{until}T23:59:59Z" if until else None,
    )
    return await _done(visit, str(member), data["memberRoleOverrideSet"], "The role is chosen.")


@post("/o/{organization:str}/people/{member:uuid}/seat")
async def seat(request: Request[Any, Any, Any], organization: FromPath[str], member: FromPath[Any]) -> Response[Any]:
    """Gives another seat."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    given = {"id": visit.id("Member", str(member)), "seat": form.maybe("seat"), **_break_glass(form)}
    data = await visit.ask("member_seat_set", **given)
    return await _done(visit, str(member), data["memberSeatSet"], "The seat is changed.")


@post("/o/{organization:str}/people/{member:uuid}/{act:str}")
async def act(
    request: Request[Any, Any, Any], organization: FromPath[str], member: FromPath[Any], act: FromPath[str]
) -> Response[Any]:
    """Takes access, or gives it back."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    if act not in _ACTS:
        raise NotFoundException
    document, field, said = _ACTS[act]
    given: dict[str, Any] = {"reason": form.text("reason")} if act == "revoke" else _break_glass(form)
    data = await visit.ask(document, id=visit.id("Member", str(member)), **given)
    return await _done(visit, str(member), data[field], said)


def _break_glass(form: Form) -> dict[str, Any]:
    return {"breakGlass": form.is_on("break_glass"), "reason": form.maybe("reason")}


async def _done(visit: Visit, member: str, payload: dict[str, Any], said: str) -> Response[Any]:
    if errors := errors_of(payload):
        return await _shown(visit, member, errors, tab="access")
    return visit.go(f"{visit.base}/people/{member}", said)


PAGES = [member, role, seat, act]
