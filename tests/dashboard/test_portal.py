"""Portal links as somebody has them who has no account: once, for one organization, and for one purpose."""

from __future__ import annotations

import re
import uuid

import lxml.html
import pytest

from db import sql
from tests.conftest import BASE_URL, NewDirectory
from tests.scim.conversation import Scim

from .conftest import HTML, NewPerson, Page, Person
from .test_provisioning import key_on, path_of


async def link(admin: Person, **fields: object) -> str:
    """The path of a new link."""
    made = await admin.submit(await admin.page("provisioning/portal"), "/provisioning/portal", **fields)
    [found] = made.html.xpath("//code[@id='link']/text()")
    return str(found).removeprefix("http://rollcall.test")


async def entered(admin: Person, stranger: Person, **fields: object) -> Page:
    """The first page behind a new link."""
    page = await stranger.page(await link(admin, **fields))
    return await stranger.submit(page, path_of(page))


async def test_a_link_works_once_in_a_clean_browser(admin: Person, stranger: Person) -> None:
    path = await link(admin)
    page = await stranger.page(path)
    assert page.status == 200
    assert "You need no account" in page
    again = await stranger.page(path)  # looking uses nothing up
    assert again.status == 200
    first = await stranger.submit(again, path)
    assert "Connect a directory" in first
    assert "Set-up for Acme" in first.html.text_content()
    for second in (await stranger.page(path), await stranger.submit(page, path)):
        assert second.status == 410
        assert "Ask for a new link" in second


async def test_a_link_that_is_too_old_says_to_ask_for_a_new_one(admin: Person, stranger: Person) -> None:
    path = await link(admin)
    await sql.rows("UPDATE portal_link SET expires_at = now() - interval '1 second'")
    page = await stranger.page(path)
    assert page.status == 410
    assert "Ask for a new link" in page
    assert (await stranger.page("/portal/nothing")).text == page.text


async def test_whoever_has_it_connects_a_directory_and_gets_the_key(
    admin: Person, stranger: Person, scim: Scim
) -> None:
    page = await entered(admin, stranger)
    base = path_of(page).partition("/provisioning")[0]
    form = await stranger.page(f"{base}/provisioning/new?step=details&provider=ENTRA_ID")
    made = await stranger.submit(form, "/provisioning/new", name="Entra")
    again = await stranger.submit(form, "/provisioning/new", name="Entra")
    assert again.url == made.url
    assert (await scim.using(key_on(made)).get("/Users")).status_code == 200
    for step in ("key", "attributes", "seats", "groups", "pilot", "live"):
        shown = await stranger.page(f"{path_of(made)}?step={step}")
        assert shown.status == 200
        outside = [each for each in shown.html.xpath("//main//a/@href") if each.startswith("/")]
        assert [each for each in outside if not re.search(r"/setup|/provisioning/|/domains$", each)] == []
    live = await stranger.submit(await stranger.page(f"{path_of(made)}?step=live"), "/setup", act="live")
    assert "An admin of Acme takes it from here." in live


async def test_no_other_page_and_no_other_organization_is_there(
    admin: Person, stranger: Person, scim: Scim, new_directory: NewDirectory, new_person: NewPerson
) -> None:
    other = await new_directory()
    await entered(admin, stranger)
    here = admin.base
    directory = scim.access.directory_id
    paths = ["", "/people", "/security", "/provisioning", "/provisioning/portal", f"/provisioning/{directory}"]
    paths += [f"/provisioning/{directory}/delete", f"/provisioning/{directory}/keys/replace"]
    for path in [f"{here}{each}" for each in paths] + [f"/o/{other.organization_id}/provisioning/new", "/account"]:
        assert (await stranger.page(path)).status == 404, path
    assert (await stranger.page(f"{here}/provisioning/{other.directory_id}/setup")).status == 404
    assert (await stranger.page(f"{here}/provisioning/{uuid.uuid4()}/setup")).status == 404


