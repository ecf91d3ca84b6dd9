"""One attempt at a delivery: what is sent, and what came back."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.net import signing
from api.net.client import Answer, Client, Unreachable
from api.net.signing import SigningKey
from api.provisioning import clock
from db.enums import DeliveryState
from db.ids import new_id
from db.webhook_rows import Attempted, Due, EndpointRow

from . import pace
from .pace import Meaning

_SNIPPET = 1000
_AGENT = "Rollcall-Webhooks/1"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An attempt, what the answer means, and before when the receiver wants nothing."""

    row: Attempted
    meaning: Meaning
    wish: datetime | None


async def attempt(client: Client, endpoint: EndpointRow, due: Due, keys: Sequence[SigningKey]) -> Outcome:
    """Send a delivery once; redirections are answers like any other."""
    at, started, body = clock.now(), time.perf_counter(), due.body.encode()
    headers = {
        "content-type": "application/json",
        "user-agent": _AGENT,
        **signing.headers(signing.message_id(due.message_id), int(at.timestamp()), body, keys),
    }
    answer: Answer | None = None
    trouble: str | None = None
    try:
        answer = await client.send("POST", endpoint.url, headers, body)
    except Unreachable as error:
        trouble = str(error)
    return _outcome(due, at, time.perf_counter() - started, answer, trouble)


def _outcome(due: Due, at: datetime, seconds: float, answer: Answer | None, trouble: str | None) -> Outcome:
    status = answer.status if answer else None
    meaning = pace.meaning(status)
    wish = pace.wish(status, answer.headers.get("retry-after") if answer else None, at)
    state, again = DeliveryState.DELIVERED, None
    if meaning is not Meaning.ARRIVED:
        again = None if meaning is Meaning.GONE else pace.next_attempt(due.attempts + 1, at, wish)
        state = DeliveryState.PENDING if again else DeliveryState.FAILED
    row = Attempted(
        id=new_id(),
        delivery_id=due.id,
        status=status,
        error=trouble,
        response=_snippet(answer.body) if answer else None,
        duration_ms=round(1000 * seconds),
        sent_at=at,
        state=state,
        due_at=again,
        ended_at=None if again else at,
    )
    return Outcome(row, meaning, wish)


def _snippet(body: bytes) -> str:
    """How an answer begins; PostgreSQL keeps no NUL."""
    return body[: 4 * _SNIPPET].decode(errors="replace")[:_SNIPPET].replace("\0", "\N{REPLACEMENT CHARACTER}")
