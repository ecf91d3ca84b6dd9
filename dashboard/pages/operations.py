"""What whoever runs this installation has to look at: tasks that failed for good, mails, schedules."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException

from db.enums import MailState

from .. import forms, here, lists, schedule_words, visits, words
from ..graph import errors_of
from ..visits import Visit

_ACTS = {
    "replay": ("task_replay", "taskReplay", "/jobs", "The task is tried again."),
    "discard": ("task_discard", "taskDiscard", "/jobs", "The task is dropped."),
    "retry": ("mail_retry", "mailRetry", "/jobs/mails", "The mail is sent again."),
}


@get("/jobs")
async def tasks(request: Request[Any, Any, Any]) -> Response[Any]:
    """Tasks that failed for good."""
    return await _tasks(await visits.operating(request))


async def _tasks(visit: Visit, errors: list[str] | None = None) -> Response[Any]:
    data = await visit.ask("failed_tasks", **lists.span(visit.request, 25))
    return visit.page(
        "failed_tasks.html",
        status=422 if errors else 200,
        here=here.platform("jobs"),
        found=data["failedTasks"],
        errors=errors or [],
    )


@get("/jobs/mails")
async def mails(request: Request[Any, Any, Any]) -> Response[Any]:
    """Mails, and why some were not sent."""
    return await _mails(await visits.operating(request))


async def _mails(visit: Visit, errors: list[str] | None = None) -> Response[Any]:
    state = visit.request.query_params.get("state", "")
    state = state if state in MailState.__members__ else ""
    data = await visit.ask("mails", state=state or None, **lists.span(visit.request))
    return visit.page(
        "mails.html",
        status=422 if errors else 200,
        here=here.platform("jobs"),
        found=data["mails"],
        state=state,
        states=words.choices(MailState),
        errors=errors or [],
    )


@get("/jobs/schedules")
async def schedules(request: Request[Any, Any, Any]) -> Response[Any]:
    """What is done again and again: when it was done last, and when it is due."""
    visit = await visits.operating(request)
    found = (await visit.ask("schedules"))["taskSchedules"]
    states = [schedule_words.state(each) for each in found]
    return visit.page(
        "schedules.html",
        here=here.platform("jobs"),
        found=list(zip(found, states, strict=True)),
        what=schedule_words.WHAT,
        at=schedule_words.at,
        is_still=bool(states) and all(each == "LATE" for each in states),
    )


@post("/jobs")
async def act(request: Request[Any, Any, Any]) -> Response[Any]:
    """Tries a task or a mail again, or drops a task, which is asked once more."""
    visit = await visits.operating(request)
    form = await forms.read(visit)
    name, id = form.text("act"), form.text("id")
    if name not in _ACTS or not id:
        raise NotFoundException
    if name == "discard" and not form.is_on("sure"):
        return visit.page("task_discard.html", here=here.platform("jobs"), id=id, entrypoint=form.text("entrypoint"))
    document, field, path, said = _ACTS[name]
    result = (await visit.ask(document, id=id))[field]
    if errors := errors_of(result):
        return await (_mails if name == "retry" else _tasks)(visit, errors)
    return visit.go(path, said)


PAGES = [tasks, mails, schedules, act]
