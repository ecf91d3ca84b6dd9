"""The roles of an organization (REQUIREMENTS §1.8)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

import msgspec

from db.errors import NotUnique
from db.ids import new_id
from db.provisioning_rows import RoleDetails
from db.queries import roles as rows
from db.rule_rows import RoleRow
from db.together import together
from db.transaction import transaction

from . import clock, governance, rulebook
from .actor import Actor, Right
from .errors import AlreadyTaken, BadSetting, InTheWay
from .governance import Entry, Prepared, Written
from .history import remember
from .roles import Role
from .rulebook import Rulebook

_PRESET = ("Knowledge Base Viewer", "Viewer", "Account Manager", "Admin")
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SAFE_DEFAULT = "viewer"


def preset() -> list[RoleRow]:
    """The four roles that a new organization starts with, Viewer as the default."""
    return [
        RoleRow(new_id(), key_of(name), name, rank, name == "Admin", name == "Viewer")
        for rank, name in enumerate(_PRESET, start=1)
    ]


def key_of(name: str) -> str:
    """The key that a role of this name gets."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))


@dataclass(frozen=True, slots=True)
class SetOrder:
    """The roles are to be in this order, lowest first. Raises BadSetting and LastAdmin."""

    right: ClassVar[Right] = Right.ORGANIZATION_MANAGE

    keys: tuple[str, ...]

    async def prepare(self, actor: Actor, at: datetime) -> Prepared:
        """Rank the roles anew."""
        await rows.lock_organization(actor.organization)
        book = await rulebook.load(actor.organization)
        if sorted(self.keys) != sorted(role.key for role in book.ladder):
            raise BadSetting(f"The order names each role once: {', '.join(role.key for role in book.ladder)}.")
        wanted = [book.named(key) for key in self.keys]
        await rows.rerank(actor.organization, [role.id for role in wanted])
        before = {"roles": [role.key for role in book.ladder]}
        ordered = Entry("roles_ordered", "organization", [actor.organization], before, {"roles": self.keys})
        headline = f"The order *{' < '.join(role.name for role in wanted)}*"
        return await _for_everybody(actor, headline, ordered, book, at)


@dataclass(frozen=True, slots=True)
class SetDefault:
    """People in no mapped group are to have this role; one above Viewer needs a second word (R112, R113).

    Raises BadSetting and LastAdmin.
    """

    right: ClassVar[Right] = Right.ORGANIZATION_MANAGE

    key: str

    async def prepare(self, actor: Actor, at: datetime) -> Prepared:
        """Make it the default."""
        await rows.lock_organization(actor.organization)
        book = await rulebook.load(actor.organization)
        role = book.named(self.key)
        await rows.set_default(actor.organization, role.id)
        before = {"key": book.default.key if book.default else None}
        chosen = Entry("default_role_changed", "role", [role.id], before, {"key": self.key})
        prepared = await _for_everybody(actor, f"The default role *{role.name}*", chosen, book, at)
        safe = next((each for each in book.ladder if each.key == _SAFE_DEFAULT), None)
        if safe is None or role.rank <= safe.rank:
            return prepared
        return replace(prepared, warnings=(f"New people get {role.name} without any group. {safe.name} is safer.",))


@dataclass(frozen=True, slots=True)
class ArchiveRole:
    """A role is to go, and its groups, overrides and people to get the replacement (R124).

    Raises BadSetting, InTheWay for the default role and the last role of admins, and LastAdmin.
    """

    right: ClassVar[Right] = Right.ORGANIZATION_MANAGE

    key: str
    replacement: str

    async def prepare(self, actor: Actor, at: datetime) -> Prepared:
        """Archive the role."""
        await rows.lock_organization(actor.organization)
        book = await rulebook.load(actor.organization)
        role, other = book.named(self.key), book.named(self.replacement)
        _may_be_archived(role, other, book)
        concerned = await rows.members_with(actor.organization, role.id)
        await rows.archive(actor.organization, role.id, other.id, at)
        after = {"key": self.key, "replacement": self.replacement}
        return await governance.follow(
            actor,
            Written(
                headline=f"Archiving *{role.name} → {other.name}*",
                members=concerned,
                entries=lambda people: [Entry("role_archived", "role", [role.id], after={**after, "members": people})],
                earlier=book,
                is_alone=True,
            ),
            at,
        )


async def overview(actor: Actor) -> list[dict[str, object]]:
    """The roles from the highest down, with permissions and how many members and groups have them."""
    actor.must(Right.ORGANIZATION_READ)
    found = await rows.overview(actor.organization)
    return [{**role, "permissions": msgspec.json.decode(str(role["permissions"]))} for role in found]


async def all_of_them(actor: Actor) -> Sequence[Role]:
    """The roles that are not archived, from the lowest up."""
    actor.must(Right.ORGANIZATION_READ, Right.SET_UP)
    return (await rulebook.load(actor.organization)).ladder


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Role]:
    """Roles by id; archived ones are left out."""
    return {role.id: role for role in await all_of_them(actor) if role.id in ids}


async def details(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, RoleDetails]:
    """What roles permit, and how many members have each."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.details(actor.organization, ids)


async def add(actor: Actor, name: str, *, above: str | None = None) -> str:
    """A new role without permissions, above the named one or else lowest; its key.

    Raises BadSetting for a name without a letter, AlreadyTaken when there is or was a role with that key.
    """
    actor.must(Right.ORGANIZATION_MANAGE)
    key = key_of(name)
    if not _KEY.fullmatch(key):
        raise BadSetting("A role needs a name with a letter or digit of ASCII in it.")

    async def work() -> None:
        at = clock.now()
        await rows.lock_organization(actor.organization)
        book = await rulebook.load(actor.organization)
        place = book.ladder.index(book.named(above)) + 1 if above else 0
        made = RoleRow(new_id(), key, name.strip(), 0, is_admin=False, is_default=False)
        await together(rows.add_parts(actor.organization, [made], at))
        ids = [role.id for role in book.ladder]
        await rows.rerank(actor.organization, [*ids[:place], made.id, *ids[place:]])
        await remember(actor, at, "role_added", "role", made.id, after={"key": key, "rank": place + 1})

    try:
        await transaction(work)
    except NotUnique as error:
        raise AlreadyTaken("key", f"There is, or was, a role {key!r}. Choose another name.") from error
    return key


async def set_permissions(actor: Actor, key: str, permissions: Sequence[str]) -> None:
    """Replace what a role permits; Rollcall keeps it for the application that asks. Raises BadSetting."""
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> None:
        role = (await rulebook.load(actor.organization)).named(key)
        kept = sorted({each.strip() for each in permissions if each.strip()})
        await rows.set_permissions(actor.organization, role.id, msgspec.json.encode(kept).decode())
        await remember(actor, clock.now(), "permissions_changed", "role", role.id, after={"permissions": kept})

    await transaction(work)


async def _for_everybody(actor: Actor, headline: str, entry: Entry, book: Rulebook, at: datetime) -> Prepared:
    everybody = await rows.everybody(actor.organization)
    return await governance.follow(actor, Written(headline, everybody, lambda _: [entry], book, is_alone=True), at)


def _may_be_archived(role: Role, replacement: Role, book: Rulebook) -> None:
    if role == replacement:
        raise BadSetting("A role cannot replace itself.")
    if role == book.default:
        raise InTheWay(f"{role.name} is the default role. Choose another default first.")
    if role.is_admin and not any(each.is_admin for each in book.ladder if each != role):
        raise InTheWay(f"{role.name} is the only role of admins.")
