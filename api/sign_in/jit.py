"""Sign-ins that a host application tells of which does its own single sign-on (REQUIREMENTS R004, docs/jit.md)."""

from __future__ import annotations

import hashlib
import logging
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, post

from api.auth import tokens as letting_in
from api.auth.tokens import TokenProblem
from api.identity import limits
from api.net import bodies
from api.net.bodies import TooLong
from api.provisioning import clock, global_ids, sign_in_reports, tokens
from api.provisioning import errors as domain
from api.provisioning.actor import Actor, Right
from api.provisioning.caller import Caller
from api.provisioning.decisions import Decided, Decision
from api.provisioning.errors import ProvisioningError
from api.provisioning.outcome import MemberOutcome
from api.provisioning.sign_in_reports import Call
from api.webhooks.payloads import SEATS
from db.errors import UNAVAILABLE
from db.ids import RequestId, new_id

from . import jit_calls
from .jit_calls import BadCall, Read

PATH = "/jit/sign-ins"
PER_MINUTE, BURST = 600, 600
_RETRY_SECONDS = 5
_PROBLEM = "application/problem+json"
_FAILED = Decision(Decided.IGNORED, "The sign-in failed, so nothing was changed.")
_logger = logging.getLogger("rollcall.jit")

PROBLEMS: Mapping[type[ProvisioningError], tuple[int, str]] = {
    domain.Forbidden: (403, "FORBIDDEN"),
    domain.NotFound: (404, "NOT_FOUND"),
    domain.IdempotencyMismatch: (409, "IDEMPOTENCY_MISMATCH"),
    domain.AlreadyTaken: (409, "TAKEN"),
    domain.LockedOut: (403, "LOCKED_OUT"),
    domain.OutsideDomains: (403, "OUTSIDE_DOMAINS"),
    domain.SeatLimitReached: (403, "SEAT_LIMIT"),
    domain.Refused: (403, "POLICY"),
    domain.TooOften: (429, "TOO_OFTEN"),
    domain.CannotSeal: (503, "UNAVAILABLE"),
}
"""What of the rules is in the way, with its status and code; INVALID and 422 for whatever else there may be."""


