"""Sign-ins of which a host application tells that does its own single sign-on (REQUIREMENTS R004, R013).

Each call has an id of the caller's: whatever comes again with the same id is answered as it was, and done once. What
is refused is kept for those who ask why somebody is not here, and may come again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from db.enums import ReportOutcome
from db.ids import RequestId
from db.pages import Page, Span
from db.queries import sign_in_reports as rows
from db.sign_in_rows import ReportRow, ReportView
from db.transaction import transaction

from . import addresses, sign_ins
from .actor import Actor, Right
from .errors import BadSetting, IdempotencyMismatch
from .outcome import MemberOutcome
from .sign_ins import SignIn

_LONGEST_EMAIL = 320


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it came: its trace id here, its id of the caller's, the SHA-256 of its body, about whom, and when."""

    request: RequestId
    id: str
    digest: bytes
    email: str | None
    at: datetime

    def row(self, token: uuid.UUID, outcome: ReportOutcome) -> ReportRow:
        """What is kept of it."""
        email = self.email[:_LONGEST_EMAIL] if self.email else None
        key = addresses.folded(email) if email else None
        return ReportRow(self.request, token, self.id, self.digest, email, key, outcome, self.at)


async def report(actor: Actor, call: Call, seen: SignIn, told: Callable[[MemberOutcome], str]) -> str:
    """What is answered to a call that tells of a successful sign-in: by `told`, or as the call was answered before.

    Raises what `sign_ins.sign_in` does, and IdempotencyMismatch when the id was used for something else.
    """
    row = call.row(_token(actor), ReportOutcome.APPLIED)

    async def work() -> str:
        known = await _known(actor, row)
        if known is not None:
            return known
        outcome = await sign_ins.arrive(actor, seen)
        answer = told(outcome)
        await rows.conclude(actor.organization, row.id, outcome.member, answer)
        return answer

    return await sign_ins.carrying_out(actor, seen, work)


async def ignore(actor: Actor, call: Call, answer: str) -> str:
    """The answer to a call that tells of a sign-in that failed, which changes nothing; as it was answered before.

    Raises IdempotencyMismatch.
    """
    actor.must(Right.SIGN_IN)
    row = call.row(_token(actor), ReportOutcome.IGNORED)

    async def work() -> str:
        known = await _known(actor, row)
        if known is None:
            await rows.conclude(actor.organization, row.id, None, answer)
        return known or answer

    return await transaction(work)


async def refuse(actor: Actor, call: Call, code: str, detail: str) -> None:
    """Keep a call that was refused, for those who ask why somebody is not here."""
    actor.must(Right.SIGN_IN)
    await rows.refuse(actor.organization, call.row(_token(actor), ReportOutcome.REFUSED), code, detail)


async def page(actor: Actor, outcome: ReportOutcome | None, email: str | None, span: Span) -> Page[ReportView]:
    """Calls, newest first; of an outcome, and about an address, if given."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.page(actor.organization, outcome, addresses.folded(email) if email else None, span)


async def _known(actor: Actor, row: ReportRow) -> str | None:
    """None once the call is written as this one; otherwise what was answered to it."""
    if await rows.claim(actor.organization, row):
        return None
    known = await rows.find(actor.organization, row.token_id, row.call_id)
    if known is None or known.digest != row.digest:
        raise IdempotencyMismatch(
            f"The id {row.call_id} was used for a call with another body. Use a new id for each sign-in."
        )
    if known.answer is None:
        raise IdempotencyMismatch(f"The call {row.call_id} was answered, and the answer is not kept any more.")
    return known.answer


def _token(actor: Actor) -> uuid.UUID:
    if actor.id is None:
        raise BadSetting("Sign-ins are told of by programs with an API token.")
    return actor.id
