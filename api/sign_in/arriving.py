"""What all single sign-on has in common over HTTP: which connection, how often, and a session for who has come."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie

from api.identity import connections, limits, sessions
from api.identity.landing import Landed
from api.identity.problems import NoConnection
from api.identity.sessions import Proof
from db.enums import SsoKind, Way
from db.sso_rows import ConnectionRow

from . import places
from .cookies import Cookies, browser_of

PER_MINUTE, BURST = 300, 600
"""So often a minute, and at once, people behind one address may go to their identity providers."""

QUIET = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


def id_of(connection: str) -> uuid.UUID:
    """The connection that a path names; raises NoConnection for what can be none."""
    try:
        return uuid.UUID(connection)
    except ValueError:
        raise NoConnection("There is no such way to sign in. Begin anew on the page of your organization.") from None


async def in_use(request: Request[Any, Any, Any], connection: str, kind: SsoKind | None = None) -> ConnectionRow:
    """The connection that a browser comes for; raises NoConnection, and TooOften for one that comes all the time."""
    ip = request.client.host if request.client else None
    await limits.must_spend(f"sso:from:{limits.place(ip)}", per_minute=PER_MINUTE, burst=BURST, what="Sign-ins")
    return await connections.in_use(id_of(connection), kind)


def one(request: Request[Any, Any, Any], name: str) -> str | None:
    """A parameter of the query; None for one that is not there, or there twice."""
    found = request.query_params.getall(name, [])
    return found[0] if len(found) == 1 else None


async def arrive(request: Request[Any, Any, Any], landed: Landed, place: str) -> Response[str]:
    """A session for whoever has come back, and to the page that they wanted."""
    cookies = Cookies.of(request.app.state["settings"])
    proof = Proof(Way.SSO, landed.organization, landed.connection, landed.proves_address)
    token = cookies.session_token(request)
    begun = await sessions.begin(landed.account, proof, browser_of(request), instead_of=token)
    return redirect(places.local(place), [cookies.session(begun.token)])


def redirect(place: str, cookies: Sequence[Cookie] = ()) -> Response[str]:
    """To another page, with cookies."""
    answer = Response("", status_code=303, media_type=MediaType.TEXT, headers={**QUIET, "location": place})
    for cookie in cookies:
        answer.set_cookie(cookie)
    return answer
