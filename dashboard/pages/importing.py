"""Importing people from a file: rows become a job, which is previewed before it is run."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from api.provisioning import row_texts
from api.provisioning.actor import Right
from api.provisioning.errors import BadRow
from db.enums import SeatType

from .. import forms, here, visits, words
from ..graph import errors_of
from ..visits import Visit

MOST_ROWS = 5_000
_COLUMNS = {
    "email": "email",
    "e_mail": "email",
    "email_address": "email",
    "e_mail_address": "email",
    "display_name": "displayName",
    "name": "displayName",
    "external_id": "externalId",
    "seat_type": "seatType",
    "seat": "seatType",
    "role": "roleKey",
    "is_new": "isNew",
}
"""What heads of columns mean, in small letters and with _ between words."""


@get("/o/{organization:str}/people/import")
async def ask(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Asks for a file or for pasted rows."""
    return await _form(await visits.entered(request, organization, Right.MEMBERS_MANAGE))


async def _form(visit: Visit, errors: list[str] | None = None, text: str = "") -> Response[Any]:
    data = await visit.ask("roles_to_choose", organization=visit.organization_id)
    return visit.page(
        "people_import.html",
        status=422 if errors else 200,
        here=here.of(visit, "people", data),
        organization=data["organization"],
        errors=errors or [],
        text=text,
        once=str(uuid.uuid4()),
        most=MOST_ROWS,
    )


@post("/o/{organization:str}/people/import")
async def bring_in(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Keeps the rows as a job, and shows what would become of them."""
    visit = await visits.entered(request, organization, Right.MEMBERS_MANAGE)
    form = await forms.read(visit)
    text = form.text("file") or form.text("rows")
    try:
        rows = _rows(text)
    except BadRow as problem:
        return await _form(visit, [str(problem)], text)
    data = await visit.ask(
        "members_import", organization=visit.organization_id, rows=rows, idempotencyKey=form.maybe("once")
    )
    result = data["membersImport"]
    if errors := errors_of(result):
        return await _form(visit, errors, text)
    return visit.go(f"{visit.base}/people/jobs/{words.uid(result['job']['id'])}")


def _rows(text: str) -> list[dict[str, Any]]:
    """The rows as GraphQL takes them; raises BadRow, naming the row."""
    if not text:
        raise BadRow("Choose a file, or paste rows.")
    rows = [_row(number, each) for number, each in enumerate(row_texts.read(text), start=1)]
    if not rows:
        raise BadRow("There are no rows below the head.")
    if len(rows) > MOST_ROWS:
        raise BadRow(f"These are {words.number(len(rows))} rows. Cut the file into parts of {words.number(MOST_ROWS)}.")
    return rows


def _row(number: int, given: Mapping[str, object]) -> dict[str, Any]:
    found = dict[str, Any]()
    for head, value in given.items():
        name = _COLUMNS.get(head.lower().replace(" ", "_").replace("-", "_"))
        if name is None:
            known = "email, display_name, external_id, seat_type, role, is_new"
            raise BadRow(f"There is no column “{head}”. These are known: {known}.")
        if value is not None:
            found[name] = value if name == "isNew" else str(value)
    if not found.get("email"):
        raise BadRow(f"Row {number} has no email.")
    if seat := found.get("seatType"):
        found["seatType"] = str(seat).upper()
        if found["seatType"] not in SeatType.__members__:
            raise BadRow(f"Row {number}: seat_type is full, lite or free, not “{seat}”.")
    if not isinstance(found.get("isNew", False), bool):
        raise BadRow(f"Row {number}: is_new is yes or no, not “{found['isNew']}”.")
    return found


PAGES = [ask, bring_in]
