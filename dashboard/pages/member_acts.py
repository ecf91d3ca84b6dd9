"""What is done about one member: their role and seat by hand, their access, their invitation, their end.

Nothing is done to somebody who has changed since the page was made: who did that is told first.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from .. import forms, lists, visits
from ..forms import Form
from ..graph import errors_of
from ..visits import Visit
from . import members

_ACTS = {
    "deactivate": ("member_deactivate", "memberDeactivate", "They cannot use the organization any more."),
    "reactivate": ("member_reactivate", "memberReactivate", "They may use the organization again."),
    "revoke": ("member_revoke", "memberRevokeNow", "Their access has ended."),
    "remove": ("member_remove", "memberRemove", "They are removed. What they did stays in the history."),
    "erase": ("member_erase", "memberErase", "They are erased."),
    "withdraw": ("member_invitation_withdraw", "memberInvitationWithdraw", "The invitation is withdrawn."),
    "again": ("member_invite", "memberInvite", "They are sent another link. The first one is worth nothing now."),
    "seat": ("member_seat_set", "memberSeatSet", "The seat is changed."),
    "clear": ("member_role_clear", "memberRoleOverrideClear", "The role follows from groups again."),
    "role": ("member_role_set", "memberRoleOverrideSet", "The role is chosen."),
}


@post("/o/{organization:str}/people/{member:uuid}/{act:str}")
async def act(
    request: Request[Any, Any, Any], organization: FromPath[str], member: FromPath[Any], act: FromPath[str]
) -> Response[Any]:
    """Does something about a member; 409 and the page again for whom somebody else has changed meanwhile."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    if act not in _ACTS:
        raise NotFoundException
    id = str(member)
    typed = {name: form.text(name) for name in form.values if name not in (forms.FIELD, "version")}
    if changed := await members.since(visit, id, form.text("version")):
        said = f"{changed}, after you opened this page. Nothing of yours is saved: look at what is here now, and send"
        return await members.shown(visit, id, conflict=f"{said} it again if it still fits.", typed=typed, act=act)
    if (until := form.text("until")) and not lists.is_day(until):
        said = f"“{until}” is no day. Write one such as 2027-01-31."
        return await members.shown(visit, id, errors=[said], typed=lists.without_nonsense(typed, "until"), act=act)
    if act == "erase" and (wrong := await _unconfirmed(visit, form, id)):
        return await members.shown(visit, id, errors=[wrong], typed=typed, act=act)
    document, field, said = _ACTS["clear" if form.text("act") == "clear" else act]
    data = await visit.ask(document, **_given(visit, form, document, visit.id("Member", id)))
    if errors := errors_of(data[field]):
        return await members.shown(visit, id, errors=errors, typed=typed, act=act)
    return visit.go(f"{visit.base}/people/{member}", said)


def _given(visit: Visit, form: Form, document: str, id: str) -> dict[str, Any]:
    """The variables of a document."""
    reason = {"reason": form.maybe("reason")}
    match document:
        case "member_role_clear" | "member_invitation_withdraw":
            return {"id": id}
        case "member_invite":
            input = {"email": form.text("email")}
            return {"organization": visit.organization_id, "input": input, "idempotencyKey": None}
        case "member_role_set":
            until = form.maybe("until")
            expires_at = f"{until}T23:59:59Z" if until else None
            return {"id": id, "role": form.text("role"), "reason": form.text("reason"), "expiresAt": expires_at}
        case "member_remove":
            return {"id": id, "email": form.text("confirm"), **reason}
        case "member_revoke" | "member_erase":
            return {"id": id, "reason": form.text("reason")}
    given = {"id": id, "breakGlass": form.is_on("break_glass"), **reason}
    return given | ({"seat": form.maybe("seat")} if document == "member_seat_set" else {})


async def _unconfirmed(visit: Visit, form: Form, member: str) -> str:
    """What is wrong with the address that somebody has to write to be sure; nothing if it is the member's."""
    data = await visit.ask("person", id=visit.id("Member", member))
    email = data["member"] and data["member"]["email"]
    if not email or form.text("confirm").casefold() == email.casefold():
        return ""
    return "This is not the member's e-mail address. Write it to confirm whom you erase."


PAGES = [act]
