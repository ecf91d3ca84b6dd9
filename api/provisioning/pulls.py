"""Directories whose people Rollcall fetches, because their provider sends them to nobody: what is chosen, and when.

What is fetched goes the way of all other requests; `api.google` does it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from api.secrets.sealing import Place
from db.enums import Provider
from db.ids import DirectoryId, OrganizationId, new_id
from db.pull_rows import PullItemRow, PullRow
from db.queries import platform
from db.queries import pulls as rows
from db.rows import KeyRow
from db.transaction import transaction

from . import addresses, clock, directories, sealed
from .actor import Actor, Right
from .directories import Settings
from .errors import BadSetting, NotFound
from .history import differences, remember

LEASE = timedelta(minutes=10)
"""A worker that says nothing for so long is taken for dead."""

OFTEN, SELDOM = 5, 1440
"""Minutes: people are fetched as often as that at most, and as seldom at least."""

DUE_AT_ONCE = 100
_MOST_PAUSE = timedelta(hours=6)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose about fetching; `credentials` is a key file that was found right.

    `user_query` is in Google's search language, such as `orgUnitPath=/Staff`.
    """

    admin_email: str
    client_email: str
    credentials: bytes
    customer: str = "my_customer"
    user_query: str = ""
    takes_groups: bool = True
    every_minutes: int = 20


async def connect(actor: Actor, name: str, settings: Settings, choice: Choice) -> DirectoryId:
    """A directory without a key, whose people are fetched from now on.

    Raises what `directories.connect` raises, and BadAddress and BadSetting for choices that make no sense.
    """
    actor.must(Right.SET_UP)
    directory, called = DirectoryId(new_id()), directories.named(name)
    wanted = _row(actor.organization, directory, _checked(choice), clock.now())

    async def work() -> DirectoryId:
        await directories.add(actor, directory, name=called, provider=Provider.GOOGLE_WORKSPACE, settings=settings)
        at = clock.now()
        await rows.add(actor.organization, wanted, at)
        after = {"name": called, "provider": Provider.GOOGLE_WORKSPACE, "settings": settings, **_shown(wanted)}
        await remember(actor, at, "directory_created", "directory", directory, after=after)
        return directory

    return await transaction(work)


async def change(actor: Actor, directory: DirectoryId, choice: Choice) -> None:
    """Choose something else; people are fetched anew at once. Raises NotFound, BadAddress and BadSetting."""
    actor.must(Right.ORGANIZATION_MANAGE)
    checked = _checked(choice)

    async def work() -> None:
        at, before = clock.now(), await _found(actor, directory, lock=True)
        after = _row(actor.organization, directory, checked, at)
        await rows.change(actor.organization, after)
        old, new = differences(_shown(before), _shown(after))
        if before.credentials != after.credentials:
            new["credentials"] = "replaced"
        await remember(actor, at, "pull_changed", "directory", directory, before=old, after=new)

    await transaction(work)


async def hurry(actor: Actor, directory: DirectoryId) -> None:
    """Fetch at once, instead of when it is time; raises NotFound."""
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> None:
        found = await _found(actor, directory, lock=True)
        await rows.change(actor.organization, replace(found, next_at=clock.now()))

    await transaction(work)


async def of_directories(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, PullRow]:
    """How the people of directories are fetched; without those that come by themselves."""
    actor.must(Right.ORGANIZATION_READ, Right.SET_UP)
    return {row.directory_id: row for row in await rows.many(actor.organization, ids)}


async def find(actor: Actor, directory: DirectoryId) -> PullRow:
    """How the people of one directory are fetched; raises NotFound."""
    actor.must(Right.ORGANIZATION_READ)
    return await _found(actor, directory)


async def choice(actor: Actor, directory: DirectoryId) -> Choice:
    """What was chosen for a directory, for whoever is to change some of it; raises NotFound."""
    actor.must(Right.ORGANIZATION_MANAGE)
    return choice_of(await _found(actor, directory))


