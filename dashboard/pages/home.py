"""The first page: to the only organization that somebody is in, or a list of them; and an organization's overview."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from api.identity import entering

from .. import activity_words, bars, here, visits, words


@get("/")
async def first(request: Request[Any, Any, Any]) -> Response[Any]:
    """Where somebody belongs."""
    visit = await visits.signed_in(request)
    assert visit.session is not None
    if entering.operator(visit.session) is not None:
        return visit.go("/orgs")
    data = await visit.ask("home")
    memberships = data["viewer"]["memberships"]
    if len(memberships) == 1:
        return visit.go(f"/o/{words.uid(memberships[0]['organizationId'])}")
    return visit.page("home.html", viewer=data["viewer"])


@get("/o/{organization:str}")
async def overview(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Whether sync is healthy, whether there are seats, and what waits; for people without rights, their own place."""
    visit = await visits.entered(request, organization)
    if not visit.may("organization.read"):
        return visit.page("myself.html", membership=visit.membership)
    data = await visit.ask("overview", organization=visit.organization_id)
    outcomes = {each["id"]: bars.outcomes(each["traffic"]) for each in data["organization"]["directories"]}
    return visit.page(
        "overview.html",
        here=here.of(visit, "overview", data),
        outcomes=outcomes,
        plainly=activity_words.plainly,
        **data,
    )


PAGES = [first, overview]
