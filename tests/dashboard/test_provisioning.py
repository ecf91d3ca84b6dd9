"""Directories as pages: how they are, their keys, settings, pause and end."""

from __future__ import annotations

import re
import uuid

import httpx
import pytest

from api.provisioning import plans, request_log
from api.provisioning.plan_catalogue import Catalogue
from dashboard import bars
from db import sql
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim

from .conftest import NewPerson, Page, Person
from .test_people import HOSTILE


def at(scim: Scim, rest: str = "") -> str:
    """The path of the directory's page below the organization."""
    return f"provisioning/{scim.access.directory_id}{rest}"


def path_of(page: Page) -> str:
    """Where a page is, without what stands behind the question mark."""
    return httpx.URL(page.url).path


def key_on(page: Page) -> str:
    """The key that a page shows once."""
    [found] = page.html.xpath("//code[@id='secret']/text()")
    return str(found)


async def test_directories_with_health_keys_and_the_outcomes_of_the_day(admin: Person, scim: Scim) -> None:
    await scim.post("/Users", {})
    await request_log.flush()
    page = await admin.page("provisioning")
    assert page.status == 200
    assert "GENERIC" in page
    assert "Healthy" in page
    assert f"Key …{scim.access.key[-4:]}" in page
    assert "1 refused in the last 24 hours" in page
    assert page.html.xpath("//*[local-name()='rect'][@class='refused']")


async def test_scim_and_just_in_time_are_compared_in_eight_rows(admin: Person) -> None:
    page = await admin.page("provisioning")
    [table] = page.html.xpath("//table[caption[contains(., 'compared')]]")
    assert len(table.xpath(".//tbody/tr")) == 8
    assert f"{admin.base}/provisioning/new" in table.xpath(".//thead//a/@href")


async def test_without_the_plan_nothing_is_offered_and_it_says_whom_to_ask(admin: Person, vendor: Catalogue) -> None:
    assert plans.catalogue() is vendor
    page = await admin.page("provisioning")
    assert "has no directories" in page
    assert not page.html.xpath("//main//a[@class='button first']")


async def test_a_viewer_is_told_which_permission_is_missing(viewer: Person, scim: Scim) -> None:
    for path in ("provisioning", "provisioning/new", at(scim), at(scim, "/setup"), at(scim, "/delete")):
        page = await viewer.page(path)
        assert page.status == 403
        assert "organization." in page


async def test_another_organizations_directory_is_as_one_that_never_was(
    admin: Person, scim: Scim, new_directory: NewDirectory, new_person: NewPerson
) -> None:
    other = Scim(scim.http, await new_directory())
    for rest in ("", "/setup", "/delete", "/keys/replace", "/waiting"):
        theirs = await admin.page(at(other, rest))
        nobodys = await admin.page(f"provisioning/{uuid.uuid4()}{rest}")
        assert (theirs.status, theirs.text) == (404, nobodys.text)
    page = await admin.page(at(scim))
    url = page.url.replace(str(scim.access.directory_id), str(other.access.directory_id))
    token = page.html.xpath("//input[@name='form_token']/@value")[0]
    answer = await admin.http.post(f"{url}/state", data={"form_token": token, "act": "pause"})
    assert answer.status_code == 404


async def test_a_directory_is_paused_and_goes_on(admin: Person, scim: Scim) -> None:
    paused = await admin.submit(await admin.page(at(scim)), "/state", act="pause")
    assert "Paused" in paused
    assert (await scim.get("/Users")).status_code == 503
    await admin.submit(paused, "/state", act="resume")
    assert (await scim.get("/Users")).status_code == 200


async def test_a_second_key_is_shown_once_and_its_use_is_proved(admin: Person, scim: Scim) -> None:
    made = await admin.submit(await admin.page(at(scim, "?tab=keys")), "/keys", act="second", overlap="24")
    new = key_on(made)
    assert "Both keys work until" in made
    assert "UTC tomorrow. Paste the new one" in made
    assert "Waiting for the first request with the new key…" in made
    assert new not in (await admin.page(path_of(made))).html.text_content()
    assert (await scim.get("/Users")).status_code == 200
    assert (await scim.using(new).get("/Users")).status_code == 200
    await request_log.flush()
    assert "Working since" in await admin.page(at(scim, "/setup"))


async def test_a_key_is_replaced_at_once_after_a_question(admin: Person, scim: Scim) -> None:
    asked = await admin.page(at(scim, "/keys/replace"))
    assert "cannot sync until" in asked
    made = await admin.submit(asked, "/keys", act="replace")
    assert (await scim.get("/Users")).status_code == 401
    assert (await scim.using(key_on(made)).get("/Users")).status_code == 200


async def test_one_key_is_ended(admin: Person, scim: Scim) -> None:
    keys = await admin.page(at(scim, "?tab=keys"))
    [link] = keys.html.xpath("//a[contains(@href, '/keys/revoke')]/@href")
    ended = await admin.submit(await admin.page(link), "/keys/revoke")
    assert "The key has ended." in ended
    assert (await scim.get("/Users")).status_code == 401
    assert "which has ended" in await admin.page(at(scim))