async def test_no_key_is_made_for_a_directory_that_is_in_use(admin: Person, stranger: Person, scim: Scim) -> None:
    page = await entered(admin, stranger)
    assert page.status == 200
    path = f"{admin.base}/provisioning/{scim.access.directory_id}/setup"
    shown = await stranger.page(path)
    assert (shown.status, "This directory is in use" in shown) == (403, True)
    assert "ada@example.com" not in shown  # whom it has sent
    token = page.html.xpath("//input[@name='form_token']/@value")[0]
    answer = await stranger.http.post(path, data={"form_token": token, "act": "key"}, headers={"accept": "text/html"})
    assert answer.status_code == 403
    assert await sql.value("SELECT count(*) FROM directory_key WHERE directory_id = $1", scim.access.directory_id) == 1


async def test_a_link_for_domains_leads_to_domains_and_no_further(admin: Person, stranger: Person) -> None:
    page = await entered(admin, stranger, purpose="DOMAINS")
    assert path_of(page) == f"{admin.base}/domains"
    assert "Go on to the directory" not in page
    added = await stranger.submit(page, "/domains", name="example.org")
    assert "_acme" in added or "TXT" in added
    assert "Remove example.org" not in added
    token = added.html.xpath("//input[@name='form_token']/@value")[0]
    for act, status in (("challenge", 200), ("attest", 404), ("remove", 404), ("subdomains", 404)):
        url = f"{path_of(added)}/{act}"
        answer = await stranger.http.post(url, data={"form_token": token}, headers={**HTML, "origin": BASE_URL})
        assert answer.status_code == status, act
    for path in (f"{path_of(added)}/removal", f"{admin.base}/provisioning/new", f"{admin.base}/people"):
        assert (await stranger.page(path)).status == 404
    assert "example.org" in await admin.page("domains")


async def test_a_link_for_provisioning_proves_domains_and_goes_on(admin: Person, stranger: Person) -> None:
    await entered(admin, stranger)
    page = await stranger.page(f"{admin.base}/domains")
    [on] = page.html.xpath("//a[text()='Go on to the directory']/@href")
    assert "Connect a directory" in await stranger.page(on)


async def test_the_time_is_extended_and_ended(admin: Person, stranger: Person) -> None:
    page = await entered(admin, stranger)
    await sql.rows("UPDATE portal_link SET session_ends_at = now() + interval '1 minute'")
    longer = await stranger.submit(page, "/portal/extend")
    assert "You have until" in longer
    ended = await stranger.submit(longer, "/portal/end")
    assert "Your time here is over" in ended
    assert "Sign in" in (await stranger.page(f"{admin.base}/provisioning/new")).html.text_content()


async def test_somebody_who_has_signed_in_elsewhere_can_use_one_too(
    admin: Person, new_directory: NewDirectory, new_person: NewPerson, scim: Scim
) -> None:
    other = await new_person(Scim(scim.http, await new_directory()), "eve", "admin")
    page = await entered(admin, other)
    assert "Set-up for Acme" in page.html.text_content()
    assert (await other.page("people")).status == 200
    colleague = await new_person(scim, "vic")
    assert (await colleague.page("provisioning/new")).status == 403
    page = await entered(admin, colleague)
    assert "Set-up for Acme" in page.html.text_content()


async def test_links_are_listed_and_ended_at_once(admin: Person, stranger: Person, viewer: Person) -> None:
    page = await entered(admin, stranger, email="it@example.com")
    unused = await link(admin)
    listed = await admin.page("provisioning/portal")
    assert "In use" in listed
    assert "Not used yet" in listed
    assert "it@example.com" in listed
    actions = [each.get("action") for each in listed.html.forms if "/revoke" in (each.get("action") or "")]
    assert len(actions) == 2
    for action in actions:
        listed = await admin.submit(listed, action)
    assert "In use" not in listed
    assert "/revoke" not in str(lxml.html.tostring(listed.html))
    assert (await stranger.page(unused)).status == 410
    assert path_of(await stranger.page(page.url)) == "/sign-in"
    assert await sql.value("SELECT count(*) FROM change WHERE action = 'portal_link_revoked'") == 2
    token = listed.html.xpath("//input[@name='form_token']/@value")[0]
    assert (await viewer.http.post(actions[0], data={"form_token": token}, headers=HTML)).status_code == 403


