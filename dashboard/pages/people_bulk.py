"""Changing many people in one go, and taking the list of them away as a file."""

from __future__ import annotations

import uuid
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from db.enums import SeatType

from .. import downloads, forms, here, visits, words
from ..forms import Form
from ..graph import errors_of
from ..visits import Visit
from . import people

_MOST = 5_000
_NAMED = 100
_ACTS = (("", "Leave as it is"), ("in", "Let in"), ("out", "Deactivate"))
_HEAD = (
    "id", "email", "display_name", "status", "status_since", "seat", "waits_for", "role", "came_by", "managed_by",
    "created_at", "updated_at",
)  # fmt: skip


@post("/o/{organization:str}/people/bulk")
async def bulk(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Asks what to change of those who are ticked, or of all who fit; then keeps it as a job, which is previewed."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    chosen = await _everybody(visit) if form.text("whom") == "all" else form.all("member")
    if not chosen:
        return visit.go(f"{visit.base}/people", "Tick the people whom you want to change.")
    if len(chosen) > _MOST:
        return visit.go(
            f"{visit.base}/people", f"These are more than {words.number(_MOST)} people. Narrow the list down."
        )
    if form.text("step") != "change":
        return await _form(visit, form, chosen)
    wanted = _wanted(form)
    if not wanted:
        return await _form(visit, form, chosen, ["Choose what to change."])
    rows = [{"member": words.uid(id), **wanted} for id in chosen]
    data = await visit.ask(
        "members_bulk", organization=visit.organization_id, rows=rows, idempotencyKey=form.maybe("once")
    )
    result = data["membersBulkUpdate"]
    if errors := errors_of(result):
        return await _form(visit, form, chosen, errors)
    return visit.go(f"{visit.base}/people/jobs/{words.uid(result['job']['id'])}")


async def _form(visit: Visit, form: Form, chosen: list[str], errors: list[str] | None = None) -> Response[Any]:
    data = await visit.ask("bulk_form", organization=visit.organization_id, ids=chosen[:_NAMED])
    return visit.page(
        "people_bulk.html",
        status=422 if errors else 200,
        here=here.of(visit, "people", data),
        organization=data["organization"],
        chosen=chosen,
        named=[each for each in data["nodes"] if each],
        seats=[("", "Leave as it is"), ("-", "As everybody"), *words.choices(SeatType)],
        roles=[
            ("", "Leave as it is"),
            ("-", "Let groups decide again"),
            *((each["key"], each["name"]) for each in data["organization"]["roles"]),
        ],
        acts=_ACTS,
        given={name: form.text(name) for name in ("seat", "role", "until", "access", "reason")},
        once=form.maybe("once") or str(uuid.uuid4()),
        errors=errors or [],
    )


def _wanted(form: Form) -> dict[str, Any]:
    """What is to change of each; empty for nothing."""
    wanted = dict[str, Any]()
    if seat := form.text("seat"):
        wanted["seatType"] = None if seat == "-" else seat
    if role := form.text("role"):
        wanted["roleKey"] = None if role == "-" else role
        if role != "-" and (until := form.text("until")):
            wanted["roleExpiresAt"] = f"{until}T23:59:59Z"
    if access := form.text("access"):
        wanted["active"] = access == "in"
    return {**wanted, **({"reason": form.text("reason")} if form.text("reason") else {})} if wanted else {}


async def _everybody(visit: Visit) -> list[str]:
    """The ids of all who fit what stands in the address; so many that more are refused."""
    found, asked = list[str](), people.wanted(visit)
    after = None
    while len(found) <= _MOST:
        data = await visit.ask("people_ids", organization=visit.organization_id, after=after, **asked)
        page = data["organization"]["members"]
        found += [each["id"] for each in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    return found


@get("/o/{organization:str}/people/export.csv")
async def export(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Everybody who fits what stands in the address, as a file."""
    visit = await visits.entered(request, organization)
    asked = {"organization": visit.organization_id, "order": people.order(visit), **people.wanted(visit)}

    async def ask(after: str | None) -> dict[str, Any]:
        data = await visit.ask("people_export", **asked, after=after)
        return data["organization"]["members"]  # type: ignore[no-any-return]  # JSON

    return await downloads.csv_file("people", _HEAD, ask, _line)


def _line(member: dict[str, Any]) -> list[Any]:
    role = member["effectiveRole"]
    return [
        words.uid(member["id"]), member["email"], member["displayName"], member["status"], member["statusSince"],
        member["seat"], member["awaitsSeat"], role["key"] if role else None, member["source"], member["managedBy"],
        member["createdAt"], member["updatedAt"],
    ]  # fmt: skip


PAGES = [bulk, export]
