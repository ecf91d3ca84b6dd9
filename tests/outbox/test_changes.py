"""Whoever writes a change has told the outbox, if there is somebody to be told."""

from __future__ import annotations

import uuid

import pytest

from db import sql
from tests.factories import ChangeFactory, OrganizationFactory, WebhookEndpointFactory

pytestmark = pytest.mark.usefixtures("database")


async def _outbox() -> list[uuid.UUID]:
    return [row[0] for row in await sql.rows("SELECT change_id FROM outbox ORDER BY number")]


async def test_changes_are_told_of_where_somebody_wants_to_know() -> None:
    acme, other, silent = [await OrganizationFactory.make() for _ in range(3)]
    await WebhookEndpointFactory.make(organization=acme)
    await WebhookEndpointFactory.make(organization=acme)
    await WebhookEndpointFactory.make(organization=silent, is_enabled=False)
    made = [await ChangeFactory.make(organization=each) for each in (acme, other, silent, acme)]
    assert await _outbox() == [made[0].id, made[3].id]
    assert await sql.value("SELECT organization_id FROM outbox LIMIT 1") == acme.id


async def test_changes_of_one_statement_are_told_of_in_the_order_in_which_they_were_made() -> None:
    acme = await OrganizationFactory.make()
    await WebhookEndpointFactory.make(organization=acme)
    ids = [ChangeFactory.build(organization=acme).id for _ in range(20)]
    await sql.rows(
        """INSERT INTO change (organization_id, id, actor_kind, subject_type, subject_id, action, changed_at)
           SELECT $1, id, 'SYSTEM', 'member', $1, 'updated', now() FROM unnest($2::uuid[]) AS made (id)""",
        acme.id,
        ids[::-1],
    )
    assert await _outbox() == ids
