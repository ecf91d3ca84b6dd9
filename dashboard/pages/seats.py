"""Seats: how many there are and who has them, the plot of days, and what was noticed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Stream

from api.provisioning.forecast import DayEnd

from .. import downloads, here, lists, plots, visits, words
from ..plots import Series
from ..visits import HEADERS, Visit

TABS = (("", "Overview"), ("/ledger", "Ledger"), ("/purchases", "Purchases"), ("/settings", "Limits and buying"))
RANGES = (30, 90, 365)
_USUAL = 90
_SIZES = ({"width": 960, "height": 300, "margin": 120}, {"width": 340, "height": 240, "margin": 82})
_COUNTED = ("CONFIRMED", "RESERVED")


@get("/o/{organization:str}/seats")
async def seats(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """The table of types and the plot."""
    visit = await visits.entered(request, organization)
    days = _range(visit)
    first, last = _span(days)
    data = await visit.ask(
        "seats",
        organization=visit.organization_id,
        first=first.isoformat(),
        last=last.isoformat(),
        since=f"{first}T00:00:00Z",
    )
    found = data["organization"]["seats"]
    version = _version(found)
    if visit.is_htmx and request.query_params.get("v") == version:
        return Response("", status_code=204, headers=dict(HEADERS))
    shown = series(found, last)
    return visit.page(
        "seats.html",
        "types",
        ask=f"{visit.base}/seats?{lists.query({'days': str(days), 'v': version})}",
        here=here.of(visit, "seats", data),
        organization=data["organization"],
        seats=found,
        tabs=TABS,
        days=days,
        ranges=RANGES,
        plots=[plots.plot(shown, first, last, **size) for size in _SIZES] if any(each.days for each in shown) else [],
        summary=plots.summary(shown),
        table=by_day(found["history"]),
        names={each["seatType"]: each["label"] for each in found["byType"]},
    )


def _version(seats: Mapping[str, Any]) -> str:
    """What is different when the table of types is."""
    return " ".join(f"{each['used']}/{each['limit']}+{each['waiting']}" for each in seats["byType"])


def _range(visit: Visit) -> int:
    given = visit.request.query_params.get("days", "")
    return int(given) if given in {str(each) for each in RANGES} else _USUAL


def _span(days: int) -> tuple[date, date]:
    """The first and the last of so many days, today being the last, UTC."""
    today = datetime.now(UTC).date()
    return today - timedelta(days=days - 1), today


def series(found: Mapping[str, Any], last: date) -> list[Series]:
    """What the plot shows of each type that has or had seats."""
    made = []
    for each in found["byType"]:
        type_, ahead = each["seatType"], each["forecast"]
        days = [
            DayEnd(date.fromisoformat(row["day"]), row["used"], row["limit"])
            for row in found["history"]
            if row["seatType"] == type_
        ]
        if not any(row.used or row.limit for row in days):
            continue
        bought: dict[date, int] = {}
        for row in found["purchases"]["nodes"]:
            if row["seatType"] == type_ and row["state"] in _COUNTED:
                at = date.fromisoformat(row["addedOn"])
                bought[at] = bought.get(at, 0) + row["quantity"]
        full_on = date.fromisoformat(ahead["fullOn"]) if ahead else None
        made.append(Series(each["label"], days, bought, ahead["dailyNetChange"] if ahead else 0.0, full_on))
    return made


def by_day(history: Sequence[Mapping[str, Any]]) -> list[tuple[str, dict[str, Mapping[str, Any]]]]:
    """The days of the plot as rows of a table, the newest first, each with its types."""
    days: dict[str, dict[str, Mapping[str, Any]]] = {}
    for each in history:
        days.setdefault(each["day"], {})[each["seatType"]] = each
    return sorted(days.items(), reverse=True)


@get("/o/{organization:str}/seats/history.csv")
async def history_file(request: Request[Any, Any, Any], organization: FromPath[str]) -> Stream:
    """The days of the plot as a file."""
    visit = await visits.entered(request, organization)
    first, last = _span(_range(visit))

    async def ask(_: str | None) -> dict[str, Any]:
        given = {"organization": visit.organization_id, "first": first.isoformat(), "last": last.isoformat()}
        data = await visit.ask("seat_history", **given)
        return {"nodes": data["organization"]["seats"]["history"], "pageInfo": {"hasNextPage": False}}

    def row(each: dict[str, Any]) -> downloads.Row:
        return [each["day"], words.word(each["seatType"]), each["used"], each["limit"], each["waiting"]]

    return await downloads.csv_file(f"seats-{first}-{last}", ["Day", "Seat", "Used", "Purchased", "Waiting"], ask, row)


PAGES = [seats, history_file]