def choice_of(row: PullRow) -> Choice:
    """What was chosen, to be changed in parts."""
    return Choice(
        row.admin_email,
        row.client_email,
        sealed.unseal(row.credentials, _place(row.organization_id, row.directory_id)),
        row.customer,
        row.user_query,
        row.takes_groups,
        row.every_minutes,
    )


async def due() -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """Organization and directory of those whose time has come."""
    return await platform.due_pulls(clock.now(), limit=DUE_AT_ONCE)


async def begin(organization: uuid.UUID, directory: uuid.UUID) -> PullRow | None:
    """Take a directory; None when somebody else is at it, or it is paused or deleted."""
    at = clock.now()
    return await rows.lease(organization, directory, at, at + LEASE)


async def go_on(row: PullRow) -> None:
    """Say that it is still being worked on."""
    await rows.keep(row.organization_id, row.directory_id, clock.now() + LEASE)


async def end(row: PullRow, problem: str | None) -> None:
    """Say that a pass is over, and what ended it, if it is not complete; each problem in a row waits twice as long."""
    at, every = clock.now(), timedelta(minutes=row.every_minutes)
    pause = every if problem is None else min(_MOST_PAUSE, every * 2 ** min(row.failures, 8))
    await rows.done(row.organization_id, row.directory_id, at, at + pause, problem)


async def sender(organization: uuid.UUID, directory: uuid.UUID) -> KeyRow:
    """As whom requests come that nobody sent, but Rollcall fetched; raises NotFound for a deleted directory."""
    found = await platform.without_key(organization, directory)
    if found is None:
        raise NotFound("The directory has been deleted.")
    return found


async def taken_over(row: PullRow, kind: str) -> Mapping[str, PullItemRow]:
    """What is here already, by the provider's id."""
    return {each.external_id: each for each in await rows.items(row.organization_id, row.directory_id, kind)}


async def note(row: PullRow, kind: str, some: Sequence[PullItemRow], gone: Sequence[str] = ()) -> None:
    """Note what was taken over, and what is gone."""
    if some:
        await rows.remember(row.organization_id, row.directory_id, kind, some)
    if gone:
        await rows.forget(row.organization_id, row.directory_id, kind, gone)


async def _found(actor: Actor, directory: DirectoryId, *, lock: bool = False) -> PullRow:
    found = await rows.find(actor.organization, directory, lock=lock)
    if found is None:
        raise NotFound(
            f"The people of the directory {directory} are not fetched: it is none, or they come by themselves."
        )
    return found


def _checked(choice: Choice) -> Choice:
    if not OFTEN <= choice.every_minutes <= SELDOM:
        raise BadSetting(f"People are fetched every {OFTEN} to {SELDOM} minutes, not every {choice.every_minutes}.")
    for name, text in (("customer id", choice.customer), ("search for users", choice.user_query)):
        if len(text) > _LONGEST or not text.isprintable():
            raise BadSetting(f"The {name} is one line of at most {_LONGEST} characters.")
    customer = choice.customer.strip()
    if not customer:
        raise BadSetting("The customer id is `my_customer`, or what Google's Admin console shows, such as C01234567.")
    return replace(choice, admin_email=addresses.read(choice.admin_email).email, customer=customer)


def _row(organization: OrganizationId, directory: DirectoryId, choice: Choice, at: datetime) -> PullRow:
    return PullRow(
        organization,
        directory,
        choice.customer,
        choice.admin_email,
        choice.client_email,
        choice.user_query.strip(),
        choice.takes_groups,
        choice.every_minutes,
        sealed.seal(choice.credentials, _place(organization, directory)),
        run=0,
        started_at=None,
        finished_at=None,
        next_at=at,
        leased_until=None,
        failures=0,
        problem=None,
    )


def _place(organization: uuid.UUID, directory: uuid.UUID) -> Place:
    return Place(organization, "pull", directory, "credentials")


def _shown(row: PullRow) -> dict[str, object]:
    """What of it belongs into the history."""
    names = ("customer", "admin_email", "client_email", "user_query", "takes_groups", "every_minutes")
    return {name: getattr(row, name) for name in names}