@post(PATH, status_code=200, media_type=MediaType.JSON)
async def sign_ins(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Make or update the member who has signed in; answered alike whenever it comes again with the same id."""
    trace = RequestId(new_id())
    try:
        answer = await _answered(request, trace)
        return _response(200, MediaType.JSON, answer.encode(), trace)
    except BadCall as problem:
        return _refused(trace, problem.status, problem.code, str(problem))
    except ProvisioningError as error:
        return _refused(trace, *_status(error), str(error), error)
    except UNAVAILABLE as error:
        _logger.warning("The database is not available: %s (trace %s)", type(error).__name__, trace)
        return _refused(trace, 503, "UNAVAILABLE", "The database is not available for the moment. Try again.")


async def _answered(request: Request[Any, Any, Any], trace: RequestId) -> str:
    digest = letting_in.digest_of(request.headers.get("authorization"))
    if isinstance(digest, TokenProblem):
        raise BadCall(401, "UNAUTHENTICATED", digest.value)
    body = await _body(request)
    caller = await letting_in.authenticate(digest)
    if isinstance(caller, TokenProblem):
        raise BadCall(401, "UNAUTHENTICATED", caller.value)
    actor = await _actor(caller, trace)
    id = await _signed(request, caller, body)
    await limits.must_spend(f"jit:{caller.id}", per_minute=PER_MINUTE, burst=BURST, what="Sign-ins that are told of")
    call = Call(trace, id, hashlib.sha256(body).digest(), None, clock.now())
    try:
        said = jit_calls.read(body)
        call = replace(call, email=said.email)
        return await _carried_out(actor, call, said)
    except BadCall as problem:
        if problem.email is not None:
            await sign_in_reports.refuse(actor, replace(call, email=problem.email), problem.code, str(problem))
        raise
    except ProvisioningError as error:
        if not isinstance(error, domain.IdempotencyMismatch):
            await sign_in_reports.refuse(actor, call, _status(error)[1], str(error))
        raise


async def _actor(caller: Caller, trace: RequestId) -> Actor:
    """Who acts: the token of an organization that may tell of sign-ins."""
    caller.must(Right.SIGN_IN)
    if caller.organization is None:
        raise domain.Forbidden("This token is the operator's. Make one for the organization whose people sign in.")
    return caller.within(caller.organization, trace)


async def _signed(request: Request[Any, Any, Any], caller: Caller, body: bytes) -> str:
    key = await tokens.signing_key(caller)
    if key is None:
        raise BadCall(
            401, "BAD_SIGNATURE", "This token has no signing secret. Make a new one, and sign with its secret."
        )
    return jit_calls.message(request.headers, body, key, clock.now().timestamp())


async def _carried_out(actor: Actor, call: Call, said: Read) -> str:
    if not said.is_success:
        shown = {"memberId": None, "isNew": False, "isChanged": False, "decisions": [_FAILED], "trace": call.request}
        return await sign_in_reports.ignore(actor, call, msgspec.json.encode(shown).decode())
    return await sign_in_reports.report(actor, call, said.seen, lambda outcome: _told(actor, outcome, call.request))


def _told(actor: Actor, outcome: MemberOutcome, trace: RequestId) -> str:
    """The answer: the member by the id and words that webhooks and GraphQL have for them, and why it came so."""
    shown = {
        "memberId": global_ids.write("Member", actor.organization, outcome.member),
        "email": outcome.email,
        "status": outcome.status,
        "canUse": outcome.may_use,
        "seat": SEATS[outcome.seat] if outcome.seat else None,
        "role": outcome.role,
        "isNew": any(decision.code is Decided.CREATED for decision in outcome.decisions),
        "isChanged": outcome.is_changed,
        "decisions": outcome.decisions,
        "trace": trace,
    }
    # Kept in a text column, which takes no U+0000.
    return msgspec.json.encode(shown).decode().replace("\\u0000", "\\ufffd")


async def _body(request: Request[Any, Any, Any]) -> bytes:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise BadCall(415, "BAD_REQUEST", "Send Content-Type: application/json.")
    try:
        return await bodies.read(request.stream(), request.headers.get("content-length"), jit_calls.LONGEST_BODY)
    except TooLong:
        raise BadCall(413, "TOO_LARGE", f"A call has at most {jit_calls.LONGEST_BODY:,} bytes.") from None


def _status(error: ProvisioningError) -> tuple[int, str]:
    return next((PROBLEMS[kind] for kind in type(error).__mro__ if kind in PROBLEMS), (422, "INVALID"))


def _refused(trace: RequestId, status: int, code: str, text: str, error: Exception | None = None) -> Response[bytes]:
    """A problem as RFC 9457 has it."""
    headers: dict[str, str] = {}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Rollcall"'
    if isinstance(error, domain.TooOften):
        headers["Retry-After"] = str(math.ceil(error.retry_after))
    elif status == 503:
        headers["Retry-After"] = str(_RETRY_SECONDS)
    _logger.info("%s answered %d %s (trace %s)", PATH, status, code, trace, extra={"trace_id": trace})
    body = {
        "type": f"urn:rollcall:problem:{code.lower().replace('_', '-')}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": text,
        "code": code,
        "trace": trace,
    }
    return _response(status, _PROBLEM, msgspec.json.encode(body), trace, headers)


def _response(
    status: int, media_type: str, body: bytes, trace: RequestId, headers: Mapping[str, str] | None = None
) -> Response[bytes]:
    told = {"Cache-Control": "no-store", "X-Trace-Id": str(trace), **(headers or {})}
    return Response(body, status_code=status, media_type=media_type, headers=told)
