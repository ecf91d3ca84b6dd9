"""Members with all that belongs to them, as lists of people want it: many at once, filtered and sorted."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from db.audit_rows import AuditRow
from db.member_rows import DirectoryUserView, MemberCount, MemberFilter, MembershipView, MemberView, OverrideView
from db.pages import Page, PageOf, Span, by_span
from db.queries import directory_views
from db.queries import member_views as rows

from . import clock, explanation, local_edits, profiles, rulebook
from .actor import Actor, Right
from .errors import BadSetting, NotFound
from .explanation import RoleOutcome
from .profiles import FieldWrite
from .roles import Grant, Override, RoleFacts


async def page(
    actor: Actor, wanted: MemberFilter, order: str, span: Span, *, is_descending: bool = False
) -> Page[MemberView]:
    """Members of a filter, sorted."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.page(actor.organization, wanted, order, span, is_descending=is_descending)


async def count(actor: Actor, wanted: MemberFilter) -> int:
    """How many members a filter has."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.count(actor.organization, wanted)


async def counts(actor: Actor, _: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[MemberCount]]:
    """How many members of the organization have which status and role."""
    actor.must(Right.ORGANIZATION_READ)
    return {actor.organization: await rows.counts(actor.organization)}


async def directory_users_of(actor: Actor, members: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[DirectoryUserView]]:
    """What directories say of members."""
    actor.must(Right.ORGANIZATION_READ)
    found = defaultdict[uuid.UUID, list[DirectoryUserView]](list)
    for row in await directory_views.users_of(actor.organization, members):
        found[row.member_id].append(row)
    return found


async def overrides(actor: Actor, members: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, OverrideView]:
    """The roles that somebody chose for members."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.member_id: row for row in await rows.overrides_of(actor.organization, members)}


async def groups(actor: Actor, asked: Sequence[PageOf]) -> Mapping[PageOf, Page[MembershipView]]:
    """Pages of the groups of members: a statement for all who are asked for the same page."""
    actor.must(Right.ORGANIZATION_READ)
    found = dict[PageOf, Page[MembershipView]]()
    for span, members in by_span(asked).items():
        pages = await rows.groups_of(actor.organization, members, span)
        found |= {(member, span): page for member, page in pages.items()}
    return found


async def history(actor: Actor, asked: Sequence[PageOf]) -> Mapping[PageOf, Page[AuditRow]]:
    """Pages of what was changed about members, newest first."""
    actor.must(Right.AUDIT_READ)
    found = dict[PageOf, Page[AuditRow]]()
    for span, members in by_span(asked).items():
        pages = await rows.history_of(actor.organization, members, span)
        found |= {(member, span): page for member, page in pages.items()}
    return found


async def last_writes(actor: Actor, members: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Mapping[str, FieldWrite]]:
    """Who wrote the fields of members last, by the name of the field."""
    actor.must(Right.ORGANIZATION_READ)
    found = defaultdict[uuid.UUID, dict[str, FieldWrite]](dict)
    for member, name, row in await rows.last_writes(actor.organization, members, local_edits.FIELDS):
        found[member][name] = profiles.field_write(row)
    return found


async def explain_role(
    actor: Actor,
    groups: Sequence[uuid.UUID],
    override: uuid.UUID | None = None,
    keys: Sequence[str] = (),
    mapped: Mapping[uuid.UUID, uuid.UUID | None] | None = None,
) -> RoleOutcome:
    """The role of somebody who would be in these groups and have this override, and whose directory names these roles.

    `mapped` are groups that would be mapped to another role, or to none. Raises NotFound for a group or role that there
    is not, and BadSetting for a key of none.
    """
    actor.must(Right.ORGANIZATION_READ)
    book, at = await rulebook.load(actor.organization), clock.now()
    wanted, mapped = set(groups), mapped or {}
    known = await rows.groups(actor.organization, [*wanted | mapped.keys()])
    if len(known) != len(wanted | mapped.keys()):
        raise NotFound("There is no such group.")
    found = [replace(each, role_id=mapped.get(each.id, each.role_id)) for each in known if each.id in wanted]
    chosen = book.role(override)
    if any(id is not None and book.role(id) is None for id in (override, *mapped.values())):
        raise NotFound("There is no such role.")
    if keys and not book.policies.accept_roles_attribute:
        raise BadSetting("Directories name no roles here (policy accept_roles_attribute).")
    gated = {group.directory_id for group in found} & book.gates
    facts = RoleFacts(
        [Grant(group.display_name, role, group.id) for group in found if (role := book.role(group.role_id))],
        [book.named(key) for key in keys],
        Override(chosen, actor.who, at, "what if") if chosen else None,
        lacks_access=bool(gated - {group.directory_id for group in found if group.gives_access}),
    )
    return explanation.decide(facts, book.role_rules, book.ladder, book.organization, at)
