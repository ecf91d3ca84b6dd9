"""The weekly digest, ending it, and the schedules of all that time brings."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from api.mail import times
from api.provisioning import (
    contacts,
    digests,
    request_log,
)
from db.enums import ContactKind
from tests.scim.conversation import SEAT_TYPE, Scim
from tests.scim.deleting import later
from tests.scim.governing import governor, person

from .carrying import deliver, stored, told
from .servers import Office

pytestmark = pytest.mark.usefixtures("database")
NOON = datetime(2026, 4, 11, 12, tzinfo=UTC)


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


async def test_every_schedule_does_its_part_where_there_is_nothing_to_do(office: Office) -> None:
    assert len({schedule.name for schedule in times.SCHEDULES}) == len(times.SCHEDULES)
    for schedule in times.SCHEDULES:
        assert len(schedule.cron.split()) == 5
        await schedule.run()
    assert await stored() == []
