"""Token requests that were refused, among the requests of the directory whose client it was."""

from __future__ import annotations

import logging
from datetime import datetime

from api.provisioning import request_log
from api.provisioning.decisions import Decided, Decision, to_json
from api.provisioning.health import TOKEN_PATH
from db.errors import REFUSED, UNAVAILABLE
from db.ids import RequestId
from db.oauth_rows import ClientRow
from db.rows import RequestRow

from .problems import OauthProblem

_logger = logging.getLogger("rollcall.oauth")


async def refused(
    client: ClientRow, trace: RequestId, at: datetime, problem: OauthProblem, agent: str | None, microseconds: int
) -> None:
    """Record a refusal, without what was sent, which is secret. One that cannot be recorded now is recorded later."""
    text = str(problem)
    row = RequestRow(
        organization_id=client.organization_id,
        id=trace,
        directory_id=client.directory_id,
        bulk_request_id=None,
        key_id=None,
        key_last_four=None,
        oauth_client_id=client.id,
        user_agent=_storable(agent),
        method="POST",
        path=TOKEN_PATH,
        query=None,
        request_body=None,
        response_body=None,
        status=problem.status,
        scim_type=None,
        detail=_storable(text),
        resource_type=None,
        resource_id=None,
        subject_key=None,
        results=None,
        decisions=to_json((Decision(Decided.REFUSED, _storable(text) or ""),)),
        duration_us=microseconds,
        received_at=at,
    )
    try:
        await request_log.put_now(row)
    except (*UNAVAILABLE, *REFUSED) as error:
        _logger.warning("A refusal is recorded later: %s (trace %s)", type(error).__name__, trace)
        request_log.put(row)


def _storable(text: str | None) -> str | None:
    """Text as PostgreSQL takes it."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")[:500] if text else None
