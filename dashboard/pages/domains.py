"""Domains: which e-mail domains are the organization's, and how that is proved, also by guests."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from .. import forms, guests, here, visits, words
from ..graph import errors_of
from ..visits import HEADERS, Visit

_ACTS = {
    "challenge": ("domain_challenge", "domainChallenge", "Publish the record that stands below."),
    "check": ("domain_verify", "domainVerify", "The record is there: the domain is verified."),
    "subdomains": ("domain_subdomains", "domainSubdomainsSet", "The domain is changed."),
    "attest": ("domain_attest", "domainAttest", "The domain is verified, because you vouch for it."),
    "remove": ("domain_remove", "domainRemove", "The domain is removed."),
}


@get("/o/{organization:str}/domains")
async def domains(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """The domains and where they stand."""
    return await _list(await guests.entered(request, organization, guests.PROVING_DOMAINS))


async def _list(visit: Visit, errors: list[str] | None = None, name: str = "") -> Response[Any]:
    data = await visit.ask("domains", organization=visit.organization_id, isGuest=visit.is_guest)
    return visit.page(
        "domains.html",
        status=422 if errors else 200,
        layout=guests.layout(visit),
        here=here.of(visit, "domains", data),
        organization=data["organization"],
        errors=errors or [],
        name=name,
    )


@post("/o/{organization:str}/domains")
async def add(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Registers a domain, and asks at once for the record that proves it."""
    visit = await guests.entered(request, organization, guests.PROVING_DOMAINS)
    form = await forms.read(visit)
    data = await visit.ask(
        "domain_add",
        organization=visit.organization_id,
        domain=form.text("name"),
        includeSubdomains=form.is_on("subdomains"),
    )
    result = data["domainAdd"]
    if errors := errors_of(result):
        return await _list(visit, errors, form.text("name"))
    await visit.ask("domain_challenge", id=result["domain"]["id"])
    path = f"{visit.base}/domains/{words.uid(result['domain']['id'])}"
    return visit.go(path, f"{result['domain']['name']} is registered. Now prove that it is yours.")


@get("/o/{organization:str}/domains/{domain:uuid}")
async def one(request: Request[Any, Any, Any], organization: FromPath[str], domain: FromPath[Any]) -> Response[Any]:
    """One domain: the record that proves it, and what DNS answered."""
    return await _shown(await guests.entered(request, organization, guests.PROVING_DOMAINS), str(domain))


async def _shown(visit: Visit, domain: str, errors: list[str] | None = None) -> Response[Any]:
    data = await visit.ask(
        "domain", organization=visit.organization_id, id=visit.id("Domain", domain), isGuest=visit.is_guest
    )
    found = data["node"]
    if not found:
        raise NotFoundException
    version = _version(found)
    if visit.is_htmx and visit.request.query_params.get("v") == version:
        return Response("", status_code=204, headers=dict(HEADERS))
    return visit.page(
        "domain.html",
        "standing",
        status=422 if errors else 200,
        layout=guests.layout(visit),
        here=here.of(visit, "domains", data),
        organization=data["organization"],
        d=found,
        path=f"{visit.base}/domains/{domain}",
        version=version,
        errors=errors or [],
    )


def _version(domain: dict[str, Any]) -> str:
    """What is different when there is something new to see."""
    proof = domain["proof"] or {}
    return f"{domain['state']} {proof.get('checkedAt')}"


@get("/o/{organization:str}/domains/{domain:uuid}/removal")
async def ask_remove(
    request: Request[Any, Any, Any], organization: FromPath[str], domain: FromPath[Any]
) -> Response[Any]:
    """Asks whether a domain is to go."""
    visit = await visits.entered(request, organization)
    data = await visit.ask(
        "domain", organization=visit.organization_id, id=visit.id("Domain", str(domain)), isGuest=visit.is_guest
    )
    if not data["node"]:
        raise NotFoundException
    return visit.page(
        "domain_remove.html",
        here=here.of(visit, "domains", data),
        organization=data["organization"],
        d=data["node"],
        path=f"{visit.base}/domains/{domain}",
    )


@post("/o/{organization:str}/domains/{domain:uuid}/{act:str}")
async def act(
    request: Request[Any, Any, Any], organization: FromPath[str], domain: FromPath[Any], act: FromPath[str]
) -> Response[Any]:
    """Does something with a domain."""
    visit = await guests.entered(request, organization, guests.PROVING_DOMAINS)
    form = await forms.read(visit)
    if act not in _ACTS:
        raise NotFoundException
    document, field, said = _ACTS[act]
    given = {"includeSubdomains": form.is_on("subdomains")} if act == "subdomains" else {}
    data = await visit.ask(document, id=visit.id("Domain", str(domain)), **given)
    if errors := errors_of(data[field]):
        return await _shown(visit, str(domain), errors)
    return visit.go(f"{visit.base}/domains" + ("" if act == "remove" else f"/{domain}"), said)


PAGES = [domains, add, one, ask_remove, act]
