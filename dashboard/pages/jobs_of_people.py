"""Jobs: many changes of people in one go. They are shown before they are done, while they are done, and afterwards."""

from __future__ import annotations

from collections import Counter
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from db.enums import RowOutcome

from .. import downloads, forms, here, lists, visits, words
from ..graph import errors_of
from ..visits import Visit

PREVIEWED = 200
"""So many rows `jobPreview` tells of."""

_BIT, _WHOLE = 2, 20
"""For how many seconds a job goes on at once: where the page shows how far it is, and where it cannot."""

_KINDS = {"members.import": "Import of people", "members.update": "Change of people"}
_COUNTS = ("applied", "unchanged", "refused")


@get("/o/{organization:str}/people/jobs")
async def jobs(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Imports and changes of many people, newest first."""
    visit = await visits.entered(request, organization)
    data = await visit.ask("jobs_of", organization=visit.organization_id, **lists.span(request))
    found = data["organization"]
    return visit.page("jobs_of_people.html", here=here.of(visit, "people", data), organization=found, kinds=_KINDS)


@get("/o/{organization:str}/people/jobs/{job:uuid}")
async def job(request: Request[Any, Any, Any], organization: FromPath[str], job: FromPath[Any]) -> Response[Any]:
    """One job: what would become of its rows, or what became of them."""
    return await _shown(await visits.entered(request, organization), str(job))


async def _shown(visit: Visit, job: str, errors: list[str] | None = None) -> Response[Any]:
    id, outcome = visit.id("Job", job), visit.request.query_params.get("outcome", "")
    outcome = outcome if outcome in RowOutcome.__members__ else ""
    asked = {"organization": visit.organization_id, "id": id, "outcome": outcome or None}
    data = await visit.ask("job", **asked, **lists.span(visit.request))
    found = data["node"]
    if not found:
        raise NotFoundException
    preview = None
    if found["state"] == "READY" and visit.may("members.manage"):
        told = (await visit.ask("job_preview", id=id))["jobPreview"]
        preview = sorted(told, key=lambda line: int(line["number"]))
    return visit.page(
        "job.html",
        status=422 if errors else 200,
        here=here.of(visit, "people", data),
        organization=data["organization"],
        job=found,
        path=f"{visit.base}/people/jobs/{job}",
        title=_KINDS.get(found["kind"], found["kind"]),
        total=_total(found),
        preview=preview,
        would=Counter(line["outcome"] for line in preview or ()),
        outcome=outcome,
        counts=_COUNTS,
        errors=errors or [],
    )


def _total(job: dict[str, Any]) -> int:
    return sum(int(job[name]) for name in ("waiting", *_COUNTS))


@post("/o/{organization:str}/people/jobs/{job:uuid}/run")
async def run(request: Request[Any, Any, Any], organization: FromPath[str], job: FromPath[Any]) -> Response[Any]:
    """Goes on with a job: for a moment where the page asks again by itself, else for as long as may be."""
    visit = await visits.entered(request, organization)
    await forms.read(visit)
    path = f"{visit.base}/people/jobs/{job}"
    data = await visit.ask("job_run", id=visit.id("Job", str(job)), seconds=_BIT if visit.is_htmx else _WHOLE)
    result = data["jobRun"]
    if errors := errors_of(result):
        return await _shown(visit, str(job), errors)
    found = result["job"]
    if visit.is_htmx and found["waiting"]:
        return visit.page("job.html", "progress", job=found, total=_total(found), path=path)
    return visit.go(path, None if found["waiting"] else "All rows are done.")


@get("/o/{organization:str}/people/jobs/{job:uuid}/results.csv")
async def results(request: Request[Any, Any, Any], organization: FromPath[str], job: FromPath[Any]) -> Response[Any]:
    """What became of each row, as a file."""
    visit = await visits.entered(request, organization)
    asked = {"organization": visit.organization_id, "id": visit.id("Job", str(job)), "first": downloads.PAGE}

    async def ask(after: str | None) -> dict[str, Any]:
        data = await visit.ask("job", **asked, after=after, isPage=False)
        if not data["node"]:
            raise NotFoundException
        return data["node"]["rows"]  # type: ignore[no-any-return]  # JSON

    def row(each: dict[str, Any]) -> downloads.Row:
        return [each["number"], each["subject"], words.word(each["outcome"]), each["text"]]

    return await downloads.csv_file("results", ["row", "who", "outcome", "text"], ask, row)


PAGES = [jobs, job, run, results]
