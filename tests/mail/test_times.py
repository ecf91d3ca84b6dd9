"""What people are told because time passed: keys that end, directories that are silent, removals on hold, digests."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.mail import times
from api.provisioning import (
    clock,
    contacts,
    digests,
    key_warnings,
    keys,
    removal_notices,
    removals,
    request_log,
    silences,
    tokens,
)
from api.provisioning.actor import Right
from api.provisioning.caller import the_operator
from api.provisioning.health import Health
from db import sql
from db.enums import ContactKind, MailKind
from db.mail_rows import EndingKeyRow
from db.rule_rows import CallsRow
from tests.conftest import NewDirectory
from tests.factories import DirectoryKeyFactory
from tests.scim.conversation import SEAT_TYPE, Json, Scim
from tests.scim.deleting import later
from tests.scim.governing import active, choose, governor, person
from tests.scim.test_breaker import crowd
from tests.scim.test_directory_states import choose as choose_directory

from .carrying import deliver, facts, stored
from .servers import Office

pytestmark = pytest.mark.usefixtures("database")
NOON = datetime(2026, 4, 11, 12, tzinfo=UTC)


async def told(*kinds: MailKind) -> list[tuple[str, dict[str, Any]]]:
    """The kinds of the mails and what they tell, oldest first."""
    return [(row["kind"], facts(row)) for row in await stored() if not kinds or row["kind"] in kinds]


# Keys


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


# Directories


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


# Removals


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


# Digests


async def test_who_wants_digests_gets_one_a_week_and_can_end_them(
    scim: Scim, stranger: Scim, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, office: Office
) -> None:
    for kind, email in ((ContactKind.BILLING, "dana@example.com"), (ContactKind.TECHNICAL, "Dana@Example.com")):
        await contacts.add(governor(scim), kind, email, wants_digest=True)
    await contacts.add(governor(scim), ContactKind.SECURITY, "soc@example.com")
    people = [await scim.make_user(name) for name in ("ann", "bob", "cleo")]
    await scim.delete(f"/Users/{people[0]['id']}")
    await scim.post("/Users", person("ann", **{SEAT_TYPE: {"seat_type": "guest"}}))
    await request_log.flush()
    later(monkeypatch, days=1)
    assert [await digests.tell() for _ in range(2)] == [1, 1]
    await deliver()
    [mail] = office.mails
    assert mail["To"] == "dana@example.com"
    said = " ".join(mail.get_body(("plain",)).get_content().split())  # type: ignore[union-attr]  # it has one
    assert "3 people joined Acme, and 1 left." in said
    assert "Directories sent 5 requests; 1 of them was refused." in said
    assert "GENERIC healthy" in said
    assert "Full 2" in said
    link = mail["List-Unsubscribe"].strip("<>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in said
    path = link.removeprefix("https://rollcall.example.com")
    page = await client.get(path)
    assert (page.status_code, "End the weekly digests of Acme?" in page.text) == (200, True)
    assert "<form" in page.text
    later(monkeypatch, days=7)
    assert await digests.tell() == 1, "looking at the page ends nothing: programs that look through mails do"
    done = await client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (done.status_code, "You get no more weekly digests of Acme." in done.text) == (200, True)
    later(monkeypatch, days=7)
    assert await digests.tell() == 0
    assert (await client.post(path)).status_code == 200, "twice is fine"


@pytest.mark.parametrize("token", ["nobodys", "'; DROP TABLE contact; --", "<script>alert(1)</script>", "%00"])
async def test_a_token_that_is_none_ends_nothing(client: httpx.AsyncClient, token: str) -> None:
    for answer in (await client.get(f"/mail/unsubscribe/{token}"), await client.post(f"/mail/unsubscribe/{token}")):
        assert answer.status_code in (400, 404)
        assert "<script>" not in answer.text


async def test_a_quiet_week_is_told_of_as_one(scim: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    await contacts.add(governor(scim), ContactKind.BILLING, "dana@example.com", wants_digest=True)
    later(monkeypatch, days=30)
    await digests.tell()
    [(_, found)] = await told()
    assert (found["joined"], found["left"], found["requests"], found["seats"]) == (0, 0, 0, [])


# Schedules


async def test_every_schedule_does_its_part_where_there_is_nothing_to_do(office: Office) -> None:
    assert len({schedule.name for schedule in times.SCHEDULES}) == len(times.SCHEDULES)
    for schedule in times.SCHEDULES:
        assert len(schedule.cron.split()) == 5
        await schedule.run()
    assert await stored() == []