async def test_what_is_wrong_with_a_link_is_told_and_what_was_typed_stays(admin: Person, viewer: Person) -> None:
    page = await admin.page("provisioning/portal")
    wrong = await admin.submit(page, "/provisioning/portal", email="nonsense", minutes="1440")
    assert wrong.status == 422
    assert wrong.html.xpath("//input[@name='email']/@value") == ["nonsense"]
    assert wrong.html.xpath("//select[@name='minutes']/option[@selected]/@value") == ["1440"]
    assert (await viewer.page("provisioning/portal")).status == 403


@pytest.mark.parametrize("path", ["/portal/extend", "/portal/end"])
async def test_forms_of_others_are_refused(admin: Person, stranger: Person, path: str) -> None:
    await entered(admin, stranger)
    answer = await stranger.http.post(f"{admin.base}{path}", data={"form_token": "guessed"})
    assert answer.status_code == 403


async def test_time_is_extended_in_place_so_that_a_key_that_is_shown_once_stays(
    admin: Person, stranger: Person
) -> None:
    """WCAG 2.2.1: it is said when the time ends, and one press makes it longer without losing anything."""
    page = await entered(admin, stranger)
    base = path_of(page).partition("/provisioning")[0]
    form = await stranger.page(f"{base}/provisioning/new?step=details&provider=OKTA")
    made = await stranger.submit(form, "/provisioning/new", name="Okta")
    [time] = made.html.xpath("//form[@id='time']")
    assert re.search(
        r"Your time ends at \d\d:\d\d UTC( tomorrow)?, in 59 minutes\.", " ".join(time.text_content().split())
    )
    assert (time.get("hx-target"), time.get("hx-swap")) == ("this", "outerHTML")
    await sql.rows("UPDATE portal_link SET session_ends_at = now() + interval '1 minute'")
    token = time.xpath(".//input[@name='form_token']/@value")[0]
    answer = await stranger.http.post(time.get("hx-post"), data={"form_token": token}, headers={"hx-request": "true"})
    assert answer.status_code == 200
    part = lxml.html.fragment_fromstring(answer.text.strip())
    assert (part.tag, part.get("id")) == ("form", "time")
    assert "in 59 minutes" in answer.text
    assert "One hour more" in answer.text


async def test_without_scripts_the_time_is_extended_and_the_page_is_the_same(admin: Person, stranger: Person) -> None:
    page = await entered(admin, stranger)
    details = await stranger.page(f"{path_of(page)}?step=details&provider=OKTA")
    token = details.html.xpath("//input[@name='form_token']/@value")[0]
    for referer, path in (
        (details.url, f"{path_of(page)}?step=details&provider=OKTA"),
        ("https://evil.example/x", path_of(page)),
        (f"{BASE_URL}//evil.example", path_of(page)),
    ):
        answer = await stranger.http.post(
            f"{admin.base}/portal/extend",
            data={"form_token": token},
            headers={**HTML, "origin": BASE_URL, "referer": referer},
            follow_redirects=False,
        )
        assert (answer.status_code, answer.headers["location"]) == (303, path)


async def test_a_session_that_cannot_be_made_longer_says_so(admin: Person, stranger: Person) -> None:
    page = await entered(admin, stranger)
    await sql.rows("UPDATE portal_link SET used_at = used_at - interval '12 hours'")
    again = await stranger.page(page.url)
    assert "It cannot be made longer." in again.html.text_content()
    assert "One hour more" not in again.html.text_content()