async def test_settings_are_saved_and_what_is_wrong_keeps_what_was_typed(admin: Person, scim: Scim) -> None:
    page = await admin.page(at(scim, "?tab=settings"))
    saved = await admin.submit(page, "/settings", name="Okta production", import_new_users=None)
    assert "The settings are saved." in saved
    assert saved.html.xpath("//input[@name='import_new_users']/@checked") == []
    wrong = await admin.submit(saved, "/settings", name=" ", import_new_users="yes")
    assert wrong.status == 422
    assert "needs a name" in wrong
    assert wrong.html.xpath("//input[@name='import_new_users']/@checked") == ["checked"]


async def test_settings_by_which_people_change_are_looked_at_first(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com", displayName="Bo Berg")
    gone = await scim.make_user("cy@example.com", displayName=HOSTILE, active=False)
    assert gone
    page = await admin.page(at(scim, "?tab=settings"))
    look = await admin.submit(page, "/settings", suspend_on_inactive=None)
    assert "This changes 1 person" in look
    assert HOSTILE in look
    assert not look.html.xpath("//img[@onerror] | //script[not(@src)]")
    saved = await admin.submit(look, "/settings")
    assert "The settings are saved." in saved
    assert saved.html.xpath("//input[@name='suspend_on_inactive']/@checked") == []


async def test_numbers_that_changed_meanwhile_are_looked_at_again(admin: Person, scim: Scim) -> None:
    await scim.make_user("cy@example.com", active=False)
    look = await admin.submit(await admin.page(at(scim, "?tab=settings")), "/settings", suspend_on_inactive=None)
    await scim.make_user("di@example.com", active=False)
    again = await admin.submit(look, "/settings")
    assert "The numbers changed since you looked." in again
    assert "This changes 2 people" in again


async def test_a_directory_is_deleted_with_a_choice_and_its_name_and_restored(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com")
    page = await admin.page(at(scim, "/delete"))
    assert "Keep them, managed here" in page
    [kept] = page.html.xpath("//input[@value='KEEP_LOCAL']")
    assert kept.get("disabled") is None
    assert page.html.xpath("//input[@value='REMOVE_ALL']/@disabled") == ["disabled"]  # the last admin is among them
    none = await admin.submit(page, "/delete", name="GENERIC")
    assert none.status == 422
    assert "Choose what becomes of its people." in none
    wrong = await admin.submit(page, "/delete", members="KEEP_LOCAL", name="Generic?")
    assert wrong.status == 422
    assert wrong.html.xpath("//input[@name='name']/@value") == ["Generic?"]
    gone = await admin.submit(wrong, "/delete", members="KEEP_LOCAL", name="GENERIC")
    assert "can be restored for 30 days" in gone
    assert (await scim.get("/Users")).status_code == 401
    back = await admin.submit(gone, "/restore")
    assert (await scim.using(key_on(back)).get("/Users")).status_code == 200


@pytest.mark.parametrize("tab", ["overview", "keys", "settings"])
async def test_names_that_are_hostile_do_nothing(admin: Person, scim: Scim, tab: str) -> None:
    page = await admin.page(at(scim, "?tab=settings"))
    await admin.submit(page, "/settings", name=HOSTILE)
    await scim.post("/Users", {"userName": HOSTILE})
    page = await admin.page(at(scim, f"?tab={tab}"))
    assert HOSTILE in page
    for each in (page, await admin.page("provisioning"), await admin.page(at(scim, "/delete"))):
        assert each.status == 200
        assert not each.html.xpath("//img[@onerror] | //script[not(@src)]")


def test_bars_say_more_than_their_colour() -> None:
    hours = [{"written": 0, "read": 0, "refused": 0, "isKnown": False} for _ in range(22)]
    hours += [{"written": 5, "read": 1, "refused": 2, "isKnown": True}]
    hours += [{"written": 0, "read": 0, "refused": 0, "isKnown": True}]
    found = bars.outcomes(hours)
    assert {bar.kind for bar in found.bars} == {"done", "refused", "none", "unknown"}
    above = next(bar for bar in found.bars if bar.kind == "done")
    below = next(bar for bar in found.bars if bar.kind == "refused")
    assert above.y + above.height <= bars.ABOVE < below.y
    assert found.text == "6 requests carried out, 2 refused in the last 24 hours"


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


async def test_a_wrong_path_is_hinted_at_and_attributes_are_looked_at_from_there(admin: Person, scim: Scim) -> None:
    """R150: whether they come stands one click away."""
    await scim.http.get("/scim/Users", headers={"authorization": f"Bearer {scim.access.key}"})
    await request_log.flush()
    page = await admin.page(at(scim))
    assert "The URL to put into the identity provider is http://rollcall.test/scim/v2" in page
    [link] = page.html.xpath("//a[text()='Do the attributes arrive?']/@href")
    for name, title in (("bo", "Boss"), ("cy", "Clerk")):
        await scim.make_user(f"{name}@example.com", title=title)
    rows = rows_of(await admin.page(link))
    assert "2 of 3" in rows["Position"]  # with the admin, who came by this directory as well


def rows_of(page: Page) -> dict[str, str]:
    """The rows of the table of attributes by what they are called here."""
    rows = page.html.xpath("//table[contains(@class, 'attributes')]/tbody/tr")
    names = [row.xpath("normalize-space(td[1]/span/text())") for row in rows]
    return {name: " ".join(" ".join(row.itertext()).split()) for name, row in zip(names, rows, strict=True)}


async def test_the_table_has_thirteen_rows_of_four_names_and_says_what_the_source_lacked(
    admin: Person, scim: Scim
) -> None:
    """R076 to R084."""
    page = await admin.page(at(scim, "?tab=attributes"))
    rows = rows_of(page)
    assert len(rows) == 13
    heads = page.html.xpath("//table[contains(@class, 'attributes')]//th/text()")
    assert heads[:4] == ["Here, and in SCIM", "Okta", "JumpCloud", "Entra ID"]
    for label, names in {
        "Username": "userName userName username userPrincipalName",
        "First name": "name.givenName firstName firstname givenName",
        "Last name": "name.familyName lastName lastname surname",
        "Mobile number": "mobilePhone mobile mobilePhone",
        "Work number": "– not sent by default phone businessPhones",
        "Position": "title title jobTitle jobTitle",
        "State": "state address.region state",
        "Status": "active active activated accountEnabled",
    }.items():
        assert names in rows[label], label
    assert "email email mail" in rows["E-mail address"]
    assert page.html.xpath("//td//a[@href='#source']")
    [footnote] = page.html.xpath("//*[@id='source']")
    assert "leaves the cell of the e-mail address empty" in footnote.text_content()


async def test_notes_are_written_beside_attributes_and_shown_wherever_they_are_looked_at(
    admin: Person, scim: Scim
) -> None:
    """R085."""
    page = await admin.page(at(scim, "?tab=attributes"))
    saved = await admin.submit(page, "/attributes", **{"note title": f"Rank {HOSTILE}"})
    assert "The attributes are saved." in saved
    assert saved.html.xpath("//input[@name='note title']/@value") == [f"Rank {HOSTILE}"]
    step = await admin.page(at(scim, "/setup?step=attributes"))
    assert f"Rank {HOSTILE}" in rows_of(step)["Position"]
    assert not step.html.xpath("//img[@onerror] | //script[not(@src)]")
    endless = await admin.submit(saved, "/attributes", **{"note title": "x" * 301, "note active": "Called live"})
    assert endless.status == 422
    assert "The note of Position is longer than 300 letters" in endless
    assert endless.html.xpath("//input[@name='note active']/@value") == ["Called live"]
    assert "Called live" not in rows_of(await admin.page(at(scim, "/setup?step=attributes")))["Status"]


async def test_what_is_left_out_is_told_and_who_somebody_is_cannot_be(admin: Person, scim: Scim) -> None:
    """R089."""
    page = await admin.page(at(scim, "?tab=attributes"))
    boxes = page.html.xpath("//input[@name='kept']/@value")
    assert len(boxes) == 8
    assert not [each for each in boxes if each.startswith(("userName", "name", "emails", "active"))]
    saved = await admin.submit(page, "/attributes", kept=[each for each in boxes if each != "title"])
    assert saved.html.xpath("//input[@name='kept'][not(@checked)]/@value") == ["title"]
    assert "title" not in await scim.make_user("bo@example.com", title="Boss")
    assert "Left out" in rows_of(await admin.page(at(scim, "/setup?step=attributes")))["Position"]


async def test_whoever_may_not_manage_writes_no_notes(viewer: Person, admin: Person, scim: Scim) -> None:
    page = await admin.page(at(scim, "?tab=attributes"))
    token = page.html.xpath("//input[@name='form_token']/@value")[0]
    answer = await viewer.http.post(f"{admin.base}/{at(scim, '/attributes')}", data={"form_token": token})
    assert (answer.status_code, "organization.manage" in answer.text) == (403, True)


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


async def test_a_key_that_replaces_another_is_waited_for_until_it_is_used(admin: Person, scim: Scim) -> None:
    """R142, at once: the words, and since when it works."""
    asked = await admin.page(at(scim, "/keys/replace"))
    made = await admin.submit(asked, "/keys", act="replace")
    assert re.search(
        r"The old key stopped working at \d\d:\d\d UTC\. Your directory cannot sync until you paste", made.text
    )
    assert "Waiting for the first request with the new key…" in made
    assert "Copy this key now. It is shown once. If you lose it, replace it." in made
    new = scim.using(key_on(made))
    assert (await new.get("/Users")).status_code == 200
    await request_log.flush()
    [first] = (await admin.page(at(scim, "/setup"))).html.xpath("//h2[@id='waiting-title']//time/@datetime")
    await sql.rows("UPDATE directory_key SET last_used_at = last_used_at - interval '1 hour'")
    assert (await new.get("/Users")).status_code == 200
    await request_log.flush()
    page = await admin.page(at(scim, "/setup"))
    assert re.search(r"Working since \d\d:\d\d UTC", page.text)
    assert page.html.xpath("//h2[@id='waiting-title']//time/@datetime") == [first]
