"""How the directories of an organization are: alive, silent, failing, or calling where nothing is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from db.queries import calls as rows

from . import clock, health
from .actor import Actor, Right
from .health import Condition

_HINTS_OF = timedelta(days=1)


async def many(actor: Actor, keys: Sequence[tuple[UUID, str]]) -> Mapping[tuple[UUID, str], Condition]:
    """The conditions of directories, each with the URL that its hints name."""
    actor.must(Right.ORGANIZATION_READ, Right.SET_UP)
    found = {url: await conditions(actor, scim_url=url) for url in {url for _, url in keys}}
    return {(id, url): found[url][id] for id, url in keys if id in found[url]}


async def conditions(actor: Actor, *, scim_url: str = health.SCIM_PATH) -> Mapping[UUID, Condition]:
    """The condition of each directory that is not deleted, by its id; hints name the URL as it is given here."""
    actor.must(Right.ORGANIZATION_READ, Right.SET_UP)
    at = clock.now()
    misdirected = await rows.misdirected(actor.organization, at - _HINTS_OF)
    return {
        calls.directory_id: health.judge(
            calls, [each for each in misdirected if each.directory_id == calls.directory_id], at, scim_url
        )
        for calls in await rows.of_directories(actor.organization)
    }
