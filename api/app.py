"""Builds the application: wires edges, pool and background work; decides nothing."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any, cast

from litestar import Litestar
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.types import ControllerRouterHandler, LifeSpanScope, Scope

from api import logs
from api.billing import adapters as billing
from api.billing.stripe_events import stripe_events
from api.graphql.edge import graphql
from api.health import healthz, metrics, readyz
from api.identity.oidc.providers import Providers
from api.mail import unsubscribing
from api.metrics import counting
from api.net.addresses import Network
from api.net.client import Client
from api.net.proxies import HEADER, visitor
from api.oauth import endpoint as oauth
from api.oauth.key_sets import KeySets
from api.provisioning import extensions, plans, request_log
from api.scim import extension_files
from api.scim.edge import ScimEdge
from api.secrets import at_hand as secret_keys
from api.settings import Settings
from api.sign_in import jit, oidc, saml, starting
from db.engine import DB

_PROGRAMS = (healthz, readyz, metrics, graphql, stripe_events, oauth.token, oauth.metadata, jit.sign_ins)
_BROWSERS = (unsubscribing.ask, unsubscribing.end, starting.start, oidc.callback, *saml.HANDLERS)


class Application(Litestar):
    """Litestar, but for what is below /scim, which the SCIM edge answers whatever it looks like.

    Behind proxies that are trusted, `client` is who came to them.
    """

    def __init__(
        self,
        handlers: Sequence[ControllerRouterHandler],
        *,
        scim: ScimEdge,
        proxies: Sequence[Network],
        **options: Any,
    ) -> None:
        super().__init__(handlers, **options)
        self._scim, self._proxies = scim, proxies

    async def __call__(self, scope: Scope | LifeSpanScope, receive: Any, send: Any) -> None:
        if scope["type"] == ScopeType.HTTP and f"{cast(Scope, scope)['path']}/".startswith("/scim/"):
            await self._scim(cast(Scope, scope), receive, send)
        else:
            if self._proxies and scope["type"] == ScopeType.HTTP:
                scope = _from_the_visitor(cast(Scope, scope), self._proxies)
            await super().__call__(scope, receive, send)


def _from_the_visitor(scope: Scope, proxies: Sequence[Network]) -> Scope:
    host, port = scope["client"] or (None, 0)
    forwarded = [value.decode("latin-1") for name, value in scope["headers"] if name == HEADER]
    came = visitor(host, forwarded, proxies)
    return scope if came is None else cast(Scope, {**scope, "client": (came, port)})


def create_app(chosen: Settings, pages: Sequence[ControllerRouterHandler] = (), **options: Any) -> Litestar:
    """The application for these settings, with pages above it; raises SettingsError for plans that make no sense.

    `options` are more of Litestar's.
    """

    @contextlib.asynccontextmanager
    async def lifespan(application: Litestar) -> AsyncIterator[None]:
        await DB.open(connections=chosen.connections)
        client = Client(chosen.allow_networks, own_port=chosen.port)
        application.state["providers"] = Providers(client)
        try:
            async with client, request_log.running(), counting.watching():
                yield
        finally:
            await DB.close()

    logs.configure(chosen)
    counting.switch(chosen.metrics_token is not None)
    plans.load(chosen.plans)
    secret_keys.load(chosen.secret_keys)
    billing.load(chosen)
    extensions.read_with(extension_files.reader(chosen.seat_type_urn))
    return Application(
        [*_PROGRAMS, *_BROWSERS, *pages],
        scim=ScimEdge(chosen),
        proxies=chosen.trusted_proxies,
        lifespan=[lifespan],
        state=State({"settings": chosen, "key_sets": KeySets(chosen)}),
        openapi_config=None,
        logging_config=None,
        request_max_body_size=chosen.max_body_bytes,
        **options,
    )
