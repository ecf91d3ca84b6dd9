"""Held removals: too many at once, so that somebody decides about them first."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from .. import forms, held_words, here, lists, visits, words
from ..graph import errors_of
from ..visits import Visit

_ACTS = {
    "approve": ("held_approve", "heldRemovalsApprove", "Access has ended for {}."),
    "keep": ("held_keep", "heldRemovalsKeep", "{} keep access."),
    "undo": ("held_undo", "removalsUndo", "{} may use the organization again."),
}
_PAGE = 100


@get("/o/{organization:str}/activity/held")
async def held(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """What waits for a decision, and what was carried out a moment ago and can be undone."""
    return await _shown(await visits.entered(request, organization))


async def _shown(visit: Visit, errors: list[str] | None = None) -> Response[Any]:
    data = await visit.ask("held", organization=visit.organization_id, **lists.span(visit.request, _PAGE))
    found = data["organization"]
    waiting = held_words.by_directory(found["heldRemovals"]["nodes"])
    recent = {each["id"]: await _recent(visit, each["id"]) for each in found["directories"]}
    return visit.page(
        "held.html",
        status=422 if errors else 200,
        here=here.of(visit, "activity", data),
        organization=found,
        waiting=[
            {
                "directory": rows[0]["directory"],
                "rows": rows,
                "cause": held_words.cause(rows),
                "between": held_words.between([*rows, *recent.get(directory, {"nodes": ()})["nodes"]]),
            }
            for directory, rows in waiting.items()
        ],
        recent=recent,
        department=held_words.department,
        groups=held_words.groups,
        people={each["id"]: each["userCount"] for each in found["directories"]},
        errors=errors or [],
    )


async def _recent(visit: Visit, directory: str) -> dict[str, Any]:
    data = await visit.ask("held_recent", organization=visit.organization_id, directory=directory)
    found: dict[str, Any] = data["organization"]["recentRemovals"]
    return found


@post("/o/{organization:str}/activity/held")
async def decide(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Decides about those that are ticked, or all; what takes access is asked once more, with how many it is."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    act, _, scope = form.text("act").partition("-")
    if act not in _ACTS:
        return visit.go(f"{visit.base}/activity/held")
    chosen = await _all_held(visit) if scope == "all" else form.all("removal")
    if not chosen:
        return await _shown(visit, ["Tick at least one person."])
    if act == "approve" and form.number("sure") != len(chosen):
        return await _confirm(visit, form.text("act"), chosen, is_again=form.maybe("sure") is not None)
    document, field, said = _ACTS[act]
    data = await visit.ask(document, organization=visit.organization_id, ids=chosen)
    if errors := errors_of(data[field]):
        return await _shown(visit, errors)
    people = words.count(data[field]["people"], "person", "people")
    return visit.go(f"{visit.base}/activity/held", said.format(people))


async def _all_held(visit: Visit) -> list[str]:
    """The ids of all that waits."""
    found, after = list[str](), None
    while True:
        data = await visit.ask("held_ids", organization=visit.organization_id, after=after)
        page = data["organization"]["heldRemovals"]
        found += [each["id"] for each in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


async def _confirm(visit: Visit, act: str, chosen: list[str], *, is_again: bool) -> Response[Any]:
    """Asks whether so many people are to lose access."""
    data = await visit.ask("held", organization=visit.organization_id, first=_PAGE)
    rows = [each for each in data["organization"]["heldRemovals"]["nodes"] if each["id"] in set(chosen)]
    return visit.page(
        "held_confirm.html",
        status=422 if is_again else 200,
        here=here.of(visit, "activity", data),
        organization=data["organization"],
        rows=rows[:20],
        act=act,
        chosen=chosen,
        errors=["The number has changed since you looked. Look again."] if is_again else [],
    )


PAGES = [held, decide]
