"""The set-up wizard before there is a directory: domain, provider, details."""

from __future__ import annotations

import uuid
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from db.enums import Provider

from .. import forms, guests, guides, here, shown_once, words
from ..forms import Form
from ..graph import errors_of
from ..visits import Visit
from .provisioning import title_of

STEPS = (
    ("domain", "Domain"),
    ("provider", "Provider"),
    ("details", "Details"),
    ("key", "Connect"),
    ("attributes", "Attributes"),
    ("seats", "Seats"),
    ("groups", "Groups"),
    ("pilot", "Pilot"),
    ("live", "Go live"),
)
"""The steps of the wizard; the first three are before there is a directory."""

_NOT_CHOSEN = "Choose an identity provider first."
_FIELDS = ("provider", "name", "pilot", "pilot_users", "admin_email", "every_minutes")


def around(visit: Visit, data: dict[str, Any], step: str) -> dict[str, Any]:
    """What every page of the wizard is given: what is around it, and where among the steps it is."""
    place = [key for key, _ in STEPS].index(step)
    return {
        "layout": guests.layout(visit),
        "here": here.of(visit, "provisioning", data),
        "organization": data["organization"],
        "step": step,
        "steps": [(key, told, number < place) for number, (key, told) in enumerate(STEPS)],
    }


@get("/o/{organization:str}/provisioning/new")
async def new(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """The step that the address names: the provider, unless another; no page before the plan has directories."""
    visit = await guests.entered(request, organization, guests.SETTING_UP)
    provider = request.query_params.get("provider", "")
    is_known = provider in Provider.__members__
    if request.query_params.get("step") == "details" and is_known:
        return await _details(visit, provider)
    return await _providers(visit)


async def _start(visit: Visit) -> dict[str, Any]:
    data: dict[str, Any] = await visit.ask("setup_start", organization=visit.organization_id, isGuest=visit.is_guest)
    if not visit.is_guest and not here.is_entitled(data["organization"]):
        raise NotFoundException
    return data


async def _providers(visit: Visit, errors: list[str] | None = None) -> Response[Any]:
    data = await _start(visit)
    found = data["organization"]
    return visit.page(
        "setup/provider.html",
        status=422 if errors else 200,
        **around(visit, data, "provider"),
        errors=errors or [],
        choices=[(each.value, title_of(each.value), guides.of(each.value)) for each in guides.ORDER],
        unfinished=[each for each in found["directories"] if is_unfinished(each)],
        missing=_missing(found),
    )


def is_unfinished(directory: dict[str, Any]) -> bool:
    """Whether a directory is still being set up: a pilot, or never called."""
    return directory["state"] == "PILOT" or (directory["condition"] or {}).get("health") == "NEVER_CALLED"


def _missing(organization: dict[str, Any]) -> str:
    """What has to be set up first, in words; empty for nothing, and for guests (R021, R022)."""
    if "ssoConnections" not in organization:
        return ""
    policy, wanted = organization["policy"], organization["policy"]["requireSso"]
    is_active = any(each["state"] == "ACTIVE" for each in organization["ssoConnections"])
    if wanted == "OFF" or (is_active and (wanted == "CONFIGURED" or policy["ssoEnforced"])):
        return ""
    if not is_active:
        return "Single sign-on has to be set up before a directory is connected, and no connection is active."
    return "Single sign-on has to be enforced before a directory is connected."


async def _details(
    visit: Visit, provider: str, errors: list[str] | None = None, given: dict[str, str] | None = None
) -> Response[Any]:
    data = await _start(visit)
    guide = guides.of(provider)
    start = dict.fromkeys(_FIELDS, "") | {"name": title_of(provider), "pilot": "yes", "pilot_users": "1"}
    return visit.page(
        "setup/details.html",
        status=422 if errors else 200,
        **around(visit, data, "details"),
        errors=errors or [],
        guide=guide,
        provider=provider,
        title=title_of(provider),
        given=given or start | {"every_minutes": "20"},
        once=str(uuid.uuid4()),
    )


@post("/o/{organization:str}/provisioning/new")
async def create(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Connects a directory, and leads to its set-up, where the key is shown once."""
    visit = await guests.entered(request, organization, guests.SETTING_UP)
    form = await forms.read(visit)
    provider = form.text("provider")
    if provider not in Provider.__members__:
        return await _providers(visit, [_NOT_CHOSEN])
    if guides.of(provider).is_pull:
        return await _connect_pull(visit, form)
    data = await visit.ask(
        "setup_create",
        organization=visit.organization_id,
        input={"name": form.text("name"), "provider": provider},
        once=form.maybe("once"),
    )
    result = data["directoryCreate"]
    if errors := errors_of(result):
        return await _details(visit, provider, errors, _typed(form))
    path = f"{visit.base}/provisioning/{words.uid(result['directory']['id'])}"
    if result["secret"] is None:  # the same form again
        return visit.go(f"{path}/setup", f"{form.text('name')} is connected already. Its key was shown then.")
    said = await _begin_pilot(visit, form, result["directory"]["id"])
    return visit.go(f"{path}/setup", said, cookies=[shown_once.put(visit, path, result["secret"])])


async def _begin_pilot(visit: Visit, form: Form, directory: str) -> str:
    """Let in as many people as a pilot has, if one is wanted; what to say of it."""
    name = form.text("name")
    if not form.is_on("pilot"):
        return f"{name} is connected."
    wanted = {"state": "PILOT", "pilotUsers": form.number("pilot_users") or 1}
    data = await visit.ask("setup_go_live", id=directory, input=wanted)
    if errors := errors_of(data["directoryUpdate"]):
        return f"{name} is connected, and lets everybody in: the pilot did not begin. {errors[0]}"
    return f"{name} is connected, as a pilot."


async def _connect_pull(visit: Visit, form: Form) -> Response[Any]:
    wanted = {
        "name": form.text("name"),
        "keyFile": form.text("key_file"),
        "adminEmail": form.text("admin_email"),
        "everyMinutes": form.number("every_minutes") or 20,
        "takesGroups": form.is_on("takes_groups"),
    }
    data = await visit.ask(
        "setup_pull_connect", organization=visit.organization_id, input=wanted, once=form.maybe("once")
    )
    result = data["pullConnect"]
    if errors := errors_of(result):
        return await _details(visit, form.text("provider"), errors, _typed(form))
    path = f"{visit.base}/provisioning/{words.uid(result['directory']['id'])}"
    return visit.go(f"{path}/setup", f"{form.text('name')} is connected. Rollcall fetches everybody now.")


def _typed(form: Form) -> dict[str, str]:
    return {name: form.text(name) for name in _FIELDS}


PAGES = [new, create]
