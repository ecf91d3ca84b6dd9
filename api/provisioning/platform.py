"""What only the operator of an installation does: making organizations, and looking at all of them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence

from db.ids import OrganizationId, RequestId
from db.pages import Page, Span
from db.queries import calls
from db.queries import organizations as one
from db.queries import platform as rows
from db.rule_rows import CountsRow, OrganizationView
from db.transaction import transaction

from . import clock, organizations
from .actor import Right
from .caller import Caller
from .errors import BadSetting
from .health import Health, state
from .history import remember


async def create(
    caller: Caller, name: str, *, domains: Sequence[str] = (), request: RequestId | None = None
) -> OrganizationId:
    """Make an organization, see `organizations.creation`; who did it is the first thing in its history."""
    caller.must_run_platform()
    if not name.isprintable():
        raise BadSetting("The name of an organization has no line breaks and such.")
    organization, made = organizations.creation(name, domains)

    async def work() -> None:
        await made()
        after = {"name": name.strip(), "domains": list(domains)}
        actor = caller.within(organization, request)
        await remember(actor, clock.now(), "organization_created", "organization", organization, after=after)

    await transaction(work)
    return organization


async def all_of_them(caller: Caller) -> list[dict[str, object]]:
    """Every organization with how many directories and members it has."""
    caller.must_run_platform()
    return await rows.organizations()


async def page(
    caller: Caller, text: str | None, plan: str | None, span: Span, *, health: Collection[Health] | None = None
) -> Page[OrganizationView]:
    """Organizations in the order in which they were made, by a part of their name and by their plan if given.

    With `health`, those of which a directory is so. Raises BadSetting for text that nothing is called.
    """
    caller.must_run_platform()
    if not f"{text or ''}{plan or ''}".isprintable():
        raise BadSetting("Names and plans have no line breaks and such. Leave them out.")
    among = None
    if health is not None:
        at = clock.now()
        among = [organization for organization, _, row in await calls.everywhere() if state(row, at) in health]
    return await rows.organization_page((text or "").strip() or None, plan, among, span)


async def find(caller: Caller, organization: uuid.UUID) -> OrganizationView | None:
    """One organization, for whoever may make and change all of them."""
    caller.must_run_platform()
    return await one.view(OrganizationId(organization))


async def many(caller: Caller, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, OrganizationView]:
    """Organizations by id; raises NotFound if one is not the caller's."""
    for id in ids:
        caller.within(id).must(Right.ORGANIZATION_READ, Right.PROVE_DOMAINS)
    return {row.id: row for row in await rows.views(ids)}


async def counts(caller: Caller, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, CountsRow]:
    """How many members and directories organizations have; raises NotFound if one is not the caller's."""
    for id in ids:
        caller.within(id).must(Right.ORGANIZATION_READ)
    return {row.organization_id: row for row in await rows.counts(ids)}
