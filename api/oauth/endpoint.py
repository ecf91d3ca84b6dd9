"""The token endpoint over HTTP, and what it says of itself (RFC 6749 §5, RFC 8414)."""

from __future__ import annotations

import logging
import math
import re
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get, post

from api.net import bodies
from api.net.bodies import TooLong
from api.provisioning import clock
from api.provisioning.health import TOKEN_PATH
from api.settings import Settings
from db.errors import UNAVAILABLE
from db.ids import RequestId, new_id

from . import asking, issuing, recording, trust
from .problems import InvalidRequest, OauthProblem, TooManyRequests

METADATA_PATH = "/.well-known/oauth-authorization-server"
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_RETRY_SECONDS = 5
# What an error_description may consist of (RFC 6749 §5.2).
_UNSAYABLE = re.compile(r'[^\x20-\x7e]|["\\]')
_LONGEST_TEXT = 600
_logger = logging.getLogger("rollcall.oauth")


@dataclass(frozen=True, slots=True)
class _Call:
    """One request: its trace id, and when it came."""

    trace: RequestId = field(default_factory=lambda: RequestId(new_id()))
    at: datetime = field(default_factory=clock.now)
    began: int = field(default_factory=time.perf_counter_ns)


@post(TOKEN_PATH, status_code=200, media_type=MediaType.JSON)
async def token(request: Request[Any, Any, Any]) -> Response[bytes]:
    """An access token for a client that is believed (RFC 6749 §4.4)."""
    call, settings = _Call(), request.app.state["settings"]
    try:
        body = await _body(request)
        asked = asking.read(request.headers.get("content-type", ""), request.headers.get("authorization"), body)
        issued = await issuing.issue(asked, request.app.state["key_sets"], _names(settings))
    except OauthProblem as problem:
        return await _refused(request, call, problem)
    except UNAVAILABLE as error:
        _logger.warning("The database is not available: %s (trace %s)", type(error).__name__, call.trace)
        text = "The database is not available for the moment. Try again."
        return _answer(call, 503, _error("temporarily_unavailable", text, call), {"Retry-After": str(_RETRY_SECONDS)})
    told = {
        "access_token": issued.text,
        "token_type": "Bearer",
        "expires_in": issued.seconds,
        "scope": asking.SCOPE,
    }
    _logger.debug("A token was given to the client %s (trace %s)", issued.client.id, call.trace)
    return _answer(call, 200, told, {})


@get(METADATA_PATH, media_type=MediaType.JSON, sync_to_thread=False)
def metadata(request: Request[Any, Any, Any]) -> dict[str, object]:
    """What clients can find out by themselves (RFC 8414 §2). Secrets in the body are taken, too, but not advised."""
    settings: Settings = request.app.state["settings"]
    return {
        "issuer": settings.public_url,
        "token_endpoint": token_url(settings),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": list(trust.ALGORITHMS),
        "grant_types_supported": [asking.GRANT],
        # Required, and must not be empty, also where nothing is authorized in a browser (RFC 8414 §2, §3.2).
        "response_types_supported": ["none"],
        "scopes_supported": [asking.SCOPE],
    }


def token_url(settings: Settings) -> str:
    """Where tokens are got."""
    return f"{settings.public_url}{TOKEN_PATH}"


def _names(settings: Settings) -> frozenset[str]:
    """For whom an assertion has to be: for the token endpoint or for the issuer (RFC 7523 §3)."""
    return frozenset({settings.public_url, token_url(settings)})


async def _body(request: Request[Any, Any, Any]) -> bytes:
    try:
        return await bodies.read(request.stream(), request.headers.get("content-length"), asking.LONGEST_BODY)
    except TooLong:
        raise InvalidRequest(f"The form is longer than {asking.LONGEST_BODY} bytes.") from None


async def _refused(request: Request[Any, Any, Any], call: _Call, problem: OauthProblem) -> Response[bytes]:
    headers: dict[str, str] = {}
    if problem.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="Rollcall", charset="UTF-8"'
    if isinstance(problem, TooManyRequests):
        headers["Retry-After"] = str(math.ceil(problem.retry_after))
    if problem.client is not None:
        agent = request.headers.get("user-agent")
        microseconds = (time.perf_counter_ns() - call.began) // 1000
        await recording.refused(problem.client, call.trace, call.at, problem, agent, microseconds)
    _logger.info("%s: %s (trace %s)", problem.error, problem, call.trace, extra={"trace_id": call.trace})
    return _answer(call, problem.status, _error(problem.error, str(problem), call), headers)


def _error(code: str, text: str, call: _Call) -> dict[str, object]:
    said = _UNSAYABLE.sub("?", text.replace('"', "'"))[:_LONGEST_TEXT]
    return {"error": code, "error_description": f"{said} (trace {call.trace})"}


def _answer(call: _Call, status: int, body: dict[str, object], headers: dict[str, str]) -> Response[bytes]:
    return Response(
        msgspec.json.encode(body),
        status_code=status,
        media_type=MediaType.JSON,
        headers={**_NO_STORE, "X-Trace-Id": str(call.trace), **headers},
    )
