"""What somebody in an organization has to look at: each reason with how much of it there is, the weightiest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from db.overview_rows import Waiting
from db.queries import attention as rows
from db.queries import calls

from . import clock, health
from .actor import Actor, Right
from .health import Health

SOON = timedelta(days=14)
"""A key that ends within so long has to be replaced by now."""


class Concern(StrEnum):
    """What somebody in the organization has to look at."""

    REMOVALS_HELD = "REMOVALS_HELD"
    DIRECTORIES_FAILING = "DIRECTORIES_FAILING"
    DIRECTORIES_STALE = "DIRECTORIES_STALE"
    KEYS_ENDING = "KEYS_ENDING"
    WAITING_FOR_SEAT = "WAITING_FOR_SEAT"
    LINKS_OPEN = "LINKS_OPEN"
    DOMAINS_LAPSED = "DOMAINS_LAPSED"
    WEBHOOKS_FAILING = "WEBHOOKS_FAILING"
    REVOCATIONS_UNCONFIRMED = "REVOCATIONS_UNCONFIRMED"


_ONE_AND_MORE: Mapping[Concern, tuple[str, str]] = {
    Concern.REMOVALS_HELD: (
        "1 removal is on hold, because a directory removed many at once. Let it happen, or keep the person.",
        "{} removals are on hold, because a directory removed many at once. Let them happen, or keep the people.",
    ),
    Concern.DIRECTORIES_FAILING: (
        "1 directory is refused more often than not. Look at why.",
        "{} directories are refused more often than not. Look at why.",
    ),
    Concern.DIRECTORIES_STALE: (
        "1 directory has been silent for longer than it should be. Nobody comes or goes by it.",
        "{} directories have been silent for longer than they should be. Nobody comes or goes by them.",
    ),
    Concern.KEYS_ENDING: (
        f"The last key of 1 directory ends within {SOON.days} days, or has ended. Make another, and enter it there.",
        f"The last keys of {{}} directories end within {SOON.days} days, or have ended. Make others, and enter those.",
    ),
    Concern.WAITING_FOR_SEAT: (
        "1 person waits for a seat. Add one, or free one.",
        "{} people wait for seats. Add some, or free some.",
    ),
    Concern.LINKS_OPEN: (
        "1 person of a directory may be a member already. Decide whether they are the same.",
        "{} people of directories may be members already. Decide whether they are the same.",
    ),
    Concern.DOMAINS_LAPSED: (
        "1 domain is not proved any more. Nobody new comes in by it until its record is back.",
        "{} domains are not proved any more. Nobody new comes in by them until their records are back.",
    ),
    Concern.WEBHOOKS_FAILING: (
        "1 endpoint of the host application is told nothing, because messages do not arrive.",
        "{} endpoints of the host application are told nothing, because messages do not arrive.",
    ),
    Concern.REVOCATIONS_UNCONFIRMED: (
        "The access of 1 person ended here, and the host application has not confirmed in time that sessions ended"
        " there.",
        "The access of {} people ended here, and the host application has not confirmed in time that sessions ended"
        " there.",
    ),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A reason to look at something; `count` is how many things of that kind there are, at least one."""

    code: Concern
    count: int

    @property
    def text(self) -> str:
        """What it means and what to do, for people."""
        one, more = _ONE_AND_MORE[self.code]
        return one if self.count == 1 else more.format(f"{self.count:,}")


async def show(actor: Actor) -> list[Found]:
    """What waits in the organization, the weightiest first; nothing where all is well."""
    actor.must(Right.ORGANIZATION_READ)
    at = clock.now()
    waiting = await rows.waiting(actor.organization, at, SOON)
    states = [health.state(each, at) for each in await calls.of_directories(actor.organization)]
    return read(waiting, states)


def read(waiting: Waiting, states: Sequence[Health]) -> list[Found]:
    """What counts and the states of directories add up to. Pure."""
    counts = {
        Concern.REMOVALS_HELD: waiting.removals,
        Concern.DIRECTORIES_FAILING: states.count(Health.FAILING),
        Concern.DIRECTORIES_STALE: states.count(Health.STALE),
        Concern.KEYS_ENDING: waiting.keys_ending,
        Concern.WAITING_FOR_SEAT: waiting.members,
        Concern.LINKS_OPEN: waiting.link_requests,
        Concern.DOMAINS_LAPSED: waiting.domains_lapsed,
        Concern.WEBHOOKS_FAILING: waiting.endpoints_failing,
        Concern.REVOCATIONS_UNCONFIRMED: waiting.revocations_overdue,
    }
    return [Found(code, count) for code, count in counts.items() if count]
