"""One directory: how it is, its settings, pausing and going on, and fetching for those that Rollcall reads itself."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from api.provisioning.directories import Profile, UnknownAttributes

from .. import attributes, bars, directory_words, forms, guides, here, shown_once, visits
from ..forms import Form
from ..graph import errors_of
from ..visits import Visit
from .provisioning import title_of
from .setup_steps import waiting_for

_TABS = (("overview", "Overview"), ("attributes", "Attributes"), ("keys", "Keys"), ("settings", "Settings"))
SWITCHES = (
    ("import_new_users", "importNewUsers", "New people come in", "Off: only people who are members already come."),
    (
        "import_changes",
        "importChanges",
        "Changes of name, address and seat count",
        "Off: what the directory says of a person stays with the directory, and the member stays as they are.",
    ),
    (
        "suspend_on_inactive",
        "suspendOnInactive",
        "Whoever is inactive there loses access here",
        "Off: people stay until the directory deletes them.",
    ),
    (
        "suspend_on_leaving_groups",
        "suspendOnLeavingGroups",
        "Only groups that give access let people in",
        "On: whoever leaves the last of them is suspended. Choose these groups under Groups.",
    ),
    (
        "repeated_group_names",
        "repeatedGroupNames",
        "Two groups may have the same name",
        "Off: a second group with the name of another is refused, as most providers expect.",
    ),
)
"""The switches of a directory: the form's name, GraphQL's name, what it says, and what the other position means."""

_STATES: Mapping[str, tuple[dict[str, Any], str]] = {
    "pause": ({"state": "PAUSED"}, "The directory is paused. Its requests are answered 503, and nothing is lost."),
    "resume": ({"state": "LIVE"}, "The directory is live."),
}


@get("/o/{organization:str}/provisioning/{directory:uuid}")
async def directory(
    request: Request[Any, Any, Any], organization: FromPath[str], directory: FromPath[Any]
) -> Response[Any]:
    """A directory, by one of its tabs."""
    visit = await visits.managing(request, organization)
    return await shown(visit, str(directory))


async def shown(visit: Visit, directory: str, errors: list[str] | None = None, **more: Any) -> Response[Any]:
    """The page, again after what was in the way; `tab` says which one then, `typed` what was typed."""
    data = await visit.ask("directory", organization=visit.organization_id, id=visit.id("Directory", directory))
    found = data["node"]
    if not found:
        raise NotFoundException
    path = f"{visit.base}/provisioning/{directory}"
    secret, cookies = shown_once.take(visit, path)
    asked = visit.request.query_params.get("tab", "")
    given = {"tab": asked if asked in dict(_TABS) else "overview", "typed": None, "table": None, **more}
    outcomes = bars.outcomes(found["traffic"])
    if found["deletedAt"] is None:
        given |= waiting_for(data, int(time.time()))
        given["report"] = directory_words.report(found, data["organization"]["refused"]["nodes"], outcomes.text)
        if given["tab"] == "attributes" and given["table"] is None:
            given["table"] = await attributes.of_directory(visit, found["id"])
    live = [each for each in found["keys"] if each["state"] in ("ACTIVE", "EXPIRING")]
    return visit.page(
        "directory.html",
        status=422 if errors else 200,
        cookies=cookies,
        here=here.of(visit, "provisioning", data),
        organization=data["organization"],
        directory=found,
        path=path,
        tabs=_TABS,
        title=title_of(found["provider"]),
        is_pull=guides.of(found["provider"]).is_pull,
        outcomes=outcomes,
        profiles=[(each.value, each.value.capitalize()) for each in Profile],
        rules=[(each.value, told) for each, told in _RULES.items()],
        switches=SWITCHES,
        live=live,
        ended=[each for each in found["keys"] if each not in live],
        secret=secret,
        errors=errors or [],
        **given,
    )


_RULES = {
    UnknownAttributes.IGNORE_AND_REPORT: "Leave them out, and say so in Activity",
    UnknownAttributes.REJECT: "Refuse the request",
}


@post("/o/{organization:str}/provisioning/{directory:uuid}/state")
async def state(
    request: Request[Any, Any, Any], organization: FromPath[str], directory: FromPath[Any]
) -> Response[Any]:
    """Pauses the directory, lets it go on, or makes a pilot of it."""
    visit = await visits.managing(request, organization)
    form = await forms.read(visit)
    act = form.text("act")
    pilot = {"state": "PILOT", "pilotUsers": form.number("pilot_users") or 1}
    wanted, said = _STATES.get(act, (pilot, "The directory is a pilot."))
    return await change(visit, str(directory), wanted, said, token=None)


@post("/o/{organization:str}/provisioning/{directory:uuid}/settings")
async def settings(
    request: Request[Any, Any, Any], organization: FromPath[str], directory: FromPath[Any]
) -> Response[Any]:
    """Saves the settings; where members would change, who would is shown first."""
    visit = await visits.managing(request, organization)
    form = await forms.read(visit)
    return await change(visit, str(directory), _wanted(form), "The settings are saved.", token=form.maybe("token"))


def _wanted(form: Form) -> dict[str, Any]:
    wanted: dict[str, Any] = {name: form.is_on(field) for field, name, _, _ in SWITCHES}
    wanted["name"] = form.text("name")
    if form.text("profile") in Profile.__members__:
        wanted["profile"] = form.text("profile")
    if form.text("unknown_attributes") in UnknownAttributes.__members__:
        wanted["unknownAttributes"] = form.text("unknown_attributes")
    return wanted


async def change(
    visit: Visit, directory: str, wanted: dict[str, Any], said: str, *, token: str | None
) -> Response[Any]:
    """Change a directory, by way of a preview where members change."""
    id, path = visit.id("Directory", directory), f"{visit.base}/provisioning/{directory}"
    data = await visit.ask("directory_update", id=id, input=wanted, previewToken=token)
    problems = data["directoryUpdate"]["userErrors"]
    if not problems:
        return visit.go(f"{path}?tab=settings" if "name" in wanted else path, said)
    if problems[0]["code"] in ("PREVIEW_REQUIRED", "STALE_PREVIEW"):
        return await _preview(visit, directory, wanted, is_again=token is not None)
    tab = "settings" if "name" in wanted else "overview"
    return await shown(visit, directory, [each["message"] for each in problems], tab=tab, typed=wanted)


async def _preview(visit: Visit, directory: str, wanted: dict[str, Any], *, is_again: bool) -> Response[Any]:
    """Who would change, and to what; the form behind it carries what was wanted, and the preview's token."""
    id = visit.id("Directory", directory)
    page = await visit.ask("directory", organization=visit.organization_id, id=id)
    if not page["node"]:
        raise NotFoundException
    found = (await visit.ask("directory_change_preview", id=id, input=wanted))["preview"]
    fields = {field: "yes" for field, name, _, _ in SWITCHES if wanted.get(name)}
    for field, name in (("name", "name"), ("profile", "profile"), ("unknown_attributes", "unknownAttributes")):
        if name in wanted:
            fields[field] = wanted[name]
    return visit.page(
        "directory_preview.html",
        here=here.of(visit, "provisioning", page),
        organization=page["organization"],
        directory=page["node"],
        path=f"{visit.base}/provisioning/{directory}",
        preview=found,
        fields=fields,
        is_again=is_again,
    )


