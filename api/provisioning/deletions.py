"""Deleting a directory with a choice for its people, restoring it for thirty days, and its end (R144, R146, R147, C14).

A deleted directory counts for nothing: its keys and OAuth clients are revoked, its users let nobody in, its groups give
no role. Who can use the organization by another directory as well follows from that one. For the others somebody has to
choose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import ClassVar
from uuid import UUID

from db.ids import DirectoryId, OrganizationId
from db.queries import deletions as rows
from db.queries import directories as directory_rows
from db.queries import oauth_clients
from db.transaction import rehearsal, transaction

from . import (
    aftermath,
    clock,
    deletion_choices,
    governance,
    keys,
    moves,
    plans,
    role_changes,
    rulebook,
    standings,
)
from .actor import Actor, Right, system
from .aftermath import Act
from .deletion_choices import MEANINGS, Choice
from .directories import Connected, read_settings
from .errors import BadSetting, LastAdmin, NeedsConfirmation, NotFound
from .governance import Entry, Prepared, Written
from .history import remember
from .lifecycle import Cause
from .moves import Move
from .occasion import Occasion
from .plan_catalogue import Feature

RESTORABLE = timedelta(days=30)
_PURGED_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Deleted:
    """What a deletion did: how many got each status, and how many another role."""

    name: str
    choice: Choice
    statuses: Mapping[str, int]
    roles_changed: int
    restorable_until: datetime


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a choice would do: how many would get each status, or what is in its way."""

    choice: Choice
    meaning: str
    statuses: Mapping[str, int]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What the deletion of a directory would do, for each choice.

    `people` are those whom only this directory has, `others` whom other directories have too.
    """

    name: str
    people: int
    others: int
    roles_changed: int
    choices: tuple[Foreseen, ...]


@dataclass(frozen=True, slots=True)
class _Disconnection:
    """A directory that counts for nothing any more, and the members whom that concerns."""

    name: str
    people: list[UUID]
    others: list[UUID]


async def preview(actor: Actor, directory: DirectoryId) -> Preview:
    """What deleting the directory would do, for each choice; nothing is changed. Raises NotFound."""
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> Preview:
        occasion = await _occasion(actor)
        gone = await _disconnect(occasion, directory)
        everybody = [*gone.people, *gone.others]
        roles = await role_changes.decided(actor.organization, everybody, occasion.book, occasion.at)
        losing = moves.losing(roles)
        choices = [await _foreseen(occasion, gone, choice, losing) for choice in Choice]
        changed = _changing_roles(roles)
        return Preview(gone.name, len(gone.people), len(gone.others), changed, tuple(choices))

    return await rehearsal(work)


@dataclass(frozen=True, slots=True)
class DeleteDirectory:
    """A directory is to be deleted, and this is to become of the people whom only it has.

    Raises NotFound, and LastAdmin when nobody would be an admin any more.
    """

    right: ClassVar[Right] = Right.ORGANIZATION_MANAGE

    directory: DirectoryId
    choice: Choice

    async def prepare(self, actor: Actor, at: datetime) -> Prepared:
        """Disconnect the directory, and move its people."""
        occasion = await _occasion(actor)
        gone = await _disconnect(occasion, self.directory)
        before, after = {"name": gone.name}, {"choice": self.choice, "people": len(gone.people)}
        entry = Entry("directory_deleted", "directory", [self.directory], before, after)
        written = Written(
            f"Deleting *{gone.name}, {self.choice}*", [*gone.people, *gone.others], lambda _: [entry], occasion.book
        )
        acts = _acts(gone, self.choice, occasion)
        return await governance.watch(occasion, written, lambda: aftermath.settle(occasion, acts))


async def delete(
    actor: Actor,
    directory: DirectoryId,
    choice: Choice | None,
    *,
    token: str | None = None,
    confirmed_name: str | None = None,
) -> Deleted:
    """Delete a directory; it can be restored for thirty days. There is no choice by default (C14).

    Raises NotFound, BadSetting without a choice, NeedsConfirmation when its name was repeated wrongly, LastAdmin when
    nobody would be an admin any more, and what `governance.apply` raises for the token of a preview.
    """
    actor.must(Right.ORGANIZATION_MANAGE)
    if choice is None:
        choices = "; ".join(f"{name}: {meaning}" for name, meaning in MEANINGS.items())
        raise BadSetting(f"Choose what becomes of the people whom only this directory has. {choices}.")
    found = await directory_rows.find(actor.organization, directory)
    if found is None:
        raise _no_directory(directory)
    name = str(found["name"])
    if confirmed_name not in (None, name):
        raise NeedsConfirmation(f"This deletes the directory {name}. Repeat its name to go on.")
    done = await governance.carried_out(actor, DeleteDirectory(directory, choice), token=token)
    statuses: Counter[str] = Counter()
    for move in done:
        if move.before.status != move.after.status:
            statuses[move.after.status] += len(move.members)
    return Deleted(name, choice, dict(statuses), _changing_roles(done), clock.now() + RESTORABLE)


async def restore(actor: Actor, directory: DirectoryId) -> Connected:
    """A deleted directory as it was, with a new key, which is shown here and never again.

    It manages its people again: whom the deletion made local or locked out, and those whom it removed, stand as the
    directory says; who was locked out by somebody stays so. Raises NotFound also after thirty days, PlanRequired where
    the plan has no directories any more, and LastAdmin.
    """
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> Connected:
        await plans.require(actor.organization, Feature.SCIM)
        book, at = await rulebook.load(actor.organization, hold=True), clock.now()
        found = await rows.lock_deleted(actor.organization, directory)
        deleted_at = found["deleted_at"] if found else None
        if found is None or not isinstance(deleted_at, datetime) or deleted_at <= at - RESTORABLE:
            raise NotFound(f"There is no deleted directory with the id {directory} that could be restored.")
        await rows.mark(actor.organization, directory, None)
        inactive_too = read_settings(str(found["settings"])).lets_in(active=False)
        await directory_rows.let_in(actor.organization, directory, inactive_too=inactive_too)
        people, others = await rows.members(actor.organization, directory)
        await rows.unlock(actor.organization, people, deleted_at)
        occasion = Occasion(actor, book, Cause.DIRECTORY, None, at)
        done = await aftermath.settle(occasion, [Act([*people, *others], deletion_choices.managed_again)])
        after = {"people": len(people) + len(others), "statuses": done.statuses}
        await remember(actor, at, "directory_restored", "directory", directory, after=after)
        return Connected(directory, await keys.add(actor.organization, directory, expires_at=None))

    return await transaction(work)


async def deleted(actor: Actor) -> list[dict[str, object]]:
    """The deleted directories, with the time until which each can be restored."""
    actor.must(Right.ORGANIZATION_READ)
    found = await rows.deleted(actor.organization)
    return [each | {"restorable_until": each["deleted_at"] + RESTORABLE} for each in found]  # type: ignore[operator]  # a time


async def purge_due(organization: OrganizationId) -> int:
    """Delete for good what was deleted thirty days ago: users, groups, keys, counts; how many directories.

    Members are kept, and requests as long as all are. In pieces, each in its own transaction: whoever is stopped goes
    on the next time, and of two at once each takes another directory.
    """
    purged, piece = 0, _Piece.SOME

    async def work() -> _Piece:
        return await _purge_piece(organization, clock.now() - RESTORABLE)

    while piece is not _Piece.NONE:
        piece = await transaction(work)
        purged += piece is _Piece.LAST
    return purged


class _Piece(Enum):
    """What of a directory was deleted for good: nothing because none is due, some of it, or the last of it."""

    NONE = auto()
    SOME = auto()
    LAST = auto()


async def _purge_piece(organization: OrganizationId, before: datetime) -> _Piece:
    directory = await rows.lock_due(organization, before)
    if directory is None:
        return _Piece.NONE
    if await rows.purge_some(organization, directory, limit=_PURGED_AT_ONCE):
        return _Piece.SOME
    await rows.purge(organization, directory)
    await remember(system(organization), clock.now(), "directory_purged", "directory", directory)
    return _Piece.LAST


async def _occasion(actor: Actor) -> Occasion:
    book = await rulebook.load(actor.organization, hold=True)
    return Occasion(actor, aftermath.patient(book), Cause.DIRECTORY, None, clock.now())


async def _disconnect(occasion: Occasion, directory: DirectoryId) -> _Disconnection:
    """Write that a directory is deleted, and name the members concerned; whoever uses it waits until then."""
    organization, at = occasion.actor.organization, occasion.at
    if not await directory_rows.lock(organization, directory):
        raise _no_directory(directory)
    found = await directory_rows.find(organization, directory)
    people, others = await rows.members(organization, directory)
    await rows.mark(organization, directory, at)
    await directory_rows.end_keys(organization, directory, at=at, is_revocation=True)
    await oauth_clients.revoke_all(organization, directory, at)
    await rows.discount(organization, directory)
    return _Disconnection(str(found and found["name"]), people, others)


def _no_directory(directory: DirectoryId) -> NotFound:
    return NotFound(f"There is no directory with the id {directory} in this organization.")


def _changing_roles(planned: Sequence[Move]) -> int:
    return sum(len(move.members) for move in planned if move.before.role != move.after.role)


async def _foreseen(occasion: Occasion, gone: _Disconnection, choice: Choice, losing: Sequence[UUID]) -> Foreseen:
    statuses: Counter[str] = Counter()
    try:
        for act in _acts(gone, choice, occasion):
            planned = await standings.plan(occasion, act.members, act.change)
            statuses.update(aftermath.statuses(planned.moved))
        if losing:
            await role_changes.keep_an_admin(occasion.actor.organization, losing, occasion.book)
    except LastAdmin as problem:
        return Foreseen(choice, MEANINGS[choice], {}, str(problem))
    return Foreseen(choice, MEANINGS[choice], dict(statuses))


def _acts(gone: _Disconnection, choice: Choice, occasion: Occasion) -> list[Act]:
    change = deletion_choices.wanted(choice, occasion.book.policies, occasion.at)
    return [Act(gone.people, change), Act(gone.others)]
