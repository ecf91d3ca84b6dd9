"""Signing in by OpenID Connect over HTTP: to the identity provider, and back."""

from __future__ import annotations

import uuid
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.params import FromPath

from api.identity import connections, limits, sessions
from api.identity.oidc import flow
from api.identity.oidc.flow import Callback, Site
from api.identity.problems import NoConnection
from api.identity.sessions import Proof
from api.provisioning import addresses
from api.provisioning.errors import BadAddress, ProvisioningError
from api.settings import Settings
from db.enums import SsoKind, Way
from db.sso_rows import ConnectionRow

from . import places
from .cookies import Cookies, browser_of, new_secret
from .problems import told

PER_MINUTE, BURST = 300, 600
"""So often a minute, and at once, people behind one address may go to their identity providers."""

_QUIET = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


def site(request: Request[Any, Any, Any]) -> Site:
    """What this process knows of identity providers, and where it is reached."""
    settings: Settings = request.app.state["settings"]
    return Site(request.app.state["providers"], settings.public_url)


@get("/sso/{connection:str}/start", include_in_schema=False)
async def start(request: Request[Any, Any, Any], connection: FromPath[str]) -> Response[str]:
    """Send a browser to the identity provider of a connection; `return_to` is where it goes afterwards."""
    cookies = Cookies.of(request.app.state["settings"])
    secret = cookies.browser_secret(request) or new_secret()
    try:
        await _pace(request)
        found = await _found(connection)
        place = await flow.start(
            site(request),
            found,
            browser=secret,
            return_to=places.local(_one(request, "return_to")),
            login_hint=_address(_one(request, "login_hint")),
        )
    except ProvisioningError as problem:
        return told(problem)
    answer = _redirect(place)
    answer.set_cookie(cookies.browser(secret))
    return answer


@get("/sso/{connection:str}/callback", include_in_schema=False)
async def callback(request: Request[Any, Any, Any], connection: FromPath[str]) -> Response[str]:
    """Sign in whoever comes back from the identity provider of a connection."""
    cookies = Cookies.of(request.app.state["settings"])
    try:
        await _pace(request)
        found = await _found(connection)
        said = Callback.of([*request.query_params.multi_items()])
        landed, place = await flow.finish(site(request), found, said, browser=cookies.browser_secret(request))
    except ProvisioningError as problem:
        return told(problem)
    proof = Proof(Way.SSO, landed.organization, landed.connection, landed.proves_address)
    token = cookies.session_token(request)
    begun = await sessions.begin(landed.account, proof, browser_of(request), instead_of=token)
    answer = _redirect(places.local(place))
    answer.set_cookie(cookies.session(begun.token))
    return answer


async def _found(connection: str) -> ConnectionRow:
    try:
        id = uuid.UUID(connection)
    except ValueError:
        raise NoConnection("There is no such way to sign in. Begin anew on the page of your organization.") from None
    return await connections.in_use(id, SsoKind.OIDC)


async def _pace(request: Request[Any, Any, Any]) -> None:
    ip = request.client.host if request.client else None
    await limits.must_spend(f"sso:from:{ip}", per_minute=PER_MINUTE, burst=BURST, what="Sign-ins")


def _one(request: Request[Any, Any, Any], name: str) -> str | None:
    """A parameter of the query; None for one that is not there, or there twice."""
    found = request.query_params.getall(name, [])
    return found[0] if len(found) == 1 else None


def _address(given: str | None) -> str | None:
    """An address to fill in at the identity provider; anything else is left out."""
    try:
        return addresses.read(given).email if given else None
    except BadAddress:
        return None


def _redirect(place: str) -> Response[str]:
    return Response("", status_code=303, media_type=MediaType.TEXT, headers={**_QUIET, "location": place})
