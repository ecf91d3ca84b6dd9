"""Keys and API tokens that end soon: told of in time, and once each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.provisioning import (
    clock,
    contacts,
    key_warnings,
    keys,
    tokens,
)
from api.provisioning.actor import Right
from api.provisioning.caller import the_operator
from db import sql
from db.enums import ContactKind
from db.mail_rows import EndingKeyRow
from tests.factories import DirectoryKeyFactory
from tests.scim.conversation import Scim
from tests.scim.deleting import later
from tests.scim.governing import governor

from .carrying import facts, stored, told

pytestmark = pytest.mark.usefixtures("database")
NOON = datetime(2026, 4, 11, 12, tzinfo=UTC)


async def test_a_key_that_ends_is_told_of_thirty_fourteen_seven_days_and_a_day_before(
    scim: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    ends = start + timedelta(days=60)
    await DirectoryKeyFactory.make(
        organization=scim.access.organization_id, directory=scim.access.directory_id, expires_at=ends, created_at=start
    )
    days_told = []
    await sql.rows("UPDATE directory_key SET revoked_at = $1 WHERE expires_at IS NULL", start)
    for hours in range(60 * 24 + 2):
        if hours % 6 == 1:
            monkeypatch.setattr(clock, "now", lambda at=start + timedelta(hours=hours): at)
            if await key_warnings.tell():
                days_told.append(-(-(60 * 24 - hours) // 24))
    assert days_told == [30, 14, 7, 1]
    assert [each["days"] for _, each in await told()] == [30, 14, 7, 1]
    assert (await told())[0][1]["name"] == "GENERIC"


def ending(**values: object) -> EndingKeyRow:
    """A key of a directory that ends in six days and was made long ago."""
    given: dict[str, Any] = {
        "organization_id": None,
        "id": None,
        "name": "Okta",
        "is_token": False,
        "last_four": "6IQw",
        "created_at": NOON - timedelta(days=300),
        "expires_at": NOON + timedelta(days=6),
        "last_used_at": None,
        "newer": None,
    }
    return EndingKeyRow(**{**given, **values})


@pytest.mark.parametrize(
    ("key", "days"),
    [
        (ending(), 7),
        (ending(expires_at=NOON + timedelta(days=30)), 30),
        (ending(expires_at=NOON + timedelta(days=30, seconds=1)), None),
        (ending(expires_at=NOON + timedelta(hours=24)), 1),
        (ending(created_at=NOON), None),
        (ending(created_at=NOON - timedelta(days=2)), 7),
        (ending(newer="a1Bc"), None),
        (ending(newer="a1Bc", expires_at=NOON + timedelta(hours=3)), 1),
    ],
)
def test_who_made_a_short_key_or_a_newer_one_knows(key: EndingKeyRow, days: int | None) -> None:
    assert key_warnings.due(key, NOON) == days


async def test_a_rotated_key_is_told_of_on_its_last_day_only(scim: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, days=1)
    text = await keys.rotate(governor(scim), scim.access.directory_id, overlap=timedelta(days=7))
    assert await key_warnings.tell() == 0
    later(monkeypatch, days=6, hours=1)
    assert await key_warnings.tell() == 1
    [(_, found)] = await told()
    assert (found["days"], found["newer"], found["last_four"]) == (1, text[-4:], scim.access.key[-4:])


async def test_api_tokens_are_told_of_to_the_organization_or_the_operator(
    scim: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    await contacts.add(governor(scim), ContactKind.TECHNICAL, "it@example.com")
    for organization in (scim.access.organization_id, None):
        await tokens.create(
            the_operator(), organization, name="Backstage", rights=[Right.AUDIT_READ], expires_in_days=10
        )
    later(monkeypatch, days=4)
    assert await key_warnings.tell() == 2
    rows = await stored()
    assert sorted((row["recipient"] or "", facts(row)["is_token"]) for row in rows) == [
        ("", True),
        ("it@example.com", True),
    ]


async def test_revoked_keys_and_those_of_deleted_directories_are_nobodys_concern(
    scim: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = clock.now() + timedelta(days=60)
    await sql.rows("UPDATE directory_key SET expires_at = $1", ends)
    await sql.rows("UPDATE directory SET deleted_at = now()")
    later(monkeypatch, days=59, hours=12)
    assert await key_warnings.tell() == 0
    await sql.rows("UPDATE directory SET deleted_at = NULL")
    await sql.rows("UPDATE directory_key SET revoked_at = now()")
    assert await key_warnings.tell() == 0
    await sql.rows("UPDATE directory_key SET revoked_at = NULL")
    assert await key_warnings.tell() == 1
