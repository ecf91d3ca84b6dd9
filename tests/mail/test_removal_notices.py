"""Removals on hold: told of together, and again before the time to decide is over."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from api.provisioning import (
    clock,
    removal_notices,
    removals,
)
from tests.scim.conversation import Json, Scim
from tests.scim.deleting import later
from tests.scim.governing import active, choose, governor
from tests.scim.test_breaker import crowd

from .carrying import stored, told

pytestmark = pytest.mark.usefixtures("database")
NOON = datetime(2026, 4, 11, 12, tzinfo=UTC)


@pytest.fixture
async def holding(scim: Scim) -> list[Json]:
    """Fifteen people of whom ten are gone and two on hold."""
    people = await crowd(scim, 15)
    for each in people[:12]:
        await scim.patch(f"/Users/{each['id']}", active(False))
    return people


async def test_removals_on_hold_are_told_of_together(
    scim: Scim, holding: list[Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await removal_notices.tell() == 0, "more may come in the next minutes"
    later(monkeypatch, minutes=4)
    await scim.patch(f"/Users/{holding[12]['id']}", active(False))
    later(monkeypatch, minutes=2)
    assert await removal_notices.tell() == 1
    [(kind, found)] = await told()
    assert (kind, found["people"], found["directory"], found["is_kept"]) == ("REMOVALS_HELD", 3, "GENERIC", True)
    assert await removal_notices.tell() == 0


async def test_more_of_them_are_told_of_an_hour_later_at_the_earliest(
    scim: Scim, holding: list[Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, minutes=6)
    await removal_notices.tell()
    await scim.patch(f"/Users/{holding[12]['id']}", active(False))
    later(monkeypatch, minutes=30)
    assert await removal_notices.tell() == 0
    later(monkeypatch, minutes=31)
    assert await removal_notices.tell() == 1
    assert [found["people"] for _, found in await told()] == [2, 3]


async def test_what_was_decided_meanwhile_is_not_told_of(
    scim: Scim, holding: list[Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [each["id"] for each in await removals.held(governor(scim))]
    await removals.keep(governor(scim), ids)  # type: ignore[arg-type]  # UUIDs
    later(monkeypatch, minutes=6)
    assert await removal_notices.tell() == 0
    later(monkeypatch, hours=20)
    assert await removal_notices.remind() == 0


async def test_people_are_reminded_once_when_a_quarter_of_the_time_is_left(
    scim: Scim, holding: list[Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, hours=17)
    assert await removal_notices.remind() == 0
    later(monkeypatch, hours=1, minutes=1)
    assert sum(await asyncio.gather(*(removal_notices.remind() for _ in range(3)))) == 1
    later(monkeypatch, hours=1)
    assert await removal_notices.remind() == 0
    [(kind, found)] = await told()
    assert (kind, found["people"]) == ("REMOVALS_REMINDER", 2)
    assert datetime.fromisoformat(found["decide_by"]) > clock.now()


async def test_a_mail_says_what_happens_if_nobody_decides(
    scim: Scim, holding: list[Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    await choose(scim, breaker_timeout="RELEASE")
    later(monkeypatch, minutes=6)
    await removal_notices.tell()
    assert (await told())[0][1]["is_kept"] is False


async def test_other_organizations_hear_nothing_of_it(
    scim: Scim, stranger: Scim, holding: list[Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, minutes=6)
    await removal_notices.tell()
    assert {row["organization_id"] for row in await stored()} == {scim.access.organization_id}
