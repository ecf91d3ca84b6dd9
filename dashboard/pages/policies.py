"""Policies: who comes in, which role they have, and who goes; each section is looked at and saved alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from .. import forms, here, policies, visits
from ..visits import Visit

_PAGE = "/provisioning/policies"
_SECTIONS = {each.key: each for each in policies.PROVISIONING}


@get("/o/{organization:str}/provisioning/policies")
async def shown(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """What is chosen."""
    return await _shown(await visits.entered(request, organization))


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
        sections=policies.PROVISIONING,
        chosen={**found["policy"], **(typed or {})},
        errors=errors or [],
    )


@post("/o/{organization:str}/provisioning/policies/{section:str}")
async def save(request: Request[Any, Any, Any], organization: FromPath[str], section: FromPath[str]) -> Response[Any]:
    """Saves a section."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    found = _SECTIONS.get(section)
    if found is None:
        raise NotFoundException

    async def refused(errors: list[str]) -> Response[Any]:
        return await _shown(visit, errors, policies.chosen(found, form))

    return await policies.saved(visit, form, found, page=_PAGE, now="provisioning", refused=refused)


PAGES = [shown, save]
