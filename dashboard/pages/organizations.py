"""All organizations, for whoever runs this installation: finding one, making one, and what it may use."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from api.provisioning.currencies import decimals
from api.provisioning.health import Health
from api.provisioning.plan_catalogue import Feature
from db.enums import BillingInterval

from .. import forms, here, lists, visits, words
from ..forms import Form, NoNumber
from ..graph import Failed, errors_of
from ..visits import Visit

_FIELDS = ("query", "plan", "health")
_HEALTH = [(each.name, words.word(each.name)) for each in Health if each is not Health.DELETED]


@get("/orgs")
async def organizations(request: Request[Any, Any, Any]) -> Response[Any]:
    """Organizations that fit what stands in the address."""
    visit = await visits.operating(request)
    chosen = {name: request.query_params.get(name, "").strip() for name in _FIELDS}
    wanted = {
        "query": chosen["query"] or None,
        "plan": chosen["plan"] or None,
        "health": [chosen["health"]] if chosen["health"] in dict(_HEALTH) else None,
    }
    problem = ""
    try:
        data = await visit.ask("organizations", **wanted, **lists.span(request, 25))
    except Failed as failed:
        if failed.code not in ("BAD_REQUEST", "INVALID"):
            raise
        problem = str(failed)
        data = await visit.ask("organizations", query=None, plan=None, health=None, first=25)
    return visit.page(
        "organizations.html",
        "organizations",
        status=422 if problem else 200,
        errors=[problem] if problem else [],
        here=here.platform("organizations"),
        found=data["organizations"],
        chosen=chosen,
        query=lists.query(chosen),
        plans=[(each["key"], each["name"] or each["key"]) for each in data["plans"]],
        healths=_HEALTH,
    )


@get("/orgs/new")
async def ask_new(request: Request[Any, Any, Any]) -> Response[Any]:
    """Asks for the name and the domains."""
    return _form(await visits.operating(request), Form({}))


def _form(visit: Visit, form: Form, errors: list[str] | None = None) -> Response[Any]:
    return visit.page(
        "organization_new.html",
        status=422 if errors else 200,
        here=here.platform("organizations"),
        given={name: form.text(name) for name in ("name", "domains")},
        once=form.maybe("once") or str(uuid.uuid4()),
        errors=errors or [],
    )


@post("/orgs")
async def create(request: Request[Any, Any, Any]) -> Response[Any]:
    """Makes an organization, once for each form that was shown."""
    visit = await visits.operating(request)
    form = await forms.read(visit)
    asked = {"name": form.text("name"), "domains": form.text("domains").replace(",", " ").split()}
    result = (await visit.ask("organization_create", input=asked, idempotencyKey=form.maybe("once")))[
        "organizationCreate"
    ]
    if errors := errors_of(result):
        return _form(visit, form, errors)
    return visit.go(f"/orgs/{words.uid(result['organization']['id'])}", f"{form.text('name')} is made.")


@get("/orgs/{organization:uuid}")
async def one(request: Request[Any, Any, Any], organization: FromPath[Any]) -> Response[Any]:
    """What one organization may use, and what was agreed with it."""
    return await _shown(await _operating_on(request, organization))


async def _operating_on(request: Request[Any, Any, Any], organization: uuid.UUID) -> Visit:
    return replace(await visits.operating(request), organization=organization)


async def _shown(visit: Visit, errors: list[str] | None = None, form: Form | None = None) -> Response[Any]:
    """The page, again with what was typed after what was in the way."""
    data = await visit.ask("organization_one", organization=visit.organization_id)
    if data["organization"] is None:
        raise NotFoundException
    return visit.page(
        "organization_one.html",
        status=422 if errors else 200,
        here=here.platform("organizations"),
        o=data["organization"],
        plans=[(each["key"], each["name"] or each["key"]) for each in data["plans"]],
        features=words.choices(Feature),
        intervals=words.choices(BillingInterval),
        path=f"/orgs/{visit.organization}",
        typed=lists.without_nonsense({name: form.text(name) for name in form.values}, "anchor") if form else {},
        errors=errors or [],
    )


@post("/orgs/{organization:uuid}/{act:str}")
async def change(request: Request[Any, Any, Any], organization: FromPath[Any], act: FromPath[str]) -> Response[Any]:
    """Changes what an organization may use, or what was agreed with it."""
    visit = await _operating_on(request, organization)
    form = await forms.read(visit)
    try:
        asked = _asked(act, form)
    except (ValueError, NoNumber) as problem:
        return await _shown(visit, [problem.detail if isinstance(problem, NoNumber) else str(problem)], form)
    if asked is None:
        raise NotFoundException
    document, variables, said = asked
    (result,) = (await visit.ask(document, organization=visit.organization_id, **variables)).values()
    if errors := errors_of(result):
        return await _shown(visit, errors, form)
    return visit.go(f"/orgs/{organization}", said)


def _asked(act: str, form: Form) -> tuple[str, dict[str, Any], str] | None:
    """The document of an act with its variables, and what is said afterwards; raises ValueError for no amount."""
    match act:
        case "plan":
            return "organization_plan", {"plan": form.text("plan")}, "The plan is chosen."
        case "grant" | "withdraw" if form.text("feature") in Feature.__members__:
            said = "The add-on is granted." if act == "grant" else "The add-on is withdrawn."
            return f"organization_{act}", {"addOn": form.text("feature")}, said
        case "retention":
            days = {"headlineDays": form.number("headline") or 0, "bodyDays": form.number("body") or 0}
            return "organization_retention", {"input": days}, "Requests are kept for so long from now on."
        case "contact":
            contact = {name: form.maybe(name) for name in ("name", "mail", "link")}
            given = {**contact, "name": contact["name"] or ""} if any(contact.values()) else None
            return "organization_contact", {"contact": given}, "The contact is chosen."
        case "terms" if form.text("interval") in BillingInterval.__members__:
            return "organization_terms", {"input": _terms(form)}, "The billing terms are kept."
        case "price":
            amount = _minor(form.text("price"), form.text("currency"))
            price = {"seatType": form.text("seat"), "price": amount}
            return "organization_price", {"input": price}, "The price is kept."
    return None


def _terms(form: Form) -> dict[str, Any]:
    if not lists.is_day(form.text("anchor")):
        raise ValueError("Choose a day on which a period begins.")
    return {
        "currency": form.text("currency").upper(),
        "interval": form.text("interval"),
        "anchor": form.text("anchor"),
        "packSize": form.number("pack") or 1,
        "isEnrolled": form.is_on("enrolled"),
    }


def _minor(text: str, currency: str) -> int | None:
    """An amount as people write it, in minor units; None for an empty one. Raises ValueError for anything else."""
    if not text:
        return None
    try:
        minor = Decimal(text.replace(",", ".")) * 10 ** decimals(currency)
    except (InvalidOperation, KeyError):
        raise ValueError(f"“{text}” is no amount; one looks like 30.00.") from None
    if not minor.is_finite() or minor != int(minor) or minor < 0:
        raise ValueError(f"“{text}” is no amount; one looks like 30.00.")
    return int(minor)


PAGES = [organizations, ask_new, create, one, change]
