"""What follows from being in a group: the role that it is mapped to, and access (REQUIREMENTS §1.8, R050)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from db.ids import DirectoryId, OrganizationId
from db.member_rows import MemberView
from db.pages import Page, PageOf, Span, by_span
from db.provisioning_rows import GroupCounts, GroupView
from db.queries import access_groups
from db.queries import group_views as views
from db.queries import roles as rows
from db.queries.group_views import GroupFilter as GroupFilter
from db.rule_rows import GroupRules

from . import governance, rulebook, setting_up
from .actor import Actor, Right
from .errors import NotFound
from .governance import Entry, Prepared, Written
from .history import differences
from .roles import Role
from .rulebook import Rulebook

_NAMED_GROUPS = 3


COUNTED_AT_MOST = 1_000
"""In larger groups nobody counts who has the role of the group."""


@dataclass(frozen=True, slots=True)
class MapGroups:
    """Each of these groups is to be mapped to the role with that key, or to none (R111).

    Raises NotFound, BadSetting and LastAdmin.
    """

    right: ClassVar[Right] = Right.ORGANIZATION_MANAGE

    roles: Mapping[uuid.UUID, str | None]

    async def prepare(self, actor: Actor, at: datetime) -> Prepared:
        """Map the groups."""
        await rows.lock_organization(actor.organization)
        found = await _locked(actor.organization, list(self.roles))
        book = await rulebook.load(actor.organization)
        wanted = {id: book.named(key) if key else None for id, key in self.roles.items()}
        changed = [group for group in found if book.role(group.role_id) != wanted[group.id]]
        ids = [group.id for group in changed]
        await rows.map_groups(actor.organization, {id: role.id if (role := wanted[id]) else None for id in ids})
        return await governance.follow(
            actor,
            Written(
                headline=_headline(found, wanted),
                members=await rows.members_of_groups(actor.organization, ids),
                entries=lambda _: list(_entries(changed, wanted, book)),
                earlier=book,
                is_alone=True,
            ),
            at,
        )


@dataclass(frozen=True, slots=True)
class MarkGroup:
    """A group is to give access or not, and removals of its members never to be held or not (R050).

    None leaves a mark as it is. Raises NotFound and LastAdmin.
    """

    right: ClassVar[Right] = Right.ORGANIZATION_MANAGE

    group: uuid.UUID
    gives_access: bool | None = None
    is_urgent: bool | None = None

    async def prepare(self, actor: Actor, at: datetime) -> Prepared:
        """Mark the group."""
        await rows.lock_organization(actor.organization)
        [found] = await _locked(actor.organization, [self.group])
        marked = replace(
            found,
            gives_access=found.gives_access if self.gives_access is None else self.gives_access,
            is_urgent=found.is_urgent if self.is_urgent is None else self.is_urgent,
        )
        await access_groups.mark(
            actor.organization, marked.id, gives_access=marked.gives_access, is_urgent=marked.is_urgent
        )
        concerned: Sequence[uuid.UUID] = ()
        if marked.gives_access != found.gives_access:
            concerned = await access_groups.concerned(actor.organization, found.directory_id, found.id)
        before, after = differences(_marks(found), _marks(marked))
        entry = Entry("group_marked", "directory_group", [found.id], before, after)
        return await governance.follow(
            actor,
            Written(
                headline=f"Marking *{found.display_name}*",
                members=concerned,
                entries=lambda _: [entry] if after else [],
                earlier=await rulebook.load(actor.organization),
                is_alone=True,
            ),
            at,
        )


async def overview(actor: Actor) -> list[dict[str, object]]:
    """All groups of all directories, with the role that each is mapped to and what else follows from it."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.groups(actor.organization)


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, GroupView]:
    """Groups by id."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await views.groups(actor.organization, ids)}


async def page(actor: Actor, wanted: GroupFilter, span: Span) -> Page[GroupView]:
    """Groups by name."""
    await setting_up.must_see(actor, DirectoryId(wanted.directory) if wanted.directory else None)
    return await views.group_page(actor.organization, wanted, span)


async def count(actor: Actor, wanted: GroupFilter) -> int:
    """How many such groups there are."""
    await setting_up.must_see(actor, DirectoryId(wanted.directory) if wanted.directory else None)
    return await views.group_count(actor.organization, wanted)


async def counts(actor: Actor, groups: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, GroupCounts]:
    """How many people are in groups, and how many were named who have not arrived."""
    actor.must(Right.ORGANIZATION_READ, Right.SET_UP)
    return await views.counts(actor.organization, groups)


async def effects(actor: Actor, groups: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """How many people in groups have the role that their group is mapped to, by this group or by something else.

    Groups without a role are left out, and those of more than `COUNTED_AT_MOST` users: counting takes too long there.
    """
    actor.must(Right.ORGANIZATION_READ)
    return await views.effects(actor.organization, groups, most=COUNTED_AT_MOST)


async def people(actor: Actor, asked: Sequence[PageOf]) -> Mapping[PageOf, Page[MemberView]]:
    """Pages of those who are in groups directly: a statement for all groups that are asked for the same page."""
    actor.must(Right.ORGANIZATION_READ)
    found = dict[PageOf, Page[MemberView]]()
    for span, groups in by_span(asked).items():
        pages = await views.members_of(actor.organization, groups, span)
        found |= {(group, span): page for group, page in pages.items()}
    return found


async def map_group(actor: Actor, group: uuid.UUID, key: str | None) -> int:
    """Map one group to a role, or to none; how many members get another role."""
    return await governance.apply(actor, MapGroups({group: key}))


async def mark_group(
    actor: Actor, group: uuid.UUID, *, gives_access: bool | None = None, is_urgent: bool | None = None
) -> int:
    """Mark a group; how many members are suspended or active again."""
    return await governance.apply(actor, MarkGroup(group, gives_access, is_urgent))


async def _locked(organization: OrganizationId, groups: Sequence[uuid.UUID]) -> list[GroupRules]:
    found = await rows.lock_groups(organization, groups)
    missing = set(groups) - {group.id for group in found}
    if missing:
        raise NotFound(f"There is no group with the id {min(missing)} in this organization.")
    return found


def _headline(found: Sequence[GroupRules], wanted: Mapping[uuid.UUID, Role | None]) -> str:
    if len(found) > _NAMED_GROUPS:
        return f"Mapping *{len(found)} groups*"
    named = (f"{group.display_name} → {role.name if (role := wanted[group.id]) else 'no role'}" for group in found)
    return f"Mapping *{', '.join(named)}*"


def _entries(changed: Sequence[GroupRules], wanted: Mapping[uuid.UUID, Role | None], book: Rulebook) -> Iterator[Entry]:
    alike: defaultdict[tuple[Role | None, Role | None], list[uuid.UUID]] = defaultdict(list)
    for group in changed:
        alike[book.role(group.role_id), wanted[group.id]].append(group.id)
    for (before, after), groups in alike.items():
        yield Entry("group_mapped", "directory_group", groups, _told(before), _told(after))


def _told(role: Role | None) -> dict[str, object]:
    return {"role": role.key if role else None}


def _marks(group: GroupRules) -> dict[str, object]:
    return {"gives_access": group.gives_access, "is_urgent": group.is_urgent}
