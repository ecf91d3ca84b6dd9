"""Removals and questions about linking, as people look at them who decide."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from db.decision_rows import LinkRequestView, RemovalView
from db.enums import LinkState
from db.pages import Page, Span
from db.queries import decision_views as rows

from . import clock, rulebook
from .actor import Actor, Right


async def held(actor: Actor, span: Span) -> Page[RemovalView]:
    """Removals that wait for a decision, oldest first."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.held_page(actor.organization, span)


async def held_count(actor: Actor) -> int:
    """How many wait."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.held_count(actor.organization)


async def recent(actor: Actor, directory: uuid.UUID, span: Span) -> Page[RemovalView]:
    """Whom a directory removed within the window of the breaker, oldest first; each can be undone."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.recent_page(actor.organization, directory, await _window(actor), span)


async def recent_count(actor: Actor, directory: uuid.UUID) -> int:
    """How many it removed within the window."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.recent_count(actor.organization, directory, await _window(actor))


async def removals(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, RemovalView]:
    """Removals by id."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await rows.removals(actor.organization, ids)}


async def questions(actor: Actor, state: LinkState | None, span: Span) -> Page[LinkRequestView]:
    """The questions that are in a state, or all, in the order in which they were asked first."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.link_page(actor.organization, state, span)


async def question_count(actor: Actor, state: LinkState | None) -> int:
    """How many questions are in a state, or all."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.link_count(actor.organization, state)


async def questions_by_id(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, LinkRequestView]:
    """Questions by id."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await rows.links(actor.organization, ids)}


async def _window(actor: Actor) -> datetime:
    policies = (await rulebook.load(actor.organization)).policies
    return clock.now() - timedelta(minutes=policies.breaker_minutes)
