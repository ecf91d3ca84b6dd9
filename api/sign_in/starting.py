"""Where single sign-on begins, whatever a connection speaks."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from api.identity import saml_flow
from api.identity.oidc import flow as oidc_flow
from api.identity.oidc.flow import Site
from api.provisioning import addresses
from api.provisioning.errors import BadAddress, ProvisioningError
from api.settings import Settings
from db.enums import SsoKind

from . import arriving, places
from .cookies import Cookies, new_secret
from .problems import told


def site(request: Request[Any, Any, Any]) -> Site:
    """What this process knows of identity providers, and where it is reached."""
    settings: Settings = request.app.state["settings"]
    return Site(request.app.state["providers"], settings.public_url)


@get("/sso/{connection:str}/start", include_in_schema=False)
async def start(request: Request[Any, Any, Any], connection: FromPath[str]) -> Response[str]:
    """Send a browser to the identity provider of a connection; `return_to` is where it goes afterwards."""
    cookies, here = Cookies.of(request.app.state["settings"]), site(request)
    secret = cookies.browser_secret(request) or new_secret()
    back = places.local(arriving.one(request, "return_to"))
    try:
        found = await arriving.in_use(request, connection)
        if found.kind == SsoKind.SAML:
            place = await saml_flow.start(here.public_url, found, browser=secret, return_to=back)
        else:
            hint = _address(arriving.one(request, "login_hint"))
            place = await oidc_flow.start(here, found, browser=secret, return_to=back, login_hint=hint)
    except ProvisioningError as problem:
        return told(problem)
    return arriving.redirect(place, [cookies.browser(secret)])


def _address(given: str | None) -> str | None:
    """An address to fill in at the identity provider; anything else is left out."""
    try:
        return addresses.read(given).email if given else None
    except BadAddress:
        return None
