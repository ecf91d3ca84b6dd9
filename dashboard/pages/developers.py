"""Developers: tokens of programs, and what events there are."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from api.provisioning.actor import Right
from api.provisioning.tokens import GRANTABLE

from .. import bars, forms, here, shown_once, visits, words
from ..forms import Form
from ..graph import errors_of
from ..visits import Visit

RIGHTS = {
    Right.ORGANIZATION_READ: "See people, groups, seats and requests",
    Right.MEMBERS_MANAGE: "Change people, and decide about removals",
    Right.ORGANIZATION_MANAGE: "Change roles, mappings, directories, domains and policies",
    Right.BILLING_MANAGE: "Change how many seats there are",
    Right.DEVELOPERS_MANAGE: "Manage tokens and webhooks",
    Right.AUDIT_READ: "Read the audit",
    Right.SIGN_IN: "Say who has signed in",
    Right.PLATFORM_MANAGE: "Everything of all organizations",
}
"""What a token may be allowed, in words."""

_DAYS = (("30", "30 days"), ("90", "90 days"), ("180", "180 days"), ("365", "A year"))


@get("/o/{organization:str}/developers")
async def developers(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Tokens and endpoints of webhooks."""
    return await _shown(await visits.entered(request, organization))


async def _shown(visit: Visit, errors: list[str] | None = None) -> Response[Any]:
    data = await visit.ask("developers", organization=visit.organization_id)
    found = data["organization"]
    show_ended = visit.request.query_params.get("ended") == "yes"
    return visit.page(
        "developers.html",
        status=422 if errors else 200,
        here=here.of(visit, "developers", data),
        organization=found,
        tokens=[each for each in found["apiTokens"] if show_ended or each["state"] == "LIVE"],
        outcomes={each["id"]: bars.deliveries(each["traffic"]) for each in found["webhookEndpoints"]},
        ended=sum(each["state"] != "LIVE" for each in found["apiTokens"]),
        show_ended=show_ended,
        rights={right.name: said for right, said in RIGHTS.items()},
        graphql=f"{visit.settings.public_url}/graphql",
        errors=errors or [],
    )


@get("/o/{organization:str}/developers/tokens/new")
async def ask_token(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Asks what a new token may do."""
    visit = await visits.entered(request, organization, Right.DEVELOPERS_MANAGE)
    return await _token_form(visit, Form({"right": ["ORGANIZATION_READ"], "days": ["90"]}))


async def _token_form(visit: Visit, form: Form, errors: list[str] | None = None) -> Response[Any]:
    data = await visit.ask("name", organization=visit.organization_id)
    return visit.page(
        "token_new.html",
        status=422 if errors else 200,
        here=here.of(visit, "developers", data),
        organization=data["organization"],
        rights=[(each.name, said) for each, said in RIGHTS.items() if each in GRANTABLE and visit.may(each.value)],
        days=_DAYS,
        given={"name": form.text("name"), "rights": form.all("right"), "days": form.text("days")},
        errors=errors or [],
    )


@post("/o/{organization:str}/developers/tokens")
async def make_token(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Makes a token, and goes on to where it is shown."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    chosen = [each for each in form.all("right") if each in Right.__members__]
    asked = {"name": form.text("name"), "permissions": chosen, "expiresInDays": form.number("days")}
    result = (await visit.ask("token_create", organization=visit.organization_id, input=asked))["apiTokenCreate"]
    if errors := errors_of(result):
        return await _token_form(visit, form, errors)
    path = f"{visit.base}/developers/tokens/{words.uid(result['apiToken']['id'])}"
    return visit.go(path, "The token is there.", cookies=[shown_once.put(visit, path, result["secret"])])


@get("/o/{organization:str}/developers/tokens/{token:uuid}")
async def show_token(
    request: Request[Any, Any, Any], organization: FromPath[str], token: FromPath[Any]
) -> Response[Any]:
    """A new token, this once."""
    visit = await visits.entered(request, organization, Right.DEVELOPERS_MANAGE)
    secret, cookies = shown_once.take(visit, f"{visit.base}/developers/tokens/{token}")
    if secret is None:
        return visit.go(f"{visit.base}/developers", "A token is shown once. If you lost it, make another.")
    data = await visit.ask("name", organization=visit.organization_id)
    return visit.page(
        "secret_once.html",
        cookies=cookies,
        here=here.of(visit, "developers", data),
        title="The new token",
        secrets=[("Token", secret)],
        texts=["It is shown once. If you lose it, make another one and revoke this."],
        sample=f"curl -H 'Authorization: Bearer {secret}' -H 'Content-Type: application/json'"
        f' {visit.settings.public_url}/graphql -d \'{{"query": "{{ viewer {{ name permissions }} }}"}}\'',
        back=(f"{visit.base}/developers", "I have copied it"),
        crumb=(f"{visit.base}/developers", "Developers"),
    )


@get("/o/{organization:str}/developers/tokens/{token:uuid}/revoke")
async def ask_revoke(
    request: Request[Any, Any, Any], organization: FromPath[str], token: FromPath[Any]
) -> Response[Any]:
    """Asks whether a token is to end."""
    visit = await visits.entered(request, organization)
    data = await visit.ask("developers", organization=visit.organization_id)
    found = [each for each in data["organization"]["apiTokens"] if words.uid(each["id"]) == str(token)]
    if not found:
        raise NotFoundException
    return visit.page(
        "token_revoke.html", here=here.of(visit, "developers", data), organization=data["organization"], t=found[0]
    )


@post("/o/{organization:str}/developers/tokens/{token:uuid}/revoke")
async def revoke(request: Request[Any, Any, Any], organization: FromPath[str], token: FromPath[Any]) -> Response[Any]:
    """Ends a token."""
    visit = await visits.entered(request, organization)
    await forms.read(visit)
    data = await visit.ask("developers", organization=visit.organization_id)
    found = [each["id"] for each in data["organization"]["apiTokens"] if words.uid(each["id"]) == str(token)]
    if not found:
        raise NotFoundException
    result = (await visit.ask("token_revoke", id=found[0]))["apiTokenRevoke"]
    if errors := errors_of(result):
        return await _shown(visit, errors)
    return visit.go(f"{visit.base}/developers", f"“{result['apiToken']['name']}” has ended.")


@get("/o/{organization:str}/developers/events")
async def events(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Every type of event, with the schema of the one that the address names: all together they are long."""
    visit = await visits.entered(request, organization)
    chosen = request.query_params.get("type", "")
    data = await visit.ask("webhook_types", organization=visit.organization_id, schemas=bool(chosen))
    return visit.page(
        "event_types.html",
        here=here.of(visit, "developers", data),
        organization=data["organization"],
        chosen=chosen,
    )


PAGES = [developers, ask_token, make_token, show_token, ask_revoke, revoke, events]
