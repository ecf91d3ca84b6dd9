"""Policies: who comes in, which role they have, and who goes; each section is looked at and saved alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from .. import here, policies, visits
from ..policy_words import PROVISIONING
from ..visits import Visit

_PAGE = "/provisioning/policies"


@get("/o/{organization:str}/provisioning/policies")
async def shown(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """What is chosen."""
    return await _shown(await visits.managing(request, organization))


async def _shown(
    visit: Visit, errors: list[str] | None = None, typed: Mapping[str, Any] | None = None
) -> Response[Any]:
    data = await visit.ask("policies", organization=visit.organization_id)
    found = data["organization"]
    return visit.page(
        "policies.html",
        status=422 if errors else 200,
        here=here.of(visit, "provisioning", data),
        organization=found,
        entitled=here.is_entitled(found),
        sections=PROVISIONING,
        chosen={**found["policy"], **(typed or {})},
        errors=errors or [],
    )


@post("/o/{organization:str}/provisioning/policies/{section:str}")
async def save(request: Request[Any, Any, Any], organization: FromPath[str], section: FromPath[str]) -> Response[Any]:
    """Saves a section."""
    visit = await visits.managing(request, organization)
    return await policies.saved(visit, PROVISIONING, section, page=_PAGE, now="provisioning", shown=_shown)


PAGES = [shown, save]
