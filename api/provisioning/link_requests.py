"""May a directory have somebody who is a member already? Asked where linking is not automatic (REQUIREMENTS C11)."""

from __future__ import annotations

import uuid

from db.enums import LinkState
from db.ids import RequestId
from db.queries import link_requests as rows
from db.transaction import transaction

from . import clock
from .actor import Actor, Right
from .errors import BadSetting, NeedsDecision, NotFound
from .history import remember


async def ask(actor: Actor, question: NeedsDecision, request: RequestId) -> None:
    """Remember the question that a refused request of a directory raised."""

    async def work() -> None:
        await rows.ask(
            actor.organization,
            actor.directory,
            question.member,
            user_name=question.user_name,
            email=question.email,
            request=request,
            at=clock.now(),
        )

    await transaction(work)


async def page(actor: Actor, *, limit: int = 100) -> list[dict[str, object]]:
    """The questions, open ones first."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.page(actor.organization, limit=limit)


async def decide(actor: Actor, question: uuid.UUID, state: LinkState, *, by: str | None = None) -> None:
    """Decide a question; the directory's next attempt follows it. `by` is who decides; the actor, if nobody else.

    Raises BadSetting for what decides nothing, and NotFound.
    """
    actor.must(Right.MEMBERS_MANAGE)
    if state is LinkState.OPEN:
        raise BadSetting(f"Decide for {LinkState.LINK} or for {LinkState.KEEP_APART}; OPEN decides nothing.")
    who = by or actor.who

    async def work() -> None:
        at = clock.now()
        before = await rows.decide(actor.organization, question, state, who, at)
        if before is None:
            raise NotFound(f"There is no question with the id {question} in this organization.")
        told = {"state": state, "by": who}
        await remember(actor, at, "link_decided", "link_request", question, before={"state": before}, after=told)

    await transaction(work)
