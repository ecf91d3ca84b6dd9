"""Importing people, changing many of them, and taking lists away, as pages."""

from __future__ import annotations

import csv
import io

import pytest

from tests.conftest import BASE_URL
from tests.scim.conversation import Scim

from .conftest import HTML, Person

FILE = """\
E-mail;Name;seat_type;role
ann@elsewhere.org;Ann;lite;
ada@example.com;Ada;;
nonsense;No;;
bo@elsewhere.org;Bo;;admin
"""


async def test_people_are_imported_after_a_look_at_each_row(admin: Person) -> None:
    page = await admin.page("people/import")
    seen = await admin.submit(page, "/people/import", rows=FILE)
    assert "Nothing has changed yet" in seen
    assert "Applied 2" in seen
    assert "Known: a member of this organization" in seen
    assert "nonsense" in seen
    assert "1 person" in await admin.page("people")
    done = await admin.submit(seen, "/run")
    assert "All rows are done." in done
    assert "3 people" in await admin.page("people")
    refused = await admin.page(f"{done.url}?outcome=REFUSED")
    assert len(refused.html.xpath("//tbody/tr")) == 1
    assert "no e-mail address" in refused
    told = await admin.http.get(f"{done.url}/results.csv")
    assert [each["outcome"] for each in csv.DictReader(io.StringIO(told.content.decode("utf-8-sig")))] == [
        "Applied",
        "Unchanged",
        "Refused",
        "Applied",
    ]
    again = await admin.submit(page, "/people/import", rows=FILE)
    assert again.url == done.url


async def test_a_file_is_read_as_spreadsheets_save_it(admin: Person) -> None:
    page = await admin.page("people/import")
    fields = dict(page.form("/people/import").form_values())
    answer = await admin.http.post(
        f"{admin.base}/people/import",
        data={"form_token": fields["form_token"], "once": "1"},
        files={"file": ("people.csv", "email,name\njörg@elsewhere.org,Jörg\n".encode("cp1252"), "text/csv")},
        headers={**HTML, "origin": BASE_URL},
    )
    assert "Import of people: 1 row" in answer.text
    assert "jörg@elsewhere.org" in answer.text


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("", "Choose a file, or paste rows."),
        ("email\n", "no rows below the head"),
        ("email,shoe\na@b.org,43\n", "There is no column “shoe”"),
        ("email,seat_type\na@b.org,huge\n", "Row 1: seat_type is full, lite or free, not “huge”"),
        ("name\nAnn\n", "Row 1 has no email"),
        ("email,is_new\na@b.org,perhaps\n", "is_new is yes or no"),
        ("email,name\na@b.org\n", "Line 2 has 1 cells, and the head 2"),
    ],
)
async def test_rows_that_cannot_be_read_are_told_and_kept(admin: Person, rows: str, told: str) -> None:
    page = await admin.submit(await admin.page("people/import"), "/people/import", rows=rows)
    assert page.status == 422
    assert told in page
    kept = page.html.get_element_by_id("rows").text or ""
    assert kept.split() == rows.split()


async def test_many_are_changed_after_a_look_at_each(admin: Person, scim: Scim) -> None:
    for name in ("bo", "cy", "di"):
        await scim.make_user(f"{name}@example.com", displayName=name.title())
    page = await admin.page("people")
    ids = page.html.xpath("//input[@name='member']/@value")
    nobody = await admin.submit(page, "/people/bulk", whom="ticked")
    assert "Tick the people whom you want to change." in nobody
    asked = await admin.submit(page, "/people/bulk", member=ids[1:3], whom="ticked")
    assert "Change 2 people" in asked
    nothing = await admin.submit(asked, "/people/bulk")
    assert nothing.status == 422
    assert "Choose what to change." in nothing
    seen = await admin.submit(asked, "/people/bulk", seat="LITE", reason="the pilot is over")
    assert "Applied 2" in seen
    assert "0 people" in await admin.page("people?seat=LITE")
    await admin.submit(seen, "/run")
    assert "2 people" in await admin.page("people?seat=LITE")


async def test_all_who_fit_are_changed_at_once(admin: Person, scim: Scim) -> None:
    for name in ("bo", "cy"):
        await scim.make_user(f"{name}@example.com", displayName=f"{name.title()} Berg")
    page = await admin.page("people?query=berg")
    asked = await admin.submit(page, "/people/bulk?query=berg", whom="all")
    assert "Change 2 people" in asked
    seen = await admin.submit(asked, "/people/bulk", access="out")
    await admin.submit(seen, "/run")
    assert "2 people" in await admin.page("people?status=DEACTIVATED")


async def test_a_job_goes_on_by_itself_where_pages_can(admin: Person) -> None:
    page = await admin.submit(await admin.page("people/import"), "/people/import", rows=FILE)
    answer = await admin.http.post(
        f"{page.url}/run",
        data=dict(page.form("/run").form_values()),
        headers={**HTML, "origin": BASE_URL, "hx-request": "true"},
    )
    assert answer.status_code == 204
    assert page.url.endswith(answer.headers["hx-redirect"])


async def test_the_list_is_saved_as_it_is_filtered_and_no_cell_is_a_formula(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com", displayName="=HYPERLINK(1)")
    answer = await admin.http.get(f"{admin.base}/people/export.csv?query=bo")
    assert "attachment" in answer.headers["content-disposition"]
    found = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [each["email"] for each in found] == ["bo@example.com"]
    assert found[0]["display_name"] == "'=HYPERLINK(1)"


async def test_whoever_may_not_read_people_gets_no_file_and_starts_no_job(viewer: Person) -> None:
    for path in ("people/export.csv", "people/import", "people/jobs"):
        refused = await viewer.page(path)
        assert refused.status == 403
        assert "permission" in refused
