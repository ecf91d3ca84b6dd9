"""The end of every act: what it wrote, the roles that follow, its history and its request, in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from db.queries import log
from db.rows import ChangeRow, RequestRow
from db.together import Part, together

from . import role_changes
from .actor import Actor
from .history import Historian
from .outcome import GroupOutcome, UserOutcome
from .role_changes import Move

OutcomeT = TypeVar("OutcomeT", UserOutcome, GroupOutcome)


async def conclude(
    outcome: OutcomeT, parts: Sequence[Part], changes: Sequence[ChangeRow], record: Callable[[OutcomeT], RequestRow]
) -> OutcomeT:
    """Write an act that no role depends on, in one statement."""
    await together([*parts, *log.change_parts(changes), log.request_part(record(outcome))])
    return outcome


async def conclude_with_roles(
    actor: Actor,
    outcome: OutcomeT,
    parts: Sequence[Part],
    changes: Sequence[ChangeRow],
    record: Callable[[OutcomeT], RequestRow],
    *,
    members: Sequence[uuid.UUID],
    past: Historian,
    at: datetime,
) -> OutcomeT:
    """Write an act, then the roles that its members have by what is written now; raises LastAdmin.

    The request is written last, because what happened to roles belongs to its decisions.
    """
    await together(parts)
    moves: Sequence[Move] = await role_changes.move_all(actor, members, past, at)
    told = (*outcome.decisions, *role_changes.told(moves))
    return await conclude(replace(outcome, decisions=told), (), changes, record)
