"""The record of requests, page by page and with what many of them changed, as people look things up in it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from db.audit_rows import AuditRow
from db.ids import DirectoryId, OrganizationId
from db.pages import Page, PageOf, Span, by_span
from db.queries import audit as changes_made
from db.queries import platform
from db.queries import request_views as rows
from db.request_rows import BodiesRow, RequestFilter, RequestView

from . import addresses, clock, setting_up
from .actor import Actor, Right
from .caller import Caller
from .errors import BadSetting

LONGEST_DAYS = 31
CHANGES = 50


async def page(actor: Actor, wanted: RequestFilter, span: Span) -> Page[RequestView]:
    """Requests without their bodies, newest first; raises BadSetting for what no request can be, or for too long.

    Who sets a directory up reads what that sent, and nothing else, see `setting_up.must_see`.
    """
    await setting_up.must_see(actor, DirectoryId(wanted.directory) if wanted.directory else None)
    if wanted.status is not None and not 100 <= wanted.status <= 599:
        raise BadSetting("A status is a number from 100 to 599, such as 409.")
    if wanted.since is not None and wanted.until is not None and wanted.since > wanted.until:
        raise BadSetting("Ask for a time whose beginning is before its end.")
    if wanted.subject is not None:
        wanted = replace(wanted, subject=addresses.folded(wanted.subject))
    if any(each is not None for each in (wanted.outcome, wanted.methods, wanted.resource_type, wanted.status)):
        wanted = _bounded(wanted, clock.now())
    return await rows.page(actor.organization, wanted, span)


async def of_members(actor: Actor, asked: Sequence[PageOf]) -> Mapping[PageOf, Page[RequestView]]:
    """Pages of the requests that changed members, newest first; a statement for all who are asked for the same page."""
    actor.must(Right.ORGANIZATION_READ)
    found = dict[PageOf, Page[RequestView]]()
    for span, members in by_span(asked).items():
        pages = await rows.of_members(actor.organization, members, span)
        found |= {(member, span): page for member, page in pages.items()}
    return found


async def everywhere(caller: Caller, span: Span, *, refused: bool) -> Page[RequestView]:
    """Requests of the last 31 days in all organizations, newest first; only those that were refused, if asked."""
    caller.must_run_platform()
    caller.must(Right.ORGANIZATION_READ)
    return await platform.requests(clock.now() - timedelta(days=LONGEST_DAYS), span, refused=refused)


async def of_any(caller: Caller, trace: uuid.UUID) -> RequestView | None:
    """A request by its trace id, in whatever organization it was."""
    caller.must_run_platform()
    caller.must(Right.ORGANIZATION_READ)
    organization = await platform.request_organization(trace)
    if organization is None:
        return None
    found = await rows.many(OrganizationId(organization), [trace])
    return found[0] if found else None


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, RequestView]:
    """Requests by trace id, without their bodies."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await rows.many(actor.organization, ids)}


async def bodies(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, BodiesRow]:
    """What was sent and answered; people's whole profiles, so only for whoever manages these people."""
    actor.must(Right.MEMBERS_MANAGE)
    return {row.id: row for row in await rows.bodies(actor.organization, ids)}


async def changes(actor: Actor, requests: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[AuditRow]]:
    """What requests changed, oldest first; of each only the first fifty."""
    actor.must(Right.AUDIT_READ)
    found: dict[uuid.UUID, list[AuditRow]] = {}
    for row in await changes_made.of_requests(actor.organization, requests, limit=CHANGES):
        if row.request_id is not None:
            found.setdefault(row.request_id, []).append(row)
    return found


def _bounded(wanted: RequestFilter, now: datetime) -> RequestFilter:
    """The filter with a beginning and an end: there is no index for it, so that only so much is looked through."""
    longest = timedelta(days=LONGEST_DAYS)
    since = wanted.since or (wanted.until or now) - longest
    if (wanted.until or now) - since > longest:
        raise BadSetting(
            f"By outcome, method, resource or status, ask for at most {LONGEST_DAYS} days at once: set `from` and `to`."
        )
    return replace(wanted, since=since)
