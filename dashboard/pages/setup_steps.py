"""The set-up wizard once there is a directory: connect, attributes, seats, groups, pilot, go live."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from .. import attributes, forms, guests, guides, shown_once
from ..graph import errors_of
from ..visits import HEADERS, Visit
from .setting_up import STEPS, around, is_unfinished

WAITS = 600
"""So many seconds a page asks by itself whether something has arrived; then a button does."""

_OF_DIRECTORY = tuple(key for key, _ in STEPS[3:])
_SECOND_KEY_HOURS = 24
_IN_USE = "This directory is in use. Ask an admin of the organization for another key."


@get("/o/{organization:str}/provisioning/{directory:uuid}/setup")
async def setup(
    request: Request[Any, Any, Any], organization: FromPath[str], directory: FromPath[Any]
) -> Response[Any]:
    """The step that the address names."""
    visit = await guests.entered(request, organization, guests.SETTING_UP)
    step = request.query_params.get("step", "")
    return await _shown(visit, str(directory), step if step in _OF_DIRECTORY else "key")


async def _shown(visit: Visit, directory: str, step: str, errors: list[str] | None = None) -> Response[Any]:
    id = visit.id("Directory", directory)
    data = await visit.ask("setup_directory", organization=visit.organization_id, id=id, isGuest=visit.is_guest)
    found = data["node"]
    if not found or found["deletedAt"]:
        raise NotFoundException
    path = f"{visit.base}/provisioning/{directory}"
    secret, cookies = shown_once.take(visit, path) if step == "key" else (None, [])
    key = next((each for each in found["keys"] if each["state"] in ("ACTIVE", "EXPIRING")), None)
    seats = found["seatExtension"]
    filled = {"scim_url": found["scimUrl"], "seat_urn": seats["urn"].removesuffix(":User")}
    return visit.page(
        f"setup/{step}.html",
        status=422 if errors else 200,
        cookies=cookies,
        **around(visit, data, step),
        errors=errors or [],
        directory=found,
        path=path,
        guide=guides.of(found["provider"]).filled(filled),
        secret=secret,
        key=key,
        seat_urn=filled["seat_urn"],
        may_make_key=_may_make_key(visit, found),
        last=_OF_DIRECTORY[-1],
        **await _of_step(visit, id, step),
        **waiting_for(data, int(time.time())),
    )


def _may_make_key(visit: Visit, directory: dict[str, Any]) -> bool:
    """Guests make no key for a directory that is in use already: its own would end."""
    return visit.guest is None or is_unfinished(directory)


async def _of_step(visit: Visit, id: str, step: str) -> dict[str, Any]:
    """What only one step shows."""
    if step == "attributes":
        return await attributes.of_directory(visit, id)
    if step == "groups":
        return (await visit.ask("setup_groups", organization=visit.organization_id, id=id))["organization"]  # type: ignore[no-any-return]  # JSON
    return {}


def waiting_for(data: dict[str, Any], began: int) -> dict[str, Any]:
    """What the part of a page shows that waits for requests, and its version: it changes when something arrives."""
    found, requests = data["node"], data["organization"]["requests"]["nodes"]
    live = [each for each in found["keys"] if each["state"] in ("ACTIVE", "EXPIRING")]
    seen = [requests[0]["id"] if requests else "", found["userCount"], found["groupCount"], found["pull"]]
    seen += [(each["lastFour"], each["lastUsedAt"], each["expiresAt"]) for each in live]
    version = hashlib.sha256(json.dumps([*seen, found["condition"]["hints"]]).encode()).hexdigest()[:16]
    return {
        "newest": live[0] if live else None,
        "others": live[1:],
        "is_new": len(found["keys"]) > 1,
        "requests": requests,
        "counted": (found["userCount"], found["groupCount"]),
        "hints": found["condition"]["hints"],
        "pull": found["pull"],
        "version": version,
        "began": began,
        "is_waiting": time.time() - began < WAITS,
    }


@get("/o/{organization:str}/provisioning/{directory:uuid}/waiting")
async def waiting(
    request: Request[Any, Any, Any], organization: FromPath[str], directory: FromPath[Any]
) -> Response[Any]:
    """What has arrived; nothing (204) for a page that has seen it, until ten minutes are over."""
    visit = await guests.entered(request, organization, guests.SETTING_UP)
    id = visit.id("Directory", str(directory))
    data = await visit.ask("arriving", organization=visit.organization_id, id=id, most=5)
    if not data["node"] or data["node"]["deletedAt"]:
        raise NotFoundException
    given = request.query_params
    began = int(given["since"]) if given.get("since", "").isdecimal() else int(time.time())
    found = waiting_for(data, began)
    if given.get("v") == found["version"] and found["is_waiting"]:
        return Response("", status_code=204, headers=dict(HEADERS))
    path = f"{visit.base}/provisioning/{directory}"
    return visit.page("setup/waiting.html", "waiting", path=path, step="key", **found)


@post("/o/{organization:str}/provisioning/{directory:uuid}/setup")
async def act(request: Request[Any, Any, Any], organization: FromPath[str], directory: FromPath[Any]) -> Response[Any]:
    """Makes another key, or goes live."""
    visit = await guests.entered(request, organization, guests.SETTING_UP)
    form = await forms.read(visit)
    id, path = visit.id("Directory", str(directory)), f"{visit.base}/provisioning/{directory}"
    if form.text("act") == "key":
        found = (await visit.ask("setup_directory", organization=visit.organization_id, id=id, isGuest=visit.is_guest))[
            "node"
        ]
        if not found or found["deletedAt"]:
            raise NotFoundException
        if not _may_make_key(visit, found):
            return await _shown(visit, str(directory), "key", [_IN_USE])
        data = await visit.ask("setup_key", id=id, overlapHours=_SECOND_KEY_HOURS, expiresInDays=None)
        if errors := errors_of(data["directoryKeyRotate"]):
            return await _shown(visit, str(directory), "key", errors)
        cookies = [shown_once.put(visit, path, data["directoryKeyRotate"]["secret"])]
        return visit.go(f"{path}/setup", "There is another key.", cookies=cookies)
    data = await visit.ask("setup_go_live", id=id, input={"state": "LIVE"})
    if errors := errors_of(data["directoryUpdate"]):
        return await _shown(visit, str(directory), "live", errors)
    return visit.go(f"{path}/setup?step=live", "The directory is live.")


PAGES = [setup, waiting, act]
