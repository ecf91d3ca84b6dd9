"""GraphQL over HTTP: one POST, from bytes to an answer (GraphQL over HTTP, draft of 2025)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

import msgspec
from graphql import GraphQLError
from litestar import MediaType, Request, Response, post
from strawberry.types.graphql import OperationType

from api.metrics import counting
from api.net import bodies
from api.net.bodies import TooLong
from api.provisioning import budgets
from api.settings import Settings
from db.errors import UNAVAILABLE, TooSlow
from db.ids import RequestId, new_id

from . import callers, limits, schema
from .context import Context
from .errors import Problem, Refusal, shown

MAX_BODY_BYTES = 1_000_000
_RESPONSE = "application/graphql-response+json"
_SECONDS = 30
_ACCEPTED = frozenset({"application/json", _RESPONSE})
_AWAY: tuple[type[BaseException], ...] = (TooSlow, *UNAVAILABLE)
_logger = logging.getLogger("rollcall.graphql")


class Asked(msgspec.Struct, frozen=True):
    """What a request asks for."""

    query: str
    variables: dict[str, Any] | None = None
    operationName: str | None = None  # noqa: N815  # as GraphQL over HTTP spells it
    extensions: dict[str, Any] | None = None


@post("/graphql", status_code=200, media_type=MediaType.JSON)
async def graphql(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Run a query or mutation for whoever has a token, or has signed in."""
    trace, began = RequestId(new_id()), time.perf_counter_ns()
    headers: Mapping[str, str] = {}
    media_type = _RESPONSE if _RESPONSE in request.headers.get("accept", "") else "application/json"
    try:
        answer = await _run(request, trace, request.app.state["settings"])
        status = 200 if "data" in answer else 400
    except Refusal as refusal:
        status, headers = refusal.status, refusal.headers
        answer = {"errors": [shown(refusal.problem, trace)]}
    except _AWAY as error:
        _logger.warning("GraphQL request %s: %s", trace, error)
        status, headers = 503, {"Retry-After": "5"}
        answer = {"errors": [{"message": "The database is away. Try again.", "extensions": {"code": "UNAVAILABLE"}}]}
    except Exception as error:
        status = 500
        answer = {"errors": [shown(GraphQLError("", original_error=error), trace)]}
    if status == 400 and media_type != _RESPONSE and "data" not in answer:
        # Clients of before that media type take any other status for the answer of something in between.
        status = 200
    counting.graphql(status, began)
    return Response(
        msgspec.json.encode(answer),
        status_code=status,
        media_type=media_type,
        headers={"Cache-Control": "no-store", "Rollcall-Trace-Id": str(trace), **headers},
    )


async def _run(request: Request[Any, Any, Any], trace: RequestId, settings: Settings) -> dict[str, Any]:
    asked = await _asked(request)
    shown_to_be = callers.credentials(request, settings)
    try:
        document = limits.parsed(asked.query)
        cost = limits.measure(schema.core(), document, asked.operationName, asked.variables or {})
    except Problem as problem:
        raise Refusal(400, problem) from None
    caller, payer = await callers.enter(shown_to_be)
    context = Context(caller, settings, trace, cost)
    spending = await budgets.spend(context.budget, payer, cost.points)
    if spending.retry_after:
        text = f"This costs {cost.points} points, and too few are left. Wait {spending.retry_after:.0f} s."
        raise Refusal(429, Problem("RATE_LIMITED", text), {"Retry-After": f"{spending.retry_after:.0f}"})
    context.spent = spending.spent
    return await execute(asked, context)


async def execute(asked: Asked, context: Context) -> dict[str, Any]:
    """Run what is asked for; the answer as it is sent, with what it cost."""
    try:
        found = await asyncio.wait_for(
            schema.SCHEMA.execute(
                asked.query,
                variable_values=asked.variables,
                operation_name=asked.operationName,
                context_value=context,
                allowed_operation_types=(OperationType.QUERY, OperationType.MUTATION),
            ),
            _SECONDS,
        )
    finally:
        context.close()
    remaining = max(0, int(context.budget.capacity - context.spent))
    answer: dict[str, Any] = {"data": found.data} if found.data is not None or not found.errors else {}
    if found.errors:
        answer["errors"] = [shown(error, context.trace) for error in found.errors]
    cost = {"points": context.cost.points, "objects": context.cost.objects, "remaining": remaining}
    answer["extensions"] = {"cost": cost}
    return answer


async def _asked(request: Request[Any, Any, Any]) -> Asked:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _ACCEPTED:
        raise Refusal(415, Problem("BAD_REQUEST", "Send Content-Type: application/json."))
    try:
        body = await bodies.read(request.stream(), request.headers.get("content-length"), MAX_BODY_BYTES)
    except TooLong:
        text = f"A request has at most {MAX_BODY_BYTES:,} bytes."
        raise Refusal(413, Problem("TOO_LARGE", text)) from None
    try:
        return msgspec.json.decode(body, type=Asked)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        text = f"Send a JSON object with `query`, and `variables` and `operationName` if there are any: {error}."
        raise Refusal(400, Problem("BAD_REQUEST", text)) from None
