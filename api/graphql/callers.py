"""Who asks over HTTP: a program with a token, or a browser in which somebody has signed in.

A request with an Authorization header is never judged by its cookies. One without it is let in by the session's
cookie, only from a page of ours and with the session's form token in a header, so that no other site can ask in
somebody's name. A session is of a person, not of an organization: `Rollcall-Organization` says where it asks.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from litestar import Request

from api.auth import tokens
from api.auth.tokens import TokenProblem
from api.identity import entering, sessions
from api.identity.problems import ShutOut
from api.provisioning.caller import Caller
from api.provisioning.errors import NotFound
from api.settings import Settings
from api.sign_in import origins
from api.sign_in.cookies import Cookies
from db.account_rows import SessionRow

from . import ids
from .errors import Problem, Refusal

FORM_TOKEN, ORGANIZATION = "Rollcall-Form-Token", "Rollcall-Organization"

_ENDED = "The session has ended. Sign in again."


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser sent to be let in: the session's token, and the global id of where it asks, None for nowhere."""

    session: str
    organization: str | None


def credentials(request: Request[Any, Any, Any], settings: Settings) -> bytes | Browser:
    """The digest of a token, or what a browser sent; raises Refusal for neither. The database is not asked."""
    header = request.headers.get("authorization")
    session = None if header is not None else Cookies.of(settings).session_token(request)
    if session is None:
        digest = tokens.digest_of(header)
        if isinstance(digest, TokenProblem):
            raise _unauthenticated(digest)
        return digest
    if not origins.is_ours(request, settings):
        raise _forbidden("Another site sent this. Nothing was done.")
    if not sessions.is_form_token(session, request.headers.get(FORM_TOKEN, "")):
        raise _forbidden(f"Send the session's form token as {FORM_TOKEN}, or an API token instead of the cookie.")
    return Browser(session, request.headers.get(ORGANIZATION))


async def enter(shown: bytes | Browser) -> tuple[Caller, uuid.UUID]:
    """Who asks, and by what their points are counted; raises Refusal."""
    if isinstance(shown, Browser):
        session = await sessions.resume(shown.session)
        if session is None:
            raise Refusal(401, Problem("UNAUTHENTICATED", _ENDED))
        return await _somebody(session, shown.organization), session.account_id
    caller = await tokens.authenticate(shown)
    if isinstance(caller, TokenProblem):
        raise _unauthenticated(caller)
    assert caller.id is not None
    return caller, caller.id


async def _somebody(session: SessionRow, organization: str | None) -> Caller:
    if operator := entering.operator(session):
        return operator
    if organization is None:
        return entering.alone(session)
    try:
        caller, _ = await entering.enter(session, ids.must_be(organization, "Organization").id)
    except NotFound:
        raise Refusal(404, Problem("NOT_FOUND", "There is no such organization.")) from None
    except ShutOut as problem:
        raise _forbidden(str(problem)) from None
    return caller


def _forbidden(text: str) -> Refusal:
    return Refusal(403, Problem("FORBIDDEN", text))


def _unauthenticated(problem: TokenProblem) -> Refusal:
    header = 'Bearer realm="Rollcall"' + ("" if problem is TokenProblem.MISSING else ', error="invalid_token"')
    return Refusal(401, Problem("UNAUTHENTICATED", problem.value), {"WWW-Authenticate": header})
