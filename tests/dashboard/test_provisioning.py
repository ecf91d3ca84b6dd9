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
