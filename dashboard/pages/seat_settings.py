"""How many seats there are, what may be spent on more, and what happens when all are taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from api.provisioning import currencies
from api.provisioning.policy_values import SeatLimit

from .. import forms, here, impact, visits
from ..forms import Form
from ..graph import errors_of
from ..visits import Visit
from ..words import count
from .seats import TABS

_WHEN_FULL: Mapping[SeatLimit, tuple[str, str]] = {
    SeatLimit.BLOCK: ("Refuse", "The directory is told that no seat is free, and what to do. Nobody comes in."),
    SeatLimit.AUTO_PURCHASE: ("Buy more", "A seat is bought within the monthly cap below. Beyond it, refuse."),
    SeatLimit.HOLD: ("Let them wait", "The person is here and waits. Who waits longest gets the next free seat."),
    SeatLimit.DOWNGRADE_TO_FREE: ("Give a Guest seat", "Until one of the wanted type is free."),
    SeatLimit.ALLOW_OVERAGE: ("Go over the limit", "More seats are taken than there are. Nobody is kept out."),
}
_AMOUNT = re.compile(r"[0-9]{1,12}([.,][0-9]{1,6})?")


@get("/o/{organization:str}/seats/settings")
async def settings(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Limits, the monthly cap, and what happens when all seats are taken."""
    return await _shown(await visits.entered(request, organization))


async def _shown(
    visit: Visit, errors: list[str] | None = None, typed: Mapping[str, str] | None = None
) -> Response[Any]:
    data = await visit.ask("seat_settings", organization=visit.organization_id)
    found = data["organization"]
    return visit.page(
        "seat_settings.html",
        status=422 if errors else 200,
        here=here.of(visit, "seats", data),
        organization=found,
        types=found["seats"]["byType"],
        terms=found["seats"]["terms"],
        tabs=TABS,
        when_full=[(each.value, *said) for each, said in _WHEN_FULL.items()],
        typed=typed or {},
        errors=errors or [],
    )


@post("/o/{organization:str}/seats/limits")
async def limits(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Chooses how many seats of each type there are; those that stay as they were are left alone."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    typed = {name: form.text(name) for name in form.values if name.startswith("limit:")}
    names = {"limit:FULL": "full", "limit:LITE": "lite", "limit:FREE": "guest"}
    if wrong := [name for name, text in typed.items() if text and not text.isdecimal()]:
        told = [f"The number of {names.get(each, 'such')} seats is not a whole number." for each in wrong]
        return await _shown(visit, told, typed)
    wanted = [
        {"seatType": name.removeprefix("limit:"), "limit": int(text) if text else None}
        for name, text in typed.items()
        if name in names and text != form.text(name.replace("limit:", "was:"))
    ]
    if not wanted:
        return visit.go(f"{visit.base}/seats/settings", "Nothing is changed: there are as many seats as before.")
    data = await visit.ask("seat_limits_set", organization=visit.organization_id, limits=wanted)
    answer = data["seatLimitsSet"]
    if answer["userErrors"]:
        return await _shown(visit, errors_of(answer), typed)
    promoted = answer["promoted"]
    said = f" {count(promoted, 'person', 'people')} who waited got a seat." if promoted else ""
    return visit.go(f"{visit.base}/seats/settings", f"The limits are saved.{said}")


@post("/o/{organization:str}/seats/cap")
async def cap(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Accepts what may be spent in a month, or takes that back."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    if form.text("act") == "withdraw":
        data = await visit.ask("spending_cap_withdraw", organization=visit.organization_id)
        answer, said = data["spendingCapWithdraw"], "No more seats are bought."
    else:
        typed = {"cap": form.text("cap")}
        amount = minor(typed["cap"], form.text("currency"))
        if amount is None:
            return await _shown(visit, [f"“{typed['cap']}” is no amount. Write it like 200.00."], typed)
        if not form.is_on("agreed"):
            return await _shown(visit, ["Tick the box that you agree, too."], typed)
        data = await visit.ask("spending_cap_accept", organization=visit.organization_id, cap=amount)
        answer, said = data["spendingCapAccept"], "The cap is accepted."
    if answer["userErrors"]:
        given = {"cap": form.text("cap")} if form.text("cap") else {}
        return await _shown(visit, errors_of(answer), given)
    return visit.go(f"{visit.base}/seats/settings", said)


def minor(text: str, currency: str) -> int | None:
    """An amount that somebody typed, in minor units; None for what is no amount, or too fine for the currency."""
    if not _AMOUNT.fullmatch(text):
        return None
    whole = Decimal(text.replace(",", ".")) * 10 ** currencies.decimals(currency)
    return int(whole) if whole == whole.to_integral_value() else None


@post("/o/{organization:str}/seats/policy")
async def policy(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Chooses what happens when all seats are taken, and at how many percent somebody is told."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    kept = [("when_full", form.text("when_full")), ("thresholds", form.text("thresholds"))]

    async def refused(errors: list[str]) -> Response[Any]:
        return await _shown(visit, errors, dict(kept))

    percents = _percents(form)
    if percents is None or form.text("when_full") not in SeatLimit.__members__:
        return await refused(["Write the percentages as numbers from 1 to 100, with commas between, like 80, 90, 100."])
    wanted = {"seatLimit": form.text("when_full"), "seatThresholds": percents}
    act = impact.Act(
        title="What happens when all seats are taken",
        now="seats",
        preview={"policy": {"organizationId": visit.organization_id, "policy": wanted}},
        document="policy_update",
        field="policyUpdate",
        variables={"organization": visit.organization_id, "policy": wanted},
        path=f"{visit.base}/seats/policy",
        kept=kept,
        back=f"{visit.base}/seats/settings",
        done="The policy is saved.",
        is_small=True,
    )
    return await impact.carried_out(visit, form, act, refused)


def _percents(form: Form) -> list[int] | None:
    parts = [each.strip().removesuffix("%").strip() for each in form.text("thresholds").split(",") if each.strip()]
    if not all(each.isdecimal() and 1 <= int(each) <= 100 for each in parts):
        return None
    return sorted({int(each) for each in parts})


PAGES = [settings, limits, cap, policy]
