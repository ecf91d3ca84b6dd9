"""Provisioning: the directories of an organization and how they are, and links for whoever sets one up elsewhere."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from db.enums import PortalPurpose

from .. import bars, forms, guides, here, visits, words
from ..graph import errors_of
from ..visits import Visit

COMPARISON = (
    ("Creates people", "As soon as they are assigned", "At their first sign-in"),
    ("Updates people", "Within minutes of a change", "At each sign-in"),
    ("Deactivates people", "By itself, when they leave or lose the app", "By hand, here"),
    ("Removes people", "By itself", "By whoever runs Rollcall for you"),
    ("Groups and roles", "Groups come along, and give roles", "No groups; everybody gets the default role"),
    ("Seats", "Full, lite and guest, chosen by an attribute", "Full seats only"),
    ("Buys seats by itself", "Yes, if you allow it", "Yes, if you allow it"),
    ("Good for", "The whole life of an account", "Signing in without anything else to set up"),
)
"""What differs between SCIM and just in time, in eight rows (R001 to R014)."""

_VALID = ((5, "5 minutes"), (60, "1 hour"), (1440, "1 day"), (10080, "7 days"))
_PURPOSES = {
    PortalPurpose.PROVISIONING: "Connect an identity provider",
    PortalPurpose.DOMAINS: "Prove that domains are yours",
}


@get("/o/{organization:str}/provisioning")
async def provisioning(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """All directories, or what speaks for one; no page before the plan has them (R026)."""
    visit = await visits.managing(request, organization)
    data = await visit.ask("provisioning", organization=visit.organization_id)
    found = data["organization"]
    if not here.is_entitled(found):
        raise NotFoundException
    every = found["directories"]
    return visit.page(
        "provisioning.html",
        here=here.of(visit, "provisioning", data),
        organization=found,
        directories=[each for each in every if each["deletedAt"] is None],
        deleted=[each for each in every if each["deletedAt"] is not None],
        outcomes={each["id"]: bars.outcomes(each["traffic"]) for each in every},
        titles={each.value: title_of(each.value) for each in guides.ORDER},
        comparison=COMPARISON,
    )


def title_of(provider: str) -> str:
    """What a provider is called where one is chosen."""
    found = guides.of(provider)
    return found.title if found.provider == provider else words.word(provider)


@get("/o/{organization:str}/provisioning/portal")
async def ask_portal(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Asks for whom a portal link is."""
    visit = await visits.managing(request, organization)
    return await _portal(visit)


async def _portal(visit: Visit, **more: Any) -> Response[Any]:
    data = await visit.ask("portal_links", organization=visit.organization_id)
    given = {"errors": [], "made": None, "chosen": {"email": "", "minutes": "5", "purpose": "PROVISIONING"}, **more}
    return visit.page(
        "portal/make.html",
        status=422 if given["errors"] else 200,
        here=here.of(visit, "provisioning", data),
        organization=data["organization"],
        purposes=[(each.value, told) for each, told in _PURPOSES.items()],
        valid=[(str(minutes), told) for minutes, told in _VALID],
        purpose_words={each.value: told for each, told in _PURPOSES.items()},
        **given,
    )


@post("/o/{organization:str}/provisioning/portal")
async def make_portal(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Makes a portal link, and shows it once. Loading the answer again makes another one, which harms nobody."""
    visit = await visits.managing(request, organization)
    form = await forms.read(visit)
    chosen = {name: form.text(name) for name in ("email", "minutes", "purpose")}
    wanted = {
        "purpose": form.text("purpose"),
        "email": form.maybe("email"),
        "validMinutes": form.number("minutes") or 5,
    }
    if wanted["purpose"] not in PortalPurpose.__members__:
        wanted["purpose"] = chosen["purpose"] = PortalPurpose.PROVISIONING.value
    data = await visit.ask("portal_link_create", organization=visit.organization_id, input=wanted)
    result = data["portalLinkCreate"]
    if errors := errors_of(result):
        return await _portal(visit, errors=errors, chosen=chosen)
    return await _portal(visit, made=result, chosen=chosen)


@post("/o/{organization:str}/provisioning/portal/{link:uuid}/revoke")
async def revoke_portal(
    request: Request[Any, Any, Any], organization: FromPath[str], link: FromPath[Any]
) -> Response[Any]:
    """Ends a portal link, and whoever is here by it is out."""
    visit = await visits.managing(request, organization)
    await forms.read(visit)
    data = await visit.ask("portal_link_revoke", id=visit.id("PortalLink", str(link)))
    if errors := errors_of(data["portalLinkRevoke"]):
        return await _portal(visit, errors=errors)
    return visit.go(f"{visit.base}/provisioning/portal", "The link has ended, and so has what was begun by it.")


PAGES = [provisioning, ask_portal, make_portal, revoke_portal]
