"""The overview of an organization: by which ways people came, and what it could do better (REQUIREMENTS R163, R164)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from db.enums import MemberSource, MemberStatus
from db.overview_rows import Counted
from db.queries import overview as rows
from db.transaction import transaction

from . import clock, reconciliation, seat_pools, unused_seats
from .actor import Actor, Right
from .errors import BadSetting, NotFound
from .history import remember
from .reconciliation import Drift
from .seat_pools import PoolView

WORTH_A_DIRECTORY = 50
"""With more active members than that a directory is less work than inviting people."""

_GONE = frozenset({MemberStatus.DEPROVISIONED, MemberStatus.ERASED})


class Suggestion(StrEnum):
    """What an organization could do better."""

    SCIM = "SCIM"
    UNUSED_SEATS = "UNUSED_SEATS"


_SCIM = (
    f"More than {WORTH_A_DIRECTORY} people use this organization, and a domain is verified: connect a directory."
    " It adds and removes people by itself, and gives roles by groups."
)


@dataclass(frozen=True, slots=True)
class Hint:
    """A suggestion, and what it means for people."""

    code: Suggestion
    text: str


@dataclass(frozen=True, slots=True)
class Overview:
    """How many members there are by the way by which they came first and by status, without those who are gone."""

    came_by: Mapping[MemberSource, int]
    statuses: Mapping[MemberStatus, int]
    invitations_open: int
    directories: int
    hints: Sequence[Hint]
    drift: Sequence[Drift]

    @property
    def suggestions(self) -> list[Suggestion]:
        """What could be done better, as codes."""
        return [each.code for each in self.hints]


async def show(actor: Actor) -> Overview:
    """What there is, and what could be done better unless that was dismissed; raises NotFound."""
    actor.must(Right.ORGANIZATION_READ)
    counted = await rows.counted(actor.organization)
    if counted is None:
        raise NotFound(f"There is no organization with the id {actor.organization}.")
    pools = await seat_pools.overview(actor)
    return read(counted, pools, await reconciliation.drift(actor))


async def dismiss(actor: Actor, code: str) -> None:
    """Never show a suggestion again; raises BadSetting for what is none."""
    actor.must(Right.ORGANIZATION_MANAGE)
    if code not in list(Suggestion):
        raise BadSetting(f"There is no suggestion {code!r}. There are: {', '.join(Suggestion)}.")

    async def work() -> None:
        if await rows.dismiss(actor.organization, code):
            subject = actor.organization
            await remember(
                actor, clock.now(), "suggestion_dismissed", "organization", subject, after={"suggestion": code}
            )

    await transaction(work)


def read(counted: Counted, pools: Sequence[PoolView], drift: Sequence[Drift]) -> Overview:
    """The overview that the counts spell. Pure."""
    found = msgspec.json.decode(counted.members, type=list[tuple[MemberSource, MemberStatus, int]])
    came_by, statuses = Counter[MemberSource](), Counter[MemberStatus]()
    for source, status, number in found:
        if status not in _GONE:
            came_by[source] += number
            statuses[status] += number
    is_worth_it = statuses[MemberStatus.ACTIVE] > WORTH_A_DIRECTORY and counted.has_verified_domain
    wanted = [Hint(Suggestion.SCIM, _SCIM)] if is_worth_it and not counted.directories else []
    unused = [unused_seats.text(each.unused, each.label) for each in pools if each.unused]
    wanted += [Hint(Suggestion.UNUSED_SEATS, text) for text in unused]
    dismissed = msgspec.json.decode(counted.dismissed, type=list[str])
    return Overview(
        {source: came_by[source] for source in MemberSource},
        {status: statuses[status] for status in MemberStatus if statuses[status]},
        counted.invitations_open,
        counted.directories,
        [each for each in wanted if each.code not in dismissed],
        drift,
    )
