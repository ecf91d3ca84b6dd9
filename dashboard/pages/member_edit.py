"""Changing a member's name and address by hand, with what becomes of that when a directory manages them (R053)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from api.provisioning.actor import Right

from .. import forms, here, visits
from ..forms import Form
from ..graph import errors_of
from ..visits import Visit

_FIELDS = (("display_name", "Name"), ("email", "E-mail address"))


@get("/o/{organization:str}/people/{member:uuid}/edit")
async def ask(request: Request[Any, Any, Any], organization: FromPath[str], member: FromPath[Any]) -> Response[Any]:
    """Asks what is to be otherwise."""
    return await _shown(await visits.entered(request, organization, Right.MEMBERS_MANAGE), str(member))


async def _shown(
    visit: Visit, member: str, errors: list[str] | None = None, typed: Mapping[str, Any] | None = None
) -> Response[Any]:
    found = (await visit.ask("member_edit", id=visit.id("Member", member)))["member"]
    if found is None:
        raise NotFoundException
    locked = [each["name"] for each in found["fields"] if each["isLocked"]]
    there = {"display_name": found["displayName"] or "", "email": found["email"] or "", "reason": ""}
    return visit.page(
        "member_edit.html",
        status=422 if errors else 200,
        here=here.of(visit, "people", found),
        m=found,
        path=f"{visit.base}/people/{member}",
        fields=[(name, label, _said(found, name)) for name, label in _FIELDS],
        given={**there, "locked": locked, "break_glass": False, "version": found["version"], **(typed or {})},
        is_exclusive=found["organization"]["policy"]["controlPlane"] == "IDP_EXCLUSIVE",
        errors=errors or [],
    )


def _said(member: Mapping[str, Any], name: str) -> str | None:
    """What the directory says of a field, where that is another thing than what stands here."""
    [field] = [each for each in member["fields"] if each["name"] == name] or [{"isEditedHere": False}]
    return (field["directoryValue"] or "nothing") if field["isEditedHere"] else None


@post("/o/{organization:str}/people/{member:uuid}/edit")
async def save(request: Request[Any, Any, Any], organization: FromPath[str], member: FromPath[Any]) -> Response[Any]:
    """Saves name, address, and which of them no directory overwrites."""
    visit = await visits.entered(request, organization, Right.MEMBERS_MANAGE)
    form = await forms.read(visit)
    found = (await visit.ask("member_edit", id=visit.id("Member", str(member))))["member"]
    if found is None:
        raise NotFoundException
    data = await visit.ask(
        "member_update",
        id=found["id"],
        input=_wanted(form, found),
        version=form.number("version"),
        reason=form.maybe("reason"),
        breakGlass=form.is_on("break_glass"),
    )
    if errors := errors_of(data["memberUpdate"]):
        typed = {name: form.text(name) for name in ("display_name", "email", "reason", "version")}
        kept = {"locked": form.all("locked"), "break_glass": form.is_on("break_glass")}
        return await _shown(visit, str(member), errors, {**typed, **kept})
    return visit.go(f"{visit.base}/people/{member}?tab=profile", "The changes are saved.")


def _wanted(form: Form, found: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be otherwise; locks of fields that this page has not stay as they are."""
    elsewhere = [each["name"] for each in found["fields"] if each["isLocked"] and each["name"] not in dict(_FIELDS)]
    locked = [name for name, _ in _FIELDS if name in form.all("locked")]
    wanted: dict[str, Any] = {"displayName": form.maybe("display_name"), "lockedFields": [*locked, *elsewhere]}
    return wanted | ({"email": form.text("email")} if form.text("email") != (found["email"] or "") else {})


PAGES = [ask, save]
