"""Somebody without an account at a page: whoever came by a portal link, on the few pages that its purpose needs.

A page that they may see calls `guests.entered` instead of `visits.managing`, and names its purposes. All other pages
are not there for them. What they ask has to be one of the documents of the purpose; their rights allow no more, either.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from litestar import Request
from litestar.exceptions import NotFoundException

from api.identity import portal
from api.identity.problems import ShutOut
from api.sign_in.cookies import Cookies
from db.enums import PortalPurpose

from . import visits
from .graph import Failed
from .visits import NotForGuests, SignInFirst, Visit

_DOMAINS = frozenset({"domains", "domain", "domain_add", "domain_challenge", "domain_verify"})
_PROVISIONING = frozenset(
    {
        "setup_start",
        "setup_create",
        "setup_pull_connect",
        "arriving",
        "setup_directory",
        "setup_attributes",
        "setup_groups",
        "setup_go_live",
        "setup_key",
    }
)
DOCUMENTS: Mapping[PortalPurpose, frozenset[str]] = {
    PortalPurpose.PROVISIONING: _DOMAINS | _PROVISIONING,
    PortalPurpose.DOMAINS: _DOMAINS,
}
"""What each purpose may ask."""

SETTING_UP = (PortalPurpose.PROVISIONING,)
PROVING_DOMAINS = (PortalPurpose.PROVISIONING, PortalPurpose.DOMAINS)


async def entered(request: Request[Any, Any, Any], organization: str, purposes: tuple[PortalPurpose, ...]) -> Visit:
    """Somebody inside an organization, signed in or by a portal link for one of the purposes.

    Raises what `visits.managing` does.
    """
    try:
        return await visits.managing(request, organization)
    except (SignInFirst, ShutOut, NotFoundException, Failed) as problem:
        guest = await _guest(request, organization, purposes, problem)
        if guest is None:
            raise
        return guest


async def _guest(
    request: Request[Any, Any, Any], organization: str, purposes: tuple[PortalPurpose, ...], problem: Exception
) -> Visit | None:
    visit = visits.anybody(request)
    if isinstance(problem, SignInFirst):
        return None  # it was looked for a link, too
    link = problem.link if isinstance(problem, NotForGuests) else await visits.guest_link(visit)
    if link is None or str(link.organization_id) != organization or portal.purpose_of(link) not in purposes:
        return None
    return replace(
        visit,
        token=Cookies.of(visit.settings).portal_token(request),
        caller=portal.caller(link),
        organization=uuid.UUID(organization),
        guest=link,
        documents=DOCUMENTS[portal.purpose_of(link)],
    )


def layout(visit: Visit) -> str:
    """What is around a page: the navigation, or for guests only whose set-up it is and how long they have."""
    return "portal/layout.html" if visit.guest else "inside.html"
