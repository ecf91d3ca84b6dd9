"""One identity provider by which people sign in: what to enter there, what it gives, a check, and switching it on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from .. import forms, here, visits, words
from ..forms import Form
from ..graph import errors_of
from ..visits import Visit

_KINDS = (
    ("SAML", "SAML 2.0", "Okta, Entra ID, JumpCloud, Google, OneLogin, Ping and most others. Metadata says it all."),
    ("OIDC", "OpenID Connect", "A client id and a secret of an application that you register there."),
)
_ACTS = {
    "activate": ("sso_activate", "ssoConnectionActivate", "People can sign in by it now."),
    "switch-off": (
        "sso_switch_off",
        "ssoConnectionSwitchOff",
        "It is off. Whoever signed in by it has to sign in anew.",
    ),
    "remove": ("sso_remove", "ssoConnectionRemove", "The identity provider is removed. People stay as they are."),
}


@get("/o/{organization:str}/security/connections/new")
async def ask_new(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Asks what the identity provider is called, and what it speaks."""
    return await _form(await visits.managing(request, organization))


async def _form(visit: Visit, errors: list[str] | None = None, name: str = "", kind: str = "SAML") -> Response[Any]:
    data = await visit.ask("name", organization=visit.organization_id)
    return visit.page(
        "sso_new.html",
        status=422 if errors else 200,
        here=here.of(visit, "security", data),
        organization=data["organization"],
        name=name,
        kind=kind,
        kinds=_KINDS,
        errors=errors or [],
    )


@post("/o/{organization:str}/security/connections")
async def create(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Makes a connection by which nobody signs in yet."""
    visit = await visits.managing(request, organization)
    form = await forms.read(visit)
    name, kind = form.text("name"), form.text("kind")
    if kind not in {each[0] for each in _KINDS}:
        return await _form(visit, ["Choose what the identity provider speaks."], name)
    asked = {"name": name, kind.lower(): {}}
    result = (await visit.ask("sso_create", organization=visit.organization_id, input=asked))["ssoConnectionCreate"]
    if errors := errors_of(result):
        return await _form(visit, errors, name, kind)
    path = f"{visit.base}/security/connections/{words.uid(result['connection']['id'])}"
    return visit.go(path, f"{name} is there. Now the two have to know each other.")


@get("/o/{organization:str}/security/connections/{connection:uuid}")
async def one(request: Request[Any, Any, Any], organization: FromPath[str], connection: FromPath[Any]) -> Response[Any]:
    """One connection."""
    return await _shown(await visits.managing(request, organization), str(connection))


async def _shown(
    visit: Visit,
    connection: str,
    errors: list[str] | None = None,
    *,
    typed: Mapping[str, Any] | None = None,
    findings: list[dict[str, Any]] | None = None,
) -> Response[Any]:
    audit = visit.may("audit.read")
    id = visit.id("SsoConnection", connection)
    data = await visit.ask("sso_connection", organization=visit.organization_id, id=id, audit=audit)
    found = data["node"]
    if not found:
        raise NotFoundException
    about = found["oidc"] or found["saml"]
    return visit.page(
        "sso_connection.html",
        status=422 if errors else 200,
        here=here.of(visit, "security", data),
        organization=data["organization"],
        c=found,
        path=f"{visit.base}/security/connections/{connection}",
        typed={"name": found["name"], "issuer": found["issuer"], **about, **(typed or {})},
        findings=findings,
        errors=errors or [],
    )


@post("/o/{organization:str}/security/connections/{connection:uuid}")
async def update(
    request: Request[Any, Any, Any], organization: FromPath[str], connection: FromPath[Any]
) -> Response[Any]:
    """Saves what the identity provider gives."""
    visit = await visits.managing(request, organization)
    form = await forms.read(visit)
    asked = _oidc(form) if form.text("kind") == "OIDC" else _saml(form)
    id = visit.id("SsoConnection", str(connection))
    result = (await visit.ask("sso_update", id=id, input=asked))["ssoConnectionUpdate"]
    if errors := errors_of(result):
        typed = {name: form.text(name) for name in form.values if name != "clientSecret"}
        return await _shown(visit, str(connection), errors, typed=typed)
    return visit.go(f"{visit.base}/security/connections/{connection}", " ".join(["Saved.", *result["remarks"]]))


def _oidc(form: Form) -> dict[str, Any]:
    settings: dict[str, Any] = {"clientId": form.maybe("clientId"), "trustsAddress": form.is_on("trustsAddress")}
    if secret := form.maybe("clientSecret"):
        settings["clientSecret"] = secret
    return {"name": form.text("name"), "issuer": form.maybe("issuer"), "oidc": settings}


def _saml(form: Form) -> dict[str, Any]:
    """Metadata goes before what was in the fields when it was given, because it says the same things anew."""
    told = {"name": form.text("name")}
    settings: dict[str, Any] = {name: form.maybe(name) for name in ("subjectAttribute", "emailAttribute")}
    settings["allowsIdpInitiated"] = form.is_on("allowsIdpInitiated")
    if xml := form.maybe("metadataXml"):
        return {**told, "saml": {**settings, "metadataXml": xml, "metadataUrl": None}}
    if (url := form.maybe("metadataUrl")) != form.maybe("wasMetadataUrl"):
        settings["metadataUrl"] = url
        if url:
            return {**told, "saml": settings}
    if certificates := form.maybe("certificates"):
        settings["certificates"] = [certificates]
    return {**told, "issuer": form.maybe("issuer"), "saml": {**settings, "ssoUrl": form.maybe("ssoUrl")}}


@post("/o/{organization:str}/security/connections/{connection:uuid}/check")
async def check(
    request: Request[Any, Any, Any], organization: FromPath[str], connection: FromPath[Any]
) -> Response[Any]:
    """Asks the identity provider whether it works, and shows what was found."""
    visit = await visits.managing(request, organization)
    await forms.read(visit)
    result = (await visit.ask("sso_check", id=visit.id("SsoConnection", str(connection))))["ssoConnectionCheck"]
    errors = errors_of(result)
    return await _shown(visit, str(connection), errors, findings=result["findings"])


@get("/o/{organization:str}/security/connections/{connection:uuid}/removal")
async def ask_remove(
    request: Request[Any, Any, Any], organization: FromPath[str], connection: FromPath[Any]
) -> Response[Any]:
    """Asks whether a connection is to go."""
    visit = await visits.managing(request, organization)
    id = visit.id("SsoConnection", str(connection))
    data = await visit.ask("sso_connection", organization=visit.organization_id, id=id, audit=False)
    if not data["node"]:
        raise NotFoundException
    return visit.page(
        "sso_remove.html",
        here=here.of(visit, "security", data),
        organization=data["organization"],
        c=data["node"],
        path=f"{visit.base}/security/connections/{connection}",
    )


@post("/o/{organization:str}/security/connections/{connection:uuid}/{act:str}")
async def act(
    request: Request[Any, Any, Any], organization: FromPath[str], connection: FromPath[Any], act: FromPath[str]
) -> Response[Any]:
    """Switches a connection on or off, or removes it."""
    visit = await visits.managing(request, organization)
    await forms.read(visit)
    if act not in _ACTS:
        raise NotFoundException
    document, field, said = _ACTS[act]
    data = await visit.ask(document, id=visit.id("SsoConnection", str(connection)))
    if errors := errors_of(data[field]):
        return await _shown(visit, str(connection), errors)
    gone = act == "remove"
    return visit.go(f"{visit.base}/security" + ("" if gone else f"/connections/{connection}"), said)


PAGES = [ask_new, create, one, update, check, ask_remove, act]
