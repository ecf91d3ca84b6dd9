"""The first page: to the only organization that somebody is in, or a list of them; and an organization's overview."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from api.identity import entering

from .. import bars, forms, here, visits, words
from ..graph import errors_of
from ..visits import Visit

_PLACES = {
    "REMOVALS_HELD": ("HELD", "On hold", "/activity/held", "organization.read"),
    "DIRECTORIES_FAILING": ("FAILING", "Failing", "/provisioning", "organization.manage"),
    "DIRECTORIES_STALE": ("STALE", "Silent", "/provisioning", "organization.manage"),
    "KEYS_ENDING": ("STALE", "Key ends", "/provisioning", "organization.manage"),
    "WAITING_FOR_SEAT": ("WAITING_FOR_SEAT", "Waiting", "/people?status=WAITING_FOR_SEAT", "organization.read"),
    "LINKS_OPEN": ("PENDING", "Decide", "/activity/decisions", "organization.read"),
    "DOMAINS_LAPSED": ("LAPSED", "Lapsed", "/domains", "organization.manage"),
    "WEBHOOKS_FAILING": ("FAILING", "Not told", "/developers", "developers.manage"),
    "REVOCATIONS_UNCONFIRMED": ("FAILING", "Unconfirmed", "/developers", "developers.manage"),
}
"""For what waits: its status as a value and a word, and where it is looked after, with the permission for that."""


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
    return await _overview(visit)


async def _overview(visit: Visit, errors: list[str] | None = None) -> Response[Any]:
    data = await visit.ask("overview", organization=visit.organization_id)
    found = data["organization"]
    return visit.page(
        "overview.html",
        status=422 if errors else 200,
        here=here.of(visit, "overview", data),
        organization=found,
        concerns=[(each, *_PLACES[each["code"]]) for each in found["concerns"]],
        outcomes={each["id"]: bars.outcomes(each["traffic"]) for each in found["directories"]},
        errors=errors or [],
    )


@post("/o/{organization:str}/suggestions/{code:str}/dismissal")
async def dismiss(request: Request[Any, Any, Any], organization: FromPath[str], code: FromPath[str]) -> Response[Any]:
    """Never shows a suggestion again."""
    visit = await visits.entered(request, organization)
    await forms.read(visit)
    data = await visit.ask("suggestion_dismiss", organization=visit.organization_id, code=code)
    if errors := errors_of(data["suggestionDismiss"]):
        return await _overview(visit, errors)
    return visit.go(visit.base, "That suggestion does not come again.")


PAGES = [first, overview, dismiss]
