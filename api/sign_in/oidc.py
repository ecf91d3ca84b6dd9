"""Signing in by OpenID Connect over HTTP: back from the identity provider."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from api.identity.oidc import flow
from api.identity.oidc.flow import Callback
from api.provisioning.errors import ProvisioningError
from db.enums import SsoKind

from . import arriving
from .cookies import Cookies
from .problems import told
from .starting import site


@get("/sso/{connection:str}/callback", include_in_schema=False)
async def callback(request: Request[Any, Any, Any], connection: FromPath[str]) -> Response[str]:
    """Sign in whoever comes back from the identity provider of a connection."""
    cookies = Cookies.of(request.app.state["settings"])
    try:
        found = await arriving.in_use(request, connection, SsoKind.OIDC)
        said = Callback.of([*request.query_params.multi_items()])
        landed, place = await flow.finish(site(request), found, said, browser=cookies.browser_secret(request))
        return await arriving.arrive(request, landed, place)
    except ProvisioningError as problem:
        return told(problem)