@post("/o/{organization:str}/provisioning/{directory:uuid}/pull")
async def pull(request: Request[Any, Any, Any], organization: FromPath[str], directory: FromPath[Any]) -> Response[Any]:
    """Fetches people at once, or changes how they are fetched."""
    visit = await visits.managing(request, organization)
    form = await forms.read(visit)
    id, path = visit.id("Directory", str(directory)), f"{visit.base}/provisioning/{directory}"
    if form.text("act") == "now":
        data, field, said = await visit.ask("directory_pull_now", id=id), "pullNow", "Rollcall fetches everybody now."
    else:
        wanted: dict[str, Any] = {
            "adminEmail": form.text("admin_email"),
            "customer": form.text("customer") or "my_customer",
            "userQuery": form.text("user_query"),
            "takesGroups": form.is_on("takes_groups"),
            "everyMinutes": form.number("every_minutes") or 20,
        }
        if key_file := form.maybe("key_file"):
            wanted["keyFile"] = key_file
        data = await visit.ask("directory_pull_update", id=id, input=wanted)
        field, said = "pullUpdate", "Saved. Rollcall fetches everybody anew."
    if errors := errors_of(data[field]):
        return await shown(visit, str(directory), errors, tab="settings")
    return visit.go(path, said)


PAGES = [directory, state, settings, pull]
