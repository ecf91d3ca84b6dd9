"""Signing in by SAML over HTTP: back from the identity provider, and what it is told of Rollcall."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from litestar import Request, Response, get, post
from litestar.params import FromPath

from api.identity import connections, saml_flow
from api.identity.problems import SignInRefused
from api.identity.saml import metadata as documents
from api.identity.saml.responses import MOST_TEXT
from api.identity.saml_flow import Question
from api.provisioning.errors import ProvisioningError
from api.settings import Settings
from db.enums import SsoKind

from . import arriving, questions
from .cookies import Cookies, new_secret
from .problems import told

MOST_BYTES = MOST_TEXT * 2
"""Of a form, in which some characters are written as three."""

_URLENCODED = "application/x-www-form-urlencoded"
_LONGEST_TICKET = 100


@post("/sso/{connection:str}/acs", include_in_schema=False, request_max_body_size=MOST_BYTES, status_code=303)
async def answered(request: Request[Any, Any, Any], connection: FromPath[str]) -> Response[str]:
    """Takes what an identity provider has a browser bring, and sends the browser on to where it has its cookies."""
    try:
        found = await arriving.in_use(request, connection, SsoKind.SAML)
        form = await _form(request)
        said, state = form.get("SAMLResponse", ""), form.get("RelayState")
        token = await saml_flow.answered(_public_url(request), found, said, state)
    except ProvisioningError as problem:
        return told(problem)
    return arriving.redirect(f"/sso/{found.id}/acs?ticket={token}")


@get("/sso/{connection:str}/acs", include_in_schema=False)
async def finish(request: Request[Any, Any, Any], connection: FromPath[str]) -> Response[str]:
    """Signs in whoever has come back, or asks whoever did not begin here whether they want to."""
    cookies = Cookies.of(request.app.state["settings"])
    secret = cookies.browser_secret(request) or new_secret()
    try:
        found = await arriving.in_use(request, connection, SsoKind.SAML)
        outcome = await saml_flow.finish(found, _ticket(arriving.one(request, "ticket")), secret)
        if isinstance(outcome, Question):
            answer = questions.ask(outcome, f"/sso/{found.id}/acs/yes", found.name)
            answer.set_cookie(cookies.browser(secret))
            return answer
        return await arriving.arrive(request, *outcome)
    except ProvisioningError as problem:
        return told(problem)


@post("/sso/{connection:str}/acs/yes", include_in_schema=False, request_max_body_size=10_000, status_code=303)
async def confirm(request: Request[Any, Any, Any], connection: FromPath[str]) -> Response[str]:
    """Signs in whoever has said yes. Only the browser that was asked can, and other sites cannot have it do so."""
    cookies = Cookies.of(request.app.state["settings"])
    try:
        found = await arriving.in_use(request, connection, SsoKind.SAML)
        form = await _form(request)
        outcome = await saml_flow.confirm(found, _ticket(form.get("ticket")), cookies.browser_secret(request))
        return await arriving.arrive(request, *outcome)
    except ProvisioningError as problem:
        return told(problem)


@get("/sso/{connection:str}/metadata", include_in_schema=False)
async def metadata(request: Request[Any, Any, Any], connection: FromPath[str]) -> Response[Any]:
    """What an identity provider has to know of Rollcall, for each connection; nothing of it is secret."""
    try:
        found = await connections.known(arriving.id_of(connection), SsoKind.SAML)
    except ProvisioningError as problem:
        return told(problem)
    text = documents.write(saml_flow.provider(_public_url(request), found.id))
    headers = {
        "content-disposition": f'attachment; filename="rollcall-{found.id}.xml"',
        "x-content-type-options": "nosniff",
    }
    return Response(text, media_type="application/samlmetadata+xml", headers=headers)


async def _form(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The fields of a form; raises SignInRefused for anything else, and for a field that is there twice."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        pairs = parse_qsl((await request.body()).decode("ascii"), keep_blank_values=True, max_num_fields=10)
    except (UnicodeDecodeError, ValueError):
        pairs = []
    fields = dict(pairs)
    if media_type != _URLENCODED or not fields or len(fields) != len(pairs):
        raise SignInRefused("Your identity provider sent nothing that can be read.", "What was sent is no form.")
    return fields


def _ticket(given: str | None) -> str:
    """A token that could be one; anything else is none that there is."""
    return given if given and len(given) <= _LONGEST_TICKET and given.isascii() else ""


def _public_url(request: Request[Any, Any, Any]) -> str:
    settings: Settings = request.app.state["settings"]
    return settings.public_url


HANDLERS = (answered, finish, confirm, metadata)
