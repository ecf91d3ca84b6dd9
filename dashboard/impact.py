"""Acts that decide about many: the page between a form and the act says who changes, and what is done is exactly that.

    act = impact.Act("Map groups", "groups", preview={"mappings": …}, document="group_mappings_set", …)
    return await impact.carried_out(visit, form, act, refused)

A form comes here twice: first without a token, and is answered by a preview; then with the token of that preview. When
the facts have moved meanwhile, or ten minutes are over, it is looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response

from . import here
from .forms import Form
from .graph import Failed
from .visits import Visit
from .words import count

_NOT_ABOUT_THE_WISH = frozenset({"FORBIDDEN", "NOT_FOUND", "BAD_ID", "BAD_REQUEST", "INTERNAL", "UNAVAILABLE"})
_LOOK_AGAIN = frozenset({"STALE_PREVIEW", "PREVIEW_REQUIRED", "CONFIRMATION_REQUIRED"})
_EMPHASISED = re.compile(r"(.*?)\*(.*)\*", re.DOTALL)

Refused = Callable[[list[str]], Awaitable[Response[Any]]]
"""The page of the form again, with what is in the way."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something to look at before it is done.

    `preview` is the PreviewInput; `document` does it, given `variables` and the token, and answers by `field`. The form
    of the preview goes to `path` with `kept`; `back` is where one goes afterwards, or instead. With `is_small`, what
    changes nobody is done at once.
    """

    title: str
    now: str
    preview: Mapping[str, Any]
    document: str
    field: str
    variables: Mapping[str, Any]
    path: str
    kept: Sequence[tuple[str, str]]
    back: str
    done: str
    is_small: bool = False


async def carried_out(visit: Visit, form: Form, act: Act, refused: Refused) -> Response[Any]:
    """The preview of an act, or what follows when it has been looked at; raises Failed."""
    token, trouble = form.maybe("preview"), list[str]()
    if token:
        errors = await _do(visit, act, token)
        if not errors:
            return visit.go(act.back, act.done)
        trouble = [each["message"] for each in errors]
        if not all(each["code"] in _LOOK_AGAIN for each in errors):
            return await refused(trouble)
    try:
        data = await visit.ask("impact", organization=visit.organization_id, input=act.preview)
    except Failed as problem:
        if problem.code in _NOT_ABOUT_THE_WISH:
            raise
        return await refused([str(problem)])
    seen = data["preview"]
    is_nothing = not seen["changed"] and not seen["warnings"]
    if act.is_small and is_nothing and not token:
        errors = await _do(visit, act, seen["token"])
        if not errors:
            return visit.go(act.back, act.done)
        if not all(each["code"] in _LOOK_AGAIN for each in errors):
            return await refused([each["message"] for each in errors])
    return visit.page(
        "impact.html",
        here=here.of(visit, act.now, data),
        organization=data["organization"],
        act=act,
        seen=seen,
        headline=headline(seen["headline"]),
        changes=summary(seen),
        errors=trouble,
        status=422 if trouble else 200,
    )


async def _do(visit: Visit, act: Act, token: str) -> list[dict[str, Any]]:
    data = await visit.ask(act.document, **act.variables, token=token)
    errors: list[dict[str, Any]] = data[act.field]["userErrors"]
    return errors


def headline(text: str) -> tuple[str, str]:
    """What an act is called, and the part of it that stands out: `Mapping *Sales → Viewer*`."""
    found = _EMPHASISED.fullmatch(text)
    return (found[1].strip(), found[2]) if found else (text, "")


def summary(seen: Mapping[str, Any]) -> str:
    """How many people a preview is about, and what becomes of them."""
    if not seen["changed"]:
        return "changes nobody"
    counted = (("losingAccess", "without access"), ("lower", "lower"), ("higher", "higher"))
    parts = [f"{seen[name]} {word}" for name, word in counted if seen[name]]
    people = f"changes {count(seen['changed'], 'person', 'people')}"
    return f"{people}: {', '.join(parts)}" if parts else people
