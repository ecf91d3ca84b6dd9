"""The keys of a directory: a second one with proof of use, a plain replacement, and ending one (R036, R141, R142)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from .. import forms, here, shown_once, visits, words
from ..graph import errors_of
from ..visits import Visit
from .directories import shown

_OVERLAPS = ("1", "24", "72", "168")


@post("/o/{organization:str}/provisioning/{directory:uuid}/keys")
async def add(request: Request[Any, Any, Any], organization: FromPath[str], directory: FromPath[Any]) -> Response[Any]:
    """A second key beside the ones that there are, or one in their place at once."""
    visit = await visits.managing(request, organization)
    form = await forms.read(visit)
    is_second = form.text("act") == "second"
    hours = form.text("overlap") if form.text("overlap") in _OVERLAPS else "24"
    data = await visit.ask(
        "directory_key_rotate",
        id=visit.id("Directory", str(directory)),
        overlapHours=int(hours) if is_second else 0,
        expiresInDays=form.number("expires"),
    )
    result = data["directoryKeyRotate"]
    if errors := errors_of(result):
        return await shown(visit, str(directory), errors, tab="keys")
    path = f"{visit.base}/provisioning/{directory}"
    now = datetime.now(UTC)
    ends = words.near(now + timedelta(hours=int(hours))).striptags()
    said = f"Both keys work until {ends}. Paste the new one into the identity provider."
    if not is_second:
        stopped = f"The old key stopped working at {words.clock(now)}."
        said = f"{stopped} Your directory cannot sync until you paste the new key."
    return visit.go(f"{path}/setup?step=key", said, cookies=[shown_once.put(visit, path, result["secret"])])


@get("/o/{organization:str}/provisioning/{directory:uuid}/keys/replace")
async def ask_replace(
    request: Request[Any, Any, Any], organization: FromPath[str], directory: FromPath[Any]
) -> Response[Any]:
    """Asks once more before all keys end for a new one."""
    return await _asked(await visits.managing(request, organization), str(directory), "replace")


@get("/o/{organization:str}/provisioning/{directory:uuid}/keys/revoke")
async def ask_revoke(
    request: Request[Any, Any, Any], organization: FromPath[str], directory: FromPath[Any]
) -> Response[Any]:
    """Asks once more before the key in the query ends."""
    return await _asked(await visits.managing(request, organization), str(directory), "revoke")


async def _asked(visit: Visit, directory: str, act: str) -> Response[Any]:
    id = visit.id("Directory", directory)
    data = await visit.ask("directory", organization=visit.organization_id, id=id)
    if not data["node"]:
        raise NotFoundException
    live = [each for each in data["node"]["keys"] if each["state"] in ("ACTIVE", "EXPIRING")]
    wanted = visit.request.query_params.get("key", "")
    ending = [each for each in live if each["id"] == wanted] if act == "revoke" else live
    if act == "revoke" and not ending:
        raise NotFoundException
    return visit.page(
        "directory_key.html",
        here=here.of(visit, "provisioning", data),
        organization=data["organization"],
        directory=data["node"],
        path=f"{visit.base}/provisioning/{directory}",
        act=act,
        ending=ending,
        is_last=len(ending) == len(live),
    )


@post("/o/{organization:str}/provisioning/{directory:uuid}/keys/revoke")
async def revoke(
    request: Request[Any, Any, Any], organization: FromPath[str], directory: FromPath[Any]
) -> Response[Any]:
    """Ends one key at once."""
    visit = await visits.managing(request, organization)
    form = await forms.read(visit)
    data = await visit.ask("directory_key_revoke", id=form.text("key"))
    if errors := errors_of(data["directoryKeyRevoke"]):
        return await shown(visit, str(directory), errors, tab="keys")
    return visit.go(f"{visit.base}/provisioning/{directory}?tab=keys", "The key has ended.")


PAGES = [add, ask_replace, ask_revoke, revoke]
