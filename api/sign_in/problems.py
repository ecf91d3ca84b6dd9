"""What a browser is told that is not signed in: what happened, and what to do."""

from __future__ import annotations

import logging
import uuid

from litestar import MediaType, Response

from api.identity.problems import SignInRefused
from api.provisioning.errors import ProvisioningError, TooOften

_logger = logging.getLogger("rollcall.sign_in")

_HEADERS = {"cache-control": "no-store", "referrer-policy": "same-origin", "x-content-type-options": "nosniff"}


def told(problem: ProvisioningError) -> Response[str]:
    """A short page of text that says what was in the way, with a trace id that the log has, and perhaps the audit."""
    trace, reason = uuid.uuid4(), str(problem)
    if isinstance(problem, SignInRefused):
        trace, reason = problem.trace or trace, problem.reason
    _logger.info("Sign-in refused (%s): %s", trace, reason, extra={"trace_id": trace})
    text = f"{problem}\n\nTrace: {trace}\n"
    if isinstance(problem, TooOften):
        waits = {"retry-after": str(round(problem.retry_after))}
        return Response(text, status_code=429, media_type=MediaType.TEXT, headers={**_HEADERS, **waits})
    return Response(text, status_code=403, media_type=MediaType.TEXT, headers=_HEADERS)
