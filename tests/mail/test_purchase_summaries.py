"""R132: billing contacts are told what was bought, in one mail for an organization and a while."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from api.provisioning import clock, contacts, purchase_summaries
from db import sql
from db.enums import ContactKind, MailKind
from tests.factories import SeatPurchaseFactory
from tests.scim.conversation import Scim, bulk
from tests.scim.governing import governor, person
from tests.scim.test_directory_states import choose as choose_directory
from tests.scim.test_seats import limit, sold

from .carrying import deliver, facts, stored
from .servers import Office

pytestmark = pytest.mark.usefixtures("database")
NOON = datetime(2026, 4, 11, 12, tzinfo=UTC)
NAMES = ["Ann Lee", "Bob Ray", "Cléo Roux", "Dan Moe", "Eve Orr"]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the clock, which stands at noon of 11 April."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(NOON)
    return set_to


@pytest.fixture
async def selling(scim: Scim, at: Any) -> Scim:
    """An organization without seats that buys what it needs, with a billing contact."""
    await contacts.add(governor(scim), ContactKind.BILLING, "money@example.com")
    await limit(scim, full=0, lite=0)
    await sold(scim)
    return scim


async def buy(scim: Scim, *names: str) -> None:
    """Let somebody come in for each of these names."""
    for name in names:
        made = person(name.split()[0].lower(), displayName=name)
        assert (await scim.post("/Users", made)).status_code == 201


async def summaries() -> list[dict[str, Any]]:
    """What the summaries tell."""
    return [facts(row) for row in await stored(MailKind.PURCHASE_SUMMARY)]


async def test_five_seats_bought_in_a_batch_are_one_mail_that_lists_five(
    selling: Scim, at: Any, office: Office
) -> None:
    """With names, type, price and proration, what is left of the cap, and the next invoice."""
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": name, "data": person(f"p{number}", displayName=name)}
        for number, name in enumerate(NAMES)
    ]
    await selling.post("/Bulk", bulk(*operations))
    assert await purchase_summaries.tell(None) == 0, "the hour is not over"
    at(NOON + timedelta(minutes=60))
    assert await purchase_summaries.tell(None) == 5
    await deliver()
    assert [mail["Subject"] for mail in office.mails[:-1]] == ["All Full seats of Acme are taken"]
    mail = office.mails[-1]
    assert (mail["To"], mail["Subject"]) == ("money@example.com", "5 Full seats bought for Acme (100.00 EUR)")
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    assert [line.split() for line in text.splitlines() if line.startswith("1 Full")] == [
        ["1", "Full", *name.split(), "11", "Apr", "2026", "30.00", "20", "of", "30", "20.00"] for name in NAMES
    ]
    said = " ".join(text.split())
    assert "Sum 100.00 EUR" in said
    assert "The charge is on the next invoice, 1 May 2026." in said
    assert "Of this month's cap of 1000.00 EUR, 900.00 EUR is left." in said
    assert f"/o/{selling.access.organization_id}/seats" in text


async def test_what_is_bought_within_the_hour_is_told_together_and_the_rest_in_the_next(selling: Scim, at: Any) -> None:
    await buy(selling, *NAMES[:2])
    at(NOON + timedelta(minutes=59))
    await buy(selling, *NAMES[2:4])
    at(NOON + timedelta(minutes=60))
    assert await purchase_summaries.tell(None) == 4
    await buy(selling, NAMES[4])
    at(NOON + timedelta(minutes=119))
    assert await purchase_summaries.tell(None) == 0
    at(NOON + timedelta(minutes=120))
    assert await purchase_summaries.tell(None) == 1
    assert [[name for each in told["bought"] for name in each["people"]] for told in await summaries()] == [
        NAMES[:4],
        NAMES[4:],
    ]


async def test_nothing_bought_is_nothing_sent(scim: Scim, at: Any) -> None:
    await limit(scim, full=10)
    await buy(scim, *NAMES)
    at(NOON + timedelta(days=2))
    assert await purchase_summaries.tell(None) == 0
    assert await stored(MailKind.PURCHASE_SUMMARY) == []


async def test_they_are_told_at_an_hour_of_the_day_if_that_was_chosen(selling: Scim, at: Any) -> None:
    await buy(selling, NAMES[0])
    for moment, told in (
        (NOON + timedelta(hours=2), 0),
        (datetime(2026, 4, 12, 7, 59, tzinfo=UTC), 0),
        (datetime(2026, 4, 12, 8, tzinfo=UTC), 1),
        (datetime(2026, 4, 12, 9, tzinfo=UTC), 0),
    ):
        at(moment)
        assert await purchase_summaries.tell(8) == told, moment
    await buy(selling, NAMES[1])
    at(datetime(2026, 4, 13, 8, tzinfo=UTC))
    assert await purchase_summaries.tell(8) == 1


async def test_workers_that_look_at_once_tell_once(selling: Scim, at: Any) -> None:
    await buy(selling, *NAMES)
    at(NOON + timedelta(hours=1))
    assert sum(await asyncio.gather(*(purchase_summaries.tell(None) for _ in range(5)))) == 5
    assert len(await summaries()) == 1


async def test_a_worker_that_dies_in_the_middle_has_told_nobody(
    selling: Scim, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was bought counts as told in the transaction that has the mail, or not at all."""
    await buy(selling, *NAMES)
    at(NOON + timedelta(hours=1))

    async def dies(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("api.provisioning.notices.purchase_summary", dies)
        with pytest.raises(SystemExit):
            await purchase_summaries.tell(None)
    assert await stored(MailKind.PURCHASE_SUMMARY) == []
    assert await purchase_summaries.tell(None) == 5


async def test_who_came_together_is_listed_together(selling: Scim, at: Any) -> None:
    """A directory that lets all of its people in at once buys for them in one purchase, here in packs of four."""
    await sold(selling, pack=4)
    for name in NAMES:
        await selling.make_user(name.split()[0].lower(), displayName=name, active=False)
    await choose_directory(selling, suspend_on_inactive="false")
    at(NOON + timedelta(hours=1))
    assert await purchase_summaries.tell(None) == 1
    [told] = await summaries()
    [line] = told["bought"]
    assert (sorted(line["people"]), line["people_in_all"], line["quantity"]) == (NAMES, 5, 8)


async def test_purchases_that_failed_are_not_in_it_and_reserved_ones_say_so(scim: Scim, at: Any) -> None:
    organization = scim.access.organization_id
    for state in ("FAILED", "RESERVED", "CONFIRMED"):
        await SeatPurchaseFactory.make(organization=organization, state=state, purchased_at=NOON)
    at(NOON + timedelta(hours=1))
    assert await purchase_summaries.tell(None) == 2
    [told] = await summaries()
    assert [each["is_confirmed"] for each in told["bought"]] == [False, True]
    assert await sql.value("SELECT count(*) FROM seat_purchase WHERE summed_up_at IS NULL") == 0


async def test_another_currency_is_another_mail(scim: Scim, at: Any) -> None:
    for currency in ("EUR", "USD"):
        await SeatPurchaseFactory.make(organization=scim.access.organization_id, currency=currency, purchased_at=NOON)
    at(NOON + timedelta(hours=1))
    await purchase_summaries.tell(None)
    assert sorted(told["currency"] for told in await summaries()) == ["EUR", "USD"]


async def test_organizations_are_told_of_their_own(selling: Scim, stranger: Scim, at: Any) -> None:
    await buy(selling, NAMES[0])
    theirs = await SeatPurchaseFactory.make(organization=stranger.access.organization_id, purchased_at=NOON)
    at(NOON + timedelta(hours=1))
    await purchase_summaries.tell(None)
    rows = await stored(MailKind.PURCHASE_SUMMARY)
    assert {row["organization_id"] for row in rows} == {selling.access.organization_id, theirs.organization_id}
    assert all(len(facts(row)["bought"]) == 1 for row in rows)


async def test_what_was_bought_and_given_back_is_told_all_the_same(selling: Scim, at: Any) -> None:
    """Nothing is taken back that was charged."""
    made = await selling.make_user("ann")
    await selling.delete(f"/Users/{made['id']}")
    at(NOON + timedelta(hours=1))
    assert await purchase_summaries.tell(None) == 1
    [told] = await summaries()
    assert told["next_invoice_on"] == str(date(2026, 5, 1))
    assert told["bought"][0]["amount_minor"] == 2000
