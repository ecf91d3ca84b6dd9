"""Seats as pages: the table and the plot, ledger, purchases, and what may be changed."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from api.provisioning import seat_pools
from api.provisioning.actor import operator
from db import sql
from db.enums import BillingInterval, PurchaseState, SeatType
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim

from .conftest import NewPerson, Person

HOSTILE = '=cmd|"/c calc"!A1<script>alert(1)</script>'


async def note_days(organization: uuid.UUID, *used: int | None, limit: int | None = 20) -> None:
    """Writes how days ended, the last of them today; None for one of which nothing is known."""
    today = datetime.now(UTC).date()
    for back, each in enumerate(reversed(used)):
        if each is not None:
            await sql.rows(
                "INSERT INTO seat_snapshot (organization_id, day, seat_type, used, seat_limit, waiting)"
                " VALUES ($1, $2, $3, $4, $5, 0)",
                organization,
                today - timedelta(days=back),
                SeatType.FULL.value,
                each,
                limit,
            )


async def agree(scim: Scim) -> None:
    """Seats are sold to the organization of `scim`."""
    who = operator(scim.access.organization_id)
    await seat_pools.set_price(who, SeatType.FULL, 3000)
    await seat_pools.set_terms(
        who, currency="EUR", interval=BillingInterval.MONTH, anchor=date(2026, 1, 1), is_enrolled=True, pack_size=1
    )


async def test_the_table_has_each_type_and_numbers_lead_to_the_people(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com", displayName="Bo")
    page = await admin.page("seats")
    assert page.status == 200
    names = [each.text for each in page.html.xpath("//td[contains(@class, 'seat-lead')]/b")]
    assert names == ["Full", "Lite", "Guest"]
    used = page.html.xpath("//tbody/tr[1]/td[@data-label='Used']/a")[0]
    assert used.text == "2"
    assert "2 people" in await admin.page(used.get("href"))
    assert "No day has ended yet" in page


async def test_the_plot_is_one_picture_told_in_words_with_its_numbers_beside(admin: Person, scim: Scim) -> None:
    await note_days(scim.access.organization_id, 3, None, 5)
    page = await admin.page("seats")
    plot = page.html.xpath("//svg")
    wide = next(each for each in plot if "wide-only" in each.get("class", ""))
    assert wide.get("role") == "img"
    labelled = wide.get("aria-labelledby").split()
    assert [page.html.get_element_by_id(each).tag for each in labelled] == ["title", "desc"]
    assert "5 of 20 used" in page.html.get_element_by_id(labelled[1]).text
    line = wide.xpath(".//path[@class='line s1']/@d")[0]
    assert line.count("M") == 2
    table = page.html.xpath("//details//tbody/tr")
    assert len(table) == 2
    assert "5" in table[0].text_content()
    month = await admin.page("seats?days=30")
    assert len(month.html.xpath("//svg[@role='group']//g[@class='point' and @tabindex='0' and @aria-label]")) == 2
    assert not month.html.xpath("//*[@style] | //style")


async def test_the_days_as_a_file(admin: Person, scim: Scim) -> None:
    await note_days(scim.access.organization_id, 3, 5)
    page = await admin.page("seats/history.csv?days=30")
    assert page.headers["content-type"].startswith("text/csv")
    assert "attachment" in page.headers["content-disposition"]
    answer = await admin.http.get(f"{admin.base}/seats/history.csv?days=30")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0] == ["Day", "Seat", "Used", "Purchased", "Waiting"]
    assert [line[1:] for line in lines[1:]] == [["Full", "3", "20", "0"], ["Full", "5", "20", "0"]]


async def test_the_ledger_by_type_and_as_a_file_that_no_spreadsheet_runs(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com", displayName=HOSTILE, emails=[{"value": "bo@example.com"}])
    page = await admin.page("seats/ledger")
    assert HOSTILE in page
    assert not page.html.xpath("//script[not(@src)]")
    assert "+1 taken" in page
    assert "No line fits" in await admin.page("seats/ledger?seat=LITE")
    assert "No line fits" in await admin.page("seats/ledger?to=2001-01-01")
    assert "Bo" not in await admin.page(f"seats/ledger?member={admin.member}")
    answer = await admin.http.get(f"{admin.base}/seats/ledger.csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[1][1:6] == ["Full", "1", "Arrived", f"'{HOSTILE}", "bo@example.com"]
    assert len(lines) == 3


async def test_a_file_has_more_lines_than_are_asked_for_at_once(
    admin: Person, scim: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard import downloads

    monkeypatch.setattr(downloads, "PAGE", 2)
    for number in range(4):
        await scim.make_user(f"u{number}@example.com")
    answer = await admin.http.get(f"{admin.base}/seats/ledger.csv")
    assert len(answer.text.splitlines()) == 6


async def test_limits_are_changed_and_what_was_typed_stays(admin: Person) -> None:
    page = await admin.page("seats/settings")
    wrong = await admin.submit(page, "/limits", **{"limit:FULL": "many", "limit:LITE": "7"})
    assert wrong.status == 422
    assert "The number of full seats is not a whole number" in wrong
    assert wrong.html.xpath("//input[@name='limit:FULL']/@value") == ["many"]
    done = await admin.submit(wrong, "/limits", **{"limit:FULL": "25", "limit:LITE": ""})
    assert "The limits are saved." in done
    assert done.html.xpath("//input[@name='limit:FULL']/@value") == ["25"]
    assert "Nothing is changed" in await admin.submit(done, "/limits")
    none = await admin.submit(done, "/limits", **{"limit:FULL": ""})
    assert none.html.xpath("//input[@name='limit:FULL']/@value") == [""]


async def test_a_cap_is_accepted_only_by_whoever_agrees_and_is_taken_back(admin: Person, scim: Scim) -> None:
    assert "Nothing is agreed about buying seats yet" in await admin.page("seats/settings")
    await agree(scim)
    page = await admin.page("seats/settings")
    for given, told in (({"cap": "lots", "agreed": "yes"}, "“lots” is no amount"), ({"cap": "200.50"}, "Tick the box")):
        refused = await admin.submit(page, "/cap", **given)
        assert refused.status == 422
        assert told in refused
        assert refused.html.xpath("//input[@name='cap']/@value") == [given["cap"]]
    done = await admin.submit(page, "/cap", cap="200.50", agreed="yes")
    assert "200.50\N{NO-BREAK SPACE}EUR, accepted by Ada".replace("\N{NO-BREAK SPACE}", " ") in done
    form = next(each for each in done.html.forms if each.xpath(".//button[@value='withdraw']"))
    assert form is not None
    back = await admin.submit(done, "/cap", act="withdraw", cap=None)
    assert "No more seats are bought." in back


async def test_what_happens_when_all_are_taken(admin: Person) -> None:
    page = await admin.page("seats/settings")
    wrong = await admin.submit(page, "/policy", when_full="HOLD", thresholds="50, 101")
    assert wrong.status == 422
    assert wrong.html.xpath("//input[@name='thresholds']/@value") == ["50, 101"]
    assert wrong.html.xpath("//input[@name='when_full' and @checked]/@value") == ["HOLD"]
    done = await admin.submit(page, "/policy", when_full="HOLD", thresholds="75 %, 50")
    assert "The policy is saved." in done
    assert done.html.xpath("//input[@name='thresholds']/@value") == ["50, 75"]
    assert done.html.xpath("//input[@name='when_full' and @checked]/@value") == ["HOLD"]


async def test_purchases_with_what_can_be_done_about_them(admin: Person, scim: Scim) -> None:
    await agree(scim)
    await bought(scim, PurchaseState.RESERVED)
    page = await admin.page("seats/purchases")
    assert "1 purchase" in page
    assert "20.00 EUR" in page.text.replace("\N{NO-BREAK SPACE}", " ")
    answer = await admin.submit(page, "/cancel")
    assert "It is given up in a moment" in answer
    assert "It is tried in a moment" in await admin.submit(answer, "/retry")
    await sql.rows(
        "UPDATE seat_purchase SET state = 'CONFIRMED' WHERE organization_id = $1", scim.access.organization_id
    )
    late = await admin.submit(page, "/cancel")
    assert late.status == 422
    assert late.html.xpath("//*[@role='alert']")
    assert not late.html.xpath("//form[contains(@action, '/purchases/')]")
    lines = (await admin.http.get(f"{admin.base}/seats/purchases.csv")).text.splitlines()
    assert len(lines) == 2
    assert "Nothing was bought then" in await admin.page("seats/purchases?to=2001-01-01")


async def bought(scim: Scim, state: PurchaseState) -> None:
    """A full seat that was bought for 20.00 of 30.00."""
    today = datetime.now(UTC)
    await sql.rows(
        "INSERT INTO seat_purchase (organization_id, id, seat_type, quantity, price_minor, amount_minor, currency,"
        " period_start, period_end, added_on, state, reserved_at, purchased_at)"
        " VALUES ($1, $2, 'full', 1, 3000, 2000, 'EUR', $3, $4, $3, $5, $6, $6)",
        scim.access.organization_id,
        uuid.uuid4(),
        today.date(),
        today.date() + timedelta(days=20),
        state.value,
        today,
    )


async def test_another_organizations_seats_are_not_there(
    admin: Person, new_directory: NewDirectory, scim: Scim, new_person: NewPerson
) -> None:
    other = await new_person(Scim(scim.http, await new_directory()), "eve", "admin")
    for path in ("seats", "seats/ledger", "seats/purchases", "seats/settings", "seats/ledger.csv", "seats/history.csv"):
        theirs, nobodys = await other.page(f"{admin.base}/{path}"), await other.page(f"/o/{uuid.uuid4()}/{path}")
        assert (theirs.status, theirs.text) == (nobodys.status, nobodys.text) == (404, nobodys.text)


async def test_whoever_may_not_read_is_told_which_permission_is_missing(viewer: Person) -> None:
    for path in ("seats", "seats/ledger", "seats/purchases", "seats/settings", "seats/ledger.csv", "seats/history.csv"):
        refused = await viewer.page(path)
        assert refused.status == 403
        assert "organization.read" in refused or "ORGANIZATION_READ" in refused


async def test_whoever_may_only_read_sees_no_buttons_and_is_refused(
    admin: Person, scim: Scim, new_person: NewPerson
) -> None:
    roles = await admin.page("roles")
    role = await admin.page(roles.html.xpath("//tbody//a[text()='Account Manager']/@href")[0])
    await admin.submit(role, role.url.rpartition("/")[2], own=["organization.read"])
    reader = await new_person(scim, "rae", "account-manager")
    page = await reader.page("seats/settings")
    assert "billing.manage" in page
    assert not page.html.xpath("//main//button[not(ancestor::footer)]")
    refused = await reader.submit(page, "/limits", **{"limit:FULL": "1", "was:FULL": ""})
    assert refused.status in (403, 422)
    assert "billing.manage" in refused or "BILLING_MANAGE" in refused
