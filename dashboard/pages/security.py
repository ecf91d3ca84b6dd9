"""Security: the ways in, single sign-on above all, and who may come in another way when it is enforced (R099)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from db.enums import Provider

from .. import forms, here, policies, visits
from ..graph import errors_of
from ..policy_words import SSO, WAYS
from ..visits import Visit

_ENTRA = ("https://sts.windows.net/", "https://login.microsoftonline.com/", "https://login.microsoftonline.us/")


@get("/o/{organization:str}/security")
async def security(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Who may sign in how."""
    return await _shown(await visits.managing(request, organization))


async def _shown(
    visit: Visit,
    errors: list[str] | None = None,
    typed: Mapping[str, Any] | None = None,
    glass: Mapping[str, str] | None = None,
) -> Response[Any]:
    data = await visit.ask("security", organization=visit.organization_id)
    found = data["organization"]
    return visit.page(
        "security.html",
        status=422 if errors else 200,
        here=here.of(visit, "security", data),
        organization=found,
        is_entra=_is_entra(found),
        sso=SSO,
        ways=WAYS,
        chosen={**found["policy"], **(typed or {})},
        glass=glass or {},
        errors=errors or [],
    )


def _is_entra(organization: Mapping[str, Any]) -> bool:
    """Whether people sign in by Entra ID, or come from there; it is known by its issuer."""
    issuers = [each["issuer"] or "" for each in organization["ssoConnections"]]
    if any(issuer.startswith(known) for issuer in issuers for known in _ENTRA):
        return True
    return any(each["provider"] == Provider.ENTRA_ID for each in organization["directories"])


@post("/o/{organization:str}/security/{section:str}")
async def save(request: Request[Any, Any, Any], organization: FromPath[str], section: FromPath[str]) -> Response[Any]:
    """Saves the ways in."""
    visit = await visits.managing(request, organization)
    return await policies.saved(visit, (SSO, WAYS), section, page="/security", now="security", shown=_shown)


@post("/o/{organization:str}/security/break-glass")
async def grant(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Lets somebody in by code or password although single sign-on is enforced."""
    visit = await visits.managing(request, organization)
    form = await forms.read(visit)
    typed = {"email": form.text("email"), "reason": form.text("reason")}
    ref = {"email": {"organizationId": visit.organization_id, "email": typed["email"]}}
    data = await visit.ask("break_glass_grant", ref=ref, reason=typed["reason"])
    if errors := errors_of(data["breakGlassGrant"]):
        return await _shown(visit, errors, glass=typed)
    return visit.go(f"{visit.base}/security", f"{typed['email']} has break-glass access.")


@post("/o/{organization:str}/security/break-glass/{member:uuid}/withdrawal")
async def withdraw(
    request: Request[Any, Any, Any], organization: FromPath[str], member: FromPath[Any]
) -> Response[Any]:
    """Ends that."""
    visit = await visits.managing(request, organization)
    await forms.read(visit)
    data = await visit.ask("break_glass_withdraw", ref={"id": visit.id("Member", str(member))})
    if errors := errors_of(data["breakGlassWithdraw"]):
        return await _shown(visit, errors)
    return visit.go(f"{visit.base}/security", "That break-glass access has ended.")


PAGES = [security, save, grant, withdraw]
