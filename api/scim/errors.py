"""The one table from what is in the way to what SCIM says about it (RFC 7644 §3.12)."""

from __future__ import annotations

import contextlib
import logging

import msgspec

from api.auth.keys import KeyProblem
from api.provisioning import errors as provisioning
from api.provisioning import refusals, request_log
from api.provisioning.decisions import Decided, Decision
from db.errors import REFUSED, UNAVAILABLE, TooSlow

from .exchange import Answer, Exchange
from .language.errors import ScimError
from .language.schemas import MESSAGES

ERROR_URN = MESSAGES + "Error"
RETRY_SECONDS = 5
PAUSED_SECONDS = 300

_logger = logging.getLogger("rollcall.scim")


class HttpError(Exception):
    """Something that HTTP has a status for."""

    def __init__(
        self, status: int, detail: str, *, scim_type: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.scim_type = scim_type
        self.headers = headers or {}


class NotLetIn(HttpError):
    """The request has no key that lets it in."""

    def __init__(self, problem: KeyProblem) -> None:
        challenge = 'Bearer realm="Rollcall SCIM"' + (', error="invalid_token"' if problem.is_about_a_key else "")
        super().__init__(401, problem.value, headers={"WWW-Authenticate": challenge})


def answer(exchange: Exchange, error: Exception) -> Answer:
    """The SCIM error for what went wrong; what nobody expected is logged with its trace id and told no details of."""
    match error:
        case HttpError():
            return _refusal(exchange, error.status, error.scim_type, error.detail, error.headers)
        case ScimError():
            return _refusal(exchange, error.status, error.scim_type, error.detail)
        case provisioning.Paused():
            return _refusal(exchange, 503, None, str(error), {"Retry-After": str(PAUSED_SECONDS)})
        case provisioning.TooManyRemovals():
            return _refusal(exchange, 503, None, str(error), {"Retry-After": str(PAUSED_SECONDS)})
        case provisioning.NotFound():
            return _refusal(exchange, 404, None, str(error))
        case provisioning.AlreadyTaken():
            return _refusal(exchange, 409, "uniqueness", str(error))
        case provisioning.VersionMismatch():
            return _refusal(exchange, 412, None, str(error))
        case provisioning.ImmutableAddress():
            return _refusal(exchange, 400, "mutability", str(error))
        case provisioning.OwnMember() | provisioning.NoAddress() | provisioning.UnknownRole():
            return _refusal(exchange, 400, "invalidValue", str(error))
        case provisioning.OutsideDomains() if exchange.method != "POST":
            return _refusal(exchange, 400, "invalidValue", str(error))
        case provisioning.NobodyThere():
            return _refusal(exchange, 400, "noTarget", str(error))
        case provisioning.ProvisioningError():
            return _refusal(exchange, 403, None, str(error))
        case TooSlow():
            text = "The filter needs too long. Narrow it, for example with `eq` on userName or externalId."
            return _refusal(exchange, 400, "tooMany", text)
    if isinstance(error, UNAVAILABLE):
        _logger.warning("The database is not available: %s (trace %s)", type(error).__name__, exchange.id)
        text = "The database is not available for the moment. Try again."
        return _refusal(exchange, 503, None, text, {"Retry-After": str(RETRY_SECONDS)})
    _logger.error("Unexpected error (trace %s)", exchange.id, exc_info=error, extra={"trace_id": exchange.id})
    return _refusal(exchange, 500, None, "Something went wrong here; it was logged. Report the trace id.")


async def remember(exchange: Exchange, refusal: Answer, error: Exception) -> None:
    """Record a refused request before it is answered, and tell people whom it concerns.

    One that could not be recorded is logged and still answered.
    """
    if exchange.key is None:
        return
    try:
        await request_log.put_now(exchange.record(refusal))
    except (*UNAVAILABLE, *REFUSED) as problem:
        _logger.warning("A refusal is recorded later: %s (trace %s)", type(problem).__name__, exchange.id)
        request_log.put(exchange.record(refusal))
        return
    with contextlib.suppress(*UNAVAILABLE):  # it is refused again if it was meant
        actor = exchange.actor
        await refusals.tell(actor.organization, actor.directory, error, exchange.id)


def _refusal(
    exchange: Exchange, status: int, scim_type: str | None, detail: str, headers: dict[str, str] | None = None
) -> Answer:
    body: dict[str, object] = {"schemas": [ERROR_URN], "status": str(status)}
    if scim_type:
        body["scimType"] = scim_type
    body["detail"] = f"{detail} (trace {exchange.id})"
    return Answer(
        status,
        msgspec.json.encode(body),
        headers or {},
        scim_type=scim_type,
        detail=detail,
        decisions=(Decision(Decided.REFUSED, detail),),
    )
