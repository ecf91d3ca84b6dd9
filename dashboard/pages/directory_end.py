"""The end of a directory, guided: what becomes of whom, in counts; and its way back for thirty days (R146, R147)."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from api.provisioning.deletion_choices import MEANINGS, Choice

from .. import forms, here, shown_once, visits
from ..graph import Failed, errors_of
from ..visits import Visit

_TITLES = {
    Choice.KEEP_LOCAL: "Keep them, managed here",
    Choice.DEACTIVATE_ALL: "Deactivate them",
    Choice.REMOVE_ALL: "Remove them",
}
_IN_THE_WAY = ("LAST_ADMIN", "SEAT_LIMIT", "POLICY", "CONFLICT")


@get("/o/{organization:str}/provisioning/{directory:uuid}/delete")
async def ask(request: Request[Any, Any, Any], organization: FromPath[str], directory: FromPath[Any]) -> Response[Any]:
    """Says what each choice would do, and asks for one."""
    visit = await visits.managing(request, organization)
    return await _asked(visit, str(directory))


async def _asked(
    visit: Visit, directory: str, errors: list[str] | None = None, chosen: str = "", typed: str = ""
) -> Response[Any]:
    id = visit.id("Directory", directory)
    data = await visit.ask("directory", organization=visit.organization_id, id=id)
    if not data["node"] or data["node"]["deletedAt"]:
        raise NotFoundException
    return visit.page(
        "directory_delete.html",
        status=422 if errors else 200,
        here=here.of(visit, "provisioning", data),
        organization=data["organization"],
        directory=data["node"],
        path=f"{visit.base}/provisioning/{directory}",
        choices=[await _foreseen(visit, id, choice) for choice in Choice],
        errors=errors or [],
        chosen=chosen,
        typed=typed,
    )


async def _foreseen(visit: Visit, id: str, choice: Choice) -> dict[str, Any]:
    """What a choice would do, or what is in its way."""
    told = {"value": choice.value, "title": _TITLES[choice], "meaning": MEANINGS[choice]}
    try:
        found = await visit.ask("directory_delete_preview", id=id, members=choice.value)
    except Failed as problem:
        if problem.code not in _IN_THE_WAY:
            raise
        return {**told, "preview": None, "problem": str(problem)}
    return {**told, "preview": found["preview"], "problem": ""}


@post("/o/{organization:str}/provisioning/{directory:uuid}/delete")
async def delete(
    request: Request[Any, Any, Any], organization: FromPath[str], directory: FromPath[Any]
) -> Response[Any]:
    """Deletes the directory, once a choice is made and its name is typed."""
    visit = await visits.managing(request, organization)
    form = await forms.read(visit)
    chosen, typed = form.text("members"), form.text("name")
    if chosen not in Choice.__members__:
        return await _asked(visit, str(directory), ["Choose what becomes of its people."], typed=typed)
    data = await visit.ask(
        "directory_delete",
        id=visit.id("Directory", str(directory)),
        members=chosen,
        confirmName=typed,
        previewToken=form.maybe(f"token_{chosen}"),
    )
    if errors := errors_of(data["directoryDelete"]):
        return await _asked(visit, str(directory), errors, chosen, typed)
    said = f"{typed} is deleted. It can be restored for 30 days."
    return visit.go(f"{visit.base}/provisioning", said)


@post("/o/{organization:str}/provisioning/{directory:uuid}/restore")
async def restore(
    request: Request[Any, Any, Any], organization: FromPath[str], directory: FromPath[Any]
) -> Response[Any]:
    """Takes the deletion back; the directory gets a new key."""
    visit = await visits.managing(request, organization)
    await forms.read(visit)
    data = await visit.ask("directory_restore", id=visit.id("Directory", str(directory)))
    result = data["directoryRestore"]
    path = f"{visit.base}/provisioning/{directory}"
    if errors := errors_of(result):
        return visit.go(f"{visit.base}/provisioning", errors[0])
    cookies = [shown_once.put(visit, path, result["secret"])]
    said = "The directory is back, with a new key: the old ones stay ended."
    return visit.go(f"{path}/setup?step=key", said, cookies=cookies)


PAGES = [ask, delete, restore]
