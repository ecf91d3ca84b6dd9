"""The list of people as one works in it: a seat or a role is chosen in the row, and the list follows what happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from api.provisioning.actor import Right

from .. import forms, visits, words
from ..forms import Form
from ..graph import errors_of
from ..visits import HEADERS, Visit
from . import people
from .groups import role_choices

REASON = "Chosen in the list of people"
"""Why a role was chosen, where nobody is asked."""


@post("/o/{organization:str}/people/{member:uuid}/row")
async def change(request: Request[Any, Any, Any], organization: FromPath[str], member: FromPath[Any]) -> Response[Any]:
    """Gives one person of the list another seat or role (R115); for htmx the row is answered, with what was in the way.

    Without scripts the list comes back as it was, at that person.
    """
    visit = await visits.entered(request, organization, Right.MEMBERS_MANAGE)
    form = await forms.read(visit)
    field = "role" if "role" in form.values else "seat"
    errors = await _changed(visit, form, field, visit.id("Member", str(member)))
    if errors and not visit.is_htmx:
        listed = await people.found(visit, request.query_params)
        return await people.shown(visit, listed, {str(member): errors}, field)
    data = await visit.ask("person", id=visit.id("Member", str(member)))
    person = data["member"]
    if person is None:
        raise NotFoundException
    said = "" if errors else told(person, field)
    if not visit.is_htmx:
        return visit.go(f"{visit.base}/people?{request.url.query}#member-{member}", said)
    return visit.page(
        "people_row.html",
        status=422 if errors else 200,
        m=person,
        roles=role_choices(person["organization"]["roles"]),
        seats=people.SEATS,
        place=request.url.query,
        field=field,
        errors=errors,
        announced=said,
    )


async def _changed(visit: Visit, form: Form, field: str, id: str) -> list[str]:
    """What was in the way of giving a member what the form says; the first choice of a list leaves it to the rules."""
    chosen = form.maybe(field)
    if field == "seat":
        data = await visit.ask("member_seat_set", id=id, seat=chosen, breakGlass=False, reason=None)
        return errors_of(data["memberSeatSet"])
    if chosen is None:
        data = await visit.ask("member_role_clear", id=id)
        return errors_of(data["memberRoleOverrideClear"])
    data = await visit.ask("member_role_set", id=id, role=visit.id("Role", chosen), reason=REASON, expiresAt=None)
    return errors_of(data["memberRoleOverrideSet"])


def told(person: Mapping[str, Any], field: str) -> str:
    """What a change came to, in words."""
    name = person["displayName"] or person["email"]
    if field == "seat":
        if person["awaitsSeat"]:
            return f"{name} waits for a {words.word(person['awaitsSeat']).lower()} seat."
        seat = f"a {words.word(person['seat']).lower()}" if person["seat"] else "no"
        return f"{name} has {seat} seat."
    role, override = person["effectiveRole"], person["override"]
    has = f"{name} has the role {role['name']}." if role else f"{name} has no role."
    return f"{has} {override['note']}" if override and override["note"] else has


@get("/o/{organization:str}/people/news")
async def news(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """The list again while the same people are on it; else that it is another. 204 for what the page shows already."""
    visit = await visits.entered(request, organization)
    given = {name: value for name, value in request.query_params.items() if name not in ("who", "v")}
    listed = await people.found(visit, given)
    if not visit.is_htmx:
        return visit.go(f"{visit.base}/people?{listed.place}")
    who, version = request.query_params.get("who", ""), request.query_params.get("v", "")
    if version == listed.version:
        return Response("", status_code=204, headers=dict(HEADERS))
    if who == listed.who:
        answer = await people.shown(visit, listed)
        answer.headers.update({"HX-Retarget": "#people", "HX-Reswap": "outerHTML"})
        return answer
    return visit.page("people.html", "news", news=people.news(visit, listed, "The list has changed.", who))


PAGES = [change, news]
