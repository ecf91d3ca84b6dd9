"""Looking up what events say about the things that changes are about: as they are now, a statement for each kind."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from db.ids import OrganizationId
from db.queries import directory_views, group_views, lookups, roles, users

from . import payloads
from .facts import Facts, Profile, Told
from .particulars import NAMED

Profiles: TypeAlias = Callable[[OrganizationId, Sequence[uuid.UUID]], Awaitable[Mapping[uuid.UUID, Profile]]]
"""Finds what directories last said of members. SCIM can read that, and stands above webhooks."""

_ABOUT_MEMBERS = (payloads.MemberEvent, payloads.ProfileChanged)


async def facts(organization: OrganizationId, events: Sequence[tuple[Told, str]], profiles: Profiles) -> Facts:
    """What there is to know for some events. For use inside a transaction."""
    members = list({told.member for told, type in events if issubclass(payloads.OF[type], _ABOUT_MEMBERS)} - {None})
    people = [member for member in members if member is not None]
    values = list(dict.fromkeys(_values(events)))
    groups = [*_subjects(events, "directory_group"), *values]
    directories = _subjects(events, "directory")
    return Facts(
        organization,
        roles={row.id: row for row in await roles.ladder(organization)},
        members={row.id: row for row in await lookups.members(organization, people)} if people else {},
        profiles=await profiles(organization, people) if people else {},
        groups={row.id: row for row in await group_views.groups(organization, groups)} if groups else {},
        directories={row.id: row for row in await directory_views.directories(organization, directories)}
        if directories
        else {},
        members_of_users=await users.members_of(organization, values) if values else {},
    )


def _subjects(events: Sequence[tuple[Told, str]], subject_type: str) -> list[uuid.UUID]:
    return list({told.row.subject_id for told, _ in events if told.row.subject_type == subject_type})


def _values(events: Sequence[tuple[Told, str]]) -> Iterator[uuid.UUID]:
    """Who joined or left groups, as far as they are named."""
    for told, type in events:
        if payloads.OF[type] is payloads.GroupMembers:
            yield from told.values[:NAMED]
