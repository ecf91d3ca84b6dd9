"""The ledger of seats and what was bought, as lists and as files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Stream

from db.enums import SeatType

from .. import downloads, forms, here, lists, visits, words
from ..graph import errors_of
from ..visits import Visit
from .seats import TABS

_FIELDS = ("seat", "from", "to", "member")
_ACTS = {
    "retry": ("purchase_retry", "purchaseRetry", "It is tried in a moment."),
    "cancel": ("purchase_cancel", "purchaseCancel", "It is given up in a moment, unless it is charged for already."),
}


def _chosen(visit: Visit) -> dict[str, str]:
    given = {name: visit.request.query_params.get(name, "").strip() for name in _FIELDS}
    return lists.without_nonsense(given, "from", "to")


def _moment(text: str, after: int = 0) -> str | None:
    """The beginning of a day in UTC, or of one so many days later; None for what is no day."""
    try:
        return f"{date.fromisoformat(text) + timedelta(days=after)}T00:00:00Z"
    except (ValueError, OverflowError):
        return None


def _filter(visit: Visit, chosen: Mapping[str, str]) -> dict[str, Any]:
    return {
        "seatType": chosen["seat"] if chosen["seat"] in SeatType.__members__ else None,
        "memberId": visit.id("Member", chosen["member"]) if chosen["member"] else None,
        "from": _moment(chosen["from"]),
        "to": _moment(chosen["to"], 1),
    }


@get("/o/{organization:str}/seats/ledger")
async def ledger(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Who took and gave back seats, newest first."""
    visit = await visits.entered(request, organization)
    chosen = _chosen(visit)
    given = {"organization": visit.organization_id, "filter": _filter(visit, chosen)}
    data = await visit.ask("seat_ledger", **given, **lists.span(request))
    return visit.page(
        "seat_ledger.html",
        "ledger",
        here=here.of(visit, "seats", data),
        organization=data["organization"],
        ledger=data["organization"]["seats"]["ledger"],
        tabs=TABS,
        chosen=chosen,
        query=lists.query(chosen),
        types=[(each.name, words.word(each.name)) for each in SeatType],
    )


@get("/o/{organization:str}/seats/ledger.csv")
async def ledger_file(request: Request[Any, Any, Any], organization: FromPath[str]) -> Stream:
    """The same lines as a file, all of them."""
    visit = await visits.entered(request, organization)
    filter = _filter(visit, _chosen(visit))

    async def ask(after: str | None) -> dict[str, Any]:
        given = {"organization": visit.organization_id, "filter": filter, "isPage": False}
        data = await visit.ask("seat_ledger", **given, first=downloads.PAGE, after=after, last=None, before=None)
        found: dict[str, Any] = data["organization"]["seats"]["ledger"]
        return found

    def row(each: dict[str, Any]) -> downloads.Row:
        who = each["member"] or {"displayName": None, "email": None}
        seat, cause = words.word(each["seatType"]), words.word(each["cause"])
        return [each["at"], seat, each["delta"], cause, who["displayName"], who["email"], each["requestId"]]

    return await downloads.csv_file(
        "seat-ledger", ["At", "Seat", "Change", "Cause", "Name", "E-mail", "Trace"], ask, row
    )


@get("/o/{organization:str}/seats/purchases")
async def purchases(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """What was bought, newest first."""
    return await _bought(await visits.entered(request, organization))


async def _bought(visit: Visit, errors: list[str] | None = None) -> Response[Any]:
    chosen = _chosen(visit)
    data = await visit.ask(
        "seat_purchases",
        organization=visit.organization_id,
        **{"from": _moment(chosen["from"]), "to": _moment(chosen["to"], 1)},
        **lists.span(visit.request),
    )
    kept = {name: chosen[name] for name in ("from", "to")}
    return visit.page(
        "seat_purchases.html",
        status=422 if errors else 200,
        here=here.of(visit, "seats", data),
        organization=data["organization"],
        purchases=data["organization"]["seats"]["purchases"],
        tabs=TABS,
        chosen=kept,
        query=lists.query(kept),
        errors=errors or [],
    )


@get("/o/{organization:str}/seats/purchases.csv")
async def purchases_file(request: Request[Any, Any, Any], organization: FromPath[str]) -> Stream:
    """The same lines as a file, all of them."""
    visit = await visits.entered(request, organization)
    chosen = _chosen(visit)
    dates = {"from": _moment(chosen["from"]), "to": _moment(chosen["to"], 1)}

    async def ask(after: str | None) -> dict[str, Any]:
        given = {"organization": visit.organization_id, **dates, "isPage": False}
        data = await visit.ask("seat_purchases", **given, first=downloads.PAGE, after=after, last=None, before=None)
        found: dict[str, Any] = data["organization"]["seats"]["purchases"]
        return found

    head = ["Added on", "Seat", "Quantity", "Price", "Charged", "Currency", "State", "Days left", "E-mail", "Trace"]
    return await downloads.csv_file("seat-purchases", head, ask, _line)


def _line(each: dict[str, Any]) -> downloads.Row:
    price, charged, who = each["price"], each["proratedAmount"], each["member"]
    return [
        each["addedOn"],
        words.word(each["seatType"]),
        each["quantity"],
        price["amount"],
        charged["amount"],
        charged["currency"],
        words.word(each["state"]),
        each["remainingDays"],
        who["email"] if who else None,
        each["requestId"],
    ]


@post("/o/{organization:str}/seats/purchases/{purchase:uuid}/{act:str}")
async def settle(
    request: Request[Any, Any, Any], organization: FromPath[str], purchase: FromPath[Any], act: FromPath[str]
) -> Response[Any]:
    """Tries a purchase once more, or gives it up."""
    visit = await visits.entered(request, organization)
    await forms.read(visit)
    if act not in _ACTS:
        raise NotFoundException
    document, field, said = _ACTS[act]
    data = await visit.ask(document, id=visit.id("SeatPurchase", str(purchase)))
    if errors := errors_of(data[field]):
        return await _bought(visit, errors)
    return visit.go(f"{visit.base}/seats/purchases", said)


PAGES = [ledger, ledger_file, purchases, purchases_file, settle]
