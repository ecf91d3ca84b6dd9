"""A directory while somebody looks on: its URL, what arrives, and a report of how it is."""

from __future__ import annotations

import re

from api.provisioning import request_log
from db import sql
from tests.scim.conversation import Scim

from .conftest import Page, Person
from .test_provisioning import at, path_of


async def test_the_url_is_shown_on_every_later_visit_with_a_button_that_copies_it(admin: Person, scim: Scim) -> None:
    for rest in ("", "/setup"):
        for _ in range(2):
            page = await admin.page(at(scim, rest))
            [url] = page.html.xpath("//code[@id='scim-url']/text()")
            assert url == "http://rollcall.test/scim/v2"
            assert page.html.xpath("//button[@data-copy='scim-url']")


async def test_counters_rise_while_somebody_looks_on(admin: Person, scim: Scim) -> None:
    """R051: asked for again after four seconds, told nothing twice, and answered with the part alone."""
    await request_log.flush()
    page = await admin.page(at(scim))
    [part] = page.html.xpath("//*[@id='arriving']")
    every = re.fullmatch(r"every (\d+)s", part.get("hx-trigger"))
    assert every is not None
    assert int(every[1]) <= 5
    assert await _counted(page) == "1"
    assert (await admin.http.get(part.get("hx-get"), headers={"hx-request": "true"})).status_code == 204
    for number in range(10):
        await scim.make_user(f"p{number}@example.com")
    await request_log.flush()
    told = await admin.page(part.get("hx-get"), **{"hx-request": "true"})
    assert await _counted(told) == "11"
    assert "p9@example.com" in told
    assert told.html.find(".//nav") is None
    [again] = told.html.xpath("//*[@id='arriving']/@hx-get")
    assert (await admin.http.get(again, headers={"hx-request": "true"})).status_code == 204
    late = await admin.page(re.sub(r"since=\d+", "since=1", again), **{"hx-request": "true"})
    assert late.html.xpath("//*[@id='arriving']/@hx-get") == []
    assert "has stopped asking" in late
    assert path_of(await admin.page(again)) == path_of(page)


async def _counted(page: Page) -> str:
    [found] = page.html.xpath("//dt[text()='People']/following-sibling::dd")
    return str(found.text_content())


async def test_a_report_has_trace_ids_and_neither_keys_nor_people_beyond_the_address(admin: Person, scim: Scim) -> None:
    """R153."""
    phones = [{"type": "work", "value": "+44 20 7946 0018"}]
    name = {"givenName": "Zoltan", "familyName": "Quigley"}
    await scim.make_user("zq@example.com", name=name, displayName="Zoltan Quigley", phoneNumbers=phones, title="Boss")
    refused = await scim.post("/Users", {"userName": "zq@example.com", "name": name, "displayName": "Zoltan Quigley"})
    assert refused.status_code == 409
    await request_log.flush()
    page = await admin.page(at(scim))
    [button] = page.html.xpath("//button[@data-copy='report']")
    assert "Copy report" in button.text_content()
    whole = page.html.get_element_by_id("report").text_content()
    [trace] = re.findall(r"409 uniqueness, trace ([0-9a-f-]{36}), about zq@example.com", whole)
    one = await admin.page(f"activity/{trace}")
    [button] = one.html.xpath("//button[@data-copy='report']")
    assert "Copy report" in button.text_content()
    assert "Refused 409" in one
    of_request = one.html.get_element_by_id("report").text_content()
    assert trace in of_request
    for text in (whole, of_request):
        for secret in (scim.access.key, scim.access.key[8:20], "Zoltan", "Quigley", "7946", "Boss"):
            assert secret not in text


async def test_microsofts_article_is_named_where_people_come_from_entra_and_nowhere_else(
    admin: Person, scim: Scim
) -> None:
    """R041."""
    links = "//a[starts-with(@href, 'https://learn.microsoft.com/')][@target='_blank'][contains(@rel, 'noopener')]"
    assert (await admin.page("security")).html.xpath(links) == []
    await sql.rows("UPDATE directory SET provider = 'OKTA' WHERE id = $1", scim.access.directory_id)
    assert (await admin.page("security")).html.xpath(links) == []
    await sql.rows("UPDATE directory SET provider = 'ENTRA_ID' WHERE id = $1", scim.access.directory_id)
    page = await admin.page("security")
    assert len(page.html.xpath(links)) == 1
    assert "just in time with Entra ID" in page
