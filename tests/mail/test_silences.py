"""Directories that fall silent or fail: told of once, and once when they are well again (R062)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from api.provisioning import (
    request_log,
    silences,
)
from api.provisioning.health import Health
from db.rule_rows import CallsRow
from tests.conftest import NewDirectory
from tests.scim.conversation import SEAT_TYPE, Json, Scim
from tests.scim.deleting import later
from tests.scim.governing import person
from tests.scim.test_directory_states import choose as choose_directory

from .carrying import deliver, stored, told
from .servers import Office

pytestmark = pytest.mark.usefixtures("database")
NOON = datetime(2026, 4, 11, 12, tzinfo=UTC)


async def watch() -> int:
    """Look at all directories."""
    await request_log.flush()
    return await silences.tell()


async def test_a_directory_that_falls_silent_is_told_of_once_and_once_when_it_calls_again(
    new_directory: NewDirectory, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, office: Office
) -> None:
    """R062: after three times the interval that its provider is known for."""
    entra = Scim(client, await new_directory("ENTRA_ID"))
    assert await watch() == 0, "it has never called"
    await entra.get("/Users")
    later(monkeypatch, minutes=119)
    assert await watch() == 0
    later(monkeypatch, minutes=2)
    assert [await watch() for _ in range(3)] == [1, 0, 0]
    later(monkeypatch, days=3)
    assert await watch() == 0
    await entra.get("/Users")
    assert [await watch() for _ in range(2)] == [1, 0]
    await deliver()
    assert [mail["Subject"].split(" since ")[0] for mail in office.mails] == [
        "Nothing from “ENTRA_ID”",
        "“ENTRA_ID” calls again",
    ]
    later(monkeypatch, minutes=121)
    assert await watch() == 1, "another episode"


async def test_a_directory_that_is_refused_is_told_of_until_it_is_well(scim: Scim) -> None:
    for name in ("ann", "bob", "cleo"):
        await scim.post("/Users", person(name, **{SEAT_TYPE: {"seat_type": "guest"}}))
    assert [await watch() for _ in range(2)] == [1, 0]
    for _ in range(5):
        await scim.get("/Users")
    assert await watch() == 0, "three of eight are not most, and not few"
    for _ in range(5):
        await scim.get("/Users")
    assert await watch() == 1
    kinds = [kind for kind, _ in await told()]
    assert kinds == ["DIRECTORY_FAILING", "DIRECTORY_RECOVERED"]
    assert (await told())[0][1] == {"directory": "GENERIC", "recent": 3, "refused": 3}


async def test_who_pauses_a_silent_directory_is_told_nothing_more(
    scim: Scim, ann: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, days=4)
    assert await watch() == 1
    await choose_directory(scim, state="PAUSED")
    assert await watch() == 0
    await choose_directory(scim, state="LIVE")
    assert await watch() == 1, "it is silent still"
    assert [kind for kind, _ in await told()] == ["DIRECTORY_STALE"] * 2


async def test_workers_that_look_at_directories_at_once_tell_once(
    scim: Scim, ann: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, days=4)
    await request_log.flush()
    assert sum(await asyncio.gather(*(silences.tell() for _ in range(5)))) == 1
    assert len(await stored()) == 1


@pytest.mark.parametrize(
    ("told_before", "refused", "silent_days", "known"),
    [
        (None, 0, 0, None),
        (None, 11, 0, Health.FAILING),
        (Health.FAILING, 6, 0, Health.FAILING),
        (Health.FAILING, 5, 0, None),
        (None, 6, 0, None),
        (Health.FAILING, 11, 4, Health.STALE),
        (Health.STALE, 0, 0, None),
        (Health.STALE, 11, 0, Health.FAILING),
    ],
)
def test_what_people_are_to_know(
    told_before: Health | None, refused: int, silent_days: int, known: Health | None
) -> None:
    last = NOON - timedelta(days=silent_days)
    calls = CallsRow(None, "Okta", "OKTA", False, None, last, 20, refused)  # type: ignore[arg-type]  # whose it is does not matter
    assert silences.known(told_before, calls, NOON) == known
