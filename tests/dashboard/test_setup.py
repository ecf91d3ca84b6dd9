"""The set-up wizard, from the domain to the day that a directory goes live."""

from __future__ import annotations

import re

import pytest

from api.provisioning import request_log
from dashboard import guides
from db import sql
from db.enums import Provider
from tests.google.double import Workspace
from tests.scim.conversation import Scim
from tests.scim.governing import choose

from .conftest import Page, Person
from .test_attributes import rows_of
from .test_people import HOSTILE
from .test_provisioning import at, key_on, path_of

LABELS = {
    "OKTA": ("SCIM connector base URL", "Unique identifier field for users", "Authorization (Bearer)"),
    "ENTRA_ID": ("Tenant URL", "userName", "Secret Token"),
    "JUMPCLOUD": ("Base URL", "userName", "Token Key"),
    "ONELOGIN": ("SCIM Base URL", "SCIM Username", "SCIM Bearer Token"),
    "PING": ("SCIM base URL", "userName", "OAuth Access Token"),
    "RIPPLING": ("SCIM base URL", "userName", "Bearer Token"),
    "GENERIC": ("Base URL", "Unique identifier", "Authorization, as HTTP header with a bearer token"),
}
"""What each console calls the URL, what identifies people, and the key (R034)."""


async def begun(admin: Person, provider: str = "OKTA", **fields: object) -> Page:
    """The page with the key, right after connecting."""
    page = await admin.page(f"provisioning/new?step=details&provider={provider}")
    return await admin.submit(page, "/provisioning/new", **{"name": "Okta production", **fields})


async def test_providers_are_chosen_among_and_the_one_for_all_others_is_last(admin: Person) -> None:
    page = await admin.page("provisioning/new")
    found = [each.text_content() for each in page.html.xpath("//*[@class='choice-name']")]
    assert found[:7] == [
        "Microsoft Entra ID",
        "Okta",
        "JumpCloud",
        "Google Workspace",
        "OneLogin",
        "Ping Identity (PingOne)",
        "Rippling",
    ]
    assert found[-1] == "Other (SCIM 2.0)"
    tested = [each for each in page.html.xpath("//a[@class='choice']") if "Tested" in each.text_content()]
    assert len(tested) == 3


@pytest.mark.parametrize("provider", LABELS)
async def test_each_guide_has_the_names_of_its_console_and_this_organizations_values(
    admin: Person, scim: Scim, provider: str
) -> None:
    page = await begun(admin, provider)
    for label in LABELS[provider]:
        assert label in page
    assert "http://rollcall.test/scim/v2" in page.html.xpath("//ol[@class='guide']//code/text()")
    assert key_on(page) in page.html.xpath("//ol[@class='guide']//code/text()")
    sides = {
        each.text_content() for each in page.html.xpath("//li[contains(@class, 'guide-step')]//span[@class='badge']")
    }
    assert "Here, in Rollcall" in sides
    assert len(sides) == 2
    vendors = page.html.xpath("//a[@target='_blank']")
    assert all("noopener" in link.get("rel") for link in vendors)
    assert vendors or provider not in ("OKTA", "ENTRA_ID", "JUMPCLOUD")


@pytest.mark.parametrize("provider", LABELS)
async def test_each_guide_says_how_users_and_groups_are_assigned(admin: Person, provider: str) -> None:
    """R109."""
    page = await begun(admin, provider)
    steps = [each.text_content() for each in page.html.xpath("//li[contains(@class, 'guide-step')]")]
    wanted = ("[Aa]ssign", "users|people", "[Gg]roup")
    assert [each for each in steps if all(re.search(word, each) for word in wanted)]
    groups = await admin.page(f"{path_of(page)}?step=groups")
    assert guides.of(provider).groups in groups


async def test_entra_begins_with_the_warning_about_the_gallery(admin: Person) -> None:
    page = await admin.page("provisioning/new?step=details&provider=ENTRA_ID")
    assert "Make a non-gallery app" in page


async def test_whoever_has_a_saml_app_already_reads_other_steps_without_losing_the_key(admin: Person) -> None:
    page = await begun(admin)
    assert page.html.xpath("//input[@type='radio'][@name='app']/@value") == ["new", "existing"]
    [new] = page.html.xpath("//li[contains(@class, 'for-new')]")
    [existing] = page.html.xpath("//li[contains(@class, 'for-existing')]")
    assert "Make an app integration" in new.text_content()
    assert "Open the SAML app that you have" in existing.text_content()


async def test_the_key_is_shown_once_and_works(admin: Person, scim: Scim) -> None:
    page = await begun(admin)
    key = key_on(page)
    again = await admin.page(path_of(page))
    assert key not in again.html.text_content()
    assert f"…{key[-4:]}" in again
    assert (await scim.using(key).get("/Users")).status_code == 200
    assert (await scim.get("/Users")).status_code == 200


@pytest.mark.parametrize("provider", ["OKTA", "GOOGLE_WORKSPACE"])
async def test_a_form_that_is_sent_twice_makes_one_directory(admin: Person, provider: str) -> None:
    form = await admin.page(f"provisioning/new?step=details&provider={provider}")
    fields = {"name": "Mine"}
    if provider == "GOOGLE_WORKSPACE":
        fields |= {"key_file": Workspace().key_file, "admin_email": "root@example.com"}
    first, second = [await admin.submit(form, "/provisioning/new", **fields) for _ in range(2)]
    assert first.url == second.url
    assert await sql.value("SELECT count(*) FROM directory WHERE name = 'Mine'") == 1
    if provider == "OKTA":
        assert key_on(first)
        assert "is connected already" in second
        assert "Make another key" in second


async def test_without_a_name_nothing_is_made_and_what_was_typed_stays(admin: Person) -> None:
    page = await begun(admin, name=" ", pilot_users="7")
    assert page.status == 422
    assert "needs a name" in page
    assert page.html.xpath("//input[@name='pilot_users']/@value") == ["7"]
    assert len((await admin.page("provisioning")).html.xpath("//article")) == 1  # that of the fixture


async def test_the_page_waits_for_the_first_request_and_is_told_nothing_twice(admin: Person, scim: Scim) -> None:
    page = await begun(admin)
    [url] = page.html.xpath("//*[@id='waiting']/@hx-get")
    assert (await admin.http.get(url)).status_code == 204
    await scim.using(key_on(page)).get("/Users", filter='userName eq "x"')
    await request_log.flush()
    told = await admin.page(url, **{"hx-request": "true"})
    assert told.status == 200
    assert "Working since" in told
    assert told.html.find(".//nav") is None
    [again] = told.html.xpath("//*[@id='waiting']/@hx-get")
    assert (await admin.http.get(again)).status_code == 204
    late = await admin.page(re.sub(r"since=\d+", "since=1", again), **{"hx-request": "true"})
    assert late.html.xpath("//*[@id='waiting']/@hx-get") == []
    assert "has stopped asking" in late


async def test_a_pilot_lets_in_one_and_going_live_everybody(admin: Person, scim: Scim) -> None:
    page = await begun(admin, pilot="yes", pilot_users="1")
    okta = scim.using(key_on(page))
    await okta.make_user("bo@example.com")
    refused = await okta.post("/Users", {"userName": "cy@example.com"})
    assert (refused.status_code, "pilot" in refused.text) == (403, True)
    step = await admin.page(path_of(page) + "?step=pilot")
    assert "lets in 1 person" in step
    live = await admin.submit(await admin.page(path_of(page) + "?step=live"), "/setup", act="live")
    assert "is live" in live
    await okta.make_user("cy@example.com")


async def test_attributes_say_how_many_came_with_them(admin: Person, scim: Scim) -> None:
    for name, title in (("bo", "Boss"), ("cy", "Clerk"), ("di", None)):
        await scim.make_user(f"{name}@example.com", **({"title": title} if title else {}))
    page = await admin.page(at(scim, "/setup?step=attributes"))
    rows = rows_of(page)
    assert len(rows) == 13
    assert "2 of 4" in rows["Position"]  # with the admin, who came by this directory as well
    assert "businessPhones" in rows["Work number"]
    okta = path_of(await begun(admin))
    assert "not sent by default" in await admin.page(f"{okta}?step=attributes")


async def test_seats_are_told_in_both_notations_and_what_happens_without(admin: Person, scim: Scim) -> None:
    page = await admin.page(at(scim, "/setup?step=seats"))
    codes = page.html.xpath("//code/text()")
    assert "urn:ietf:params:scim:schemas:extension:safetyculture:2.0" in codes
    assert "urn:ietf:params:scim:schemas:extension:safetyculture:2.0:seat_type" in codes
    assert "Without a mapping everybody gets a full seat." in page
    assert "everybody gets full" in await admin.page(at(scim, "/setup?step=live"))


async def test_groups_that_came_are_listed_with_what_they_give(admin: Person, scim: Scim) -> None:
    assert "No groups yet" in await admin.page(at(scim, "/setup?step=groups"))
    await scim.make_group(HOSTILE, [])
    page = await admin.page(at(scim, "/setup?step=groups"))
    assert HOSTILE in page
    assert not page.html.xpath("//img[@onerror] | //script[not(@src)]")


async def test_single_sign_on_that_is_missing_is_told_before_anything_is_typed(admin: Person, scim: Scim) -> None:
    await choose(scim, require_sso="CONFIGURED")
    assert "Single sign-on has to be set up" in await admin.page("provisioning/new")
    refused = await begun(admin)
    assert refused.status == 422
    assert "require_sso" in refused


async def test_google_is_fetched_and_its_key_file_is_never_shown(admin: Person) -> None:
    key_file = Workspace().key_file
    page = await begun(
        admin, "GOOGLE_WORKSPACE", name="Google", key_file=key_file, admin_email="root@example.com", takes_groups="yes"
    )
    assert "Rollcall fetches everybody now." in page
    assert "Fetching people…" in page
    shown = await admin.page(path_of(page).removesuffix("/setup") + "?tab=settings")
    assert key_file[200:240] not in shown.html.text_content()
    wrong = await begun(admin, "GOOGLE_WORKSPACE", name="Google", key_file="{}", admin_email="root@example.com")
    assert wrong.status == 422
    assert wrong.html.xpath("//input[@name='admin_email']/@value") == ["root@example.com"]


def test_every_provider_that_is_known_can_be_chosen_and_has_a_guide() -> None:
    assert set(guides.ORDER) == set(Provider)
    assert {each.provider for each in guides.every().values()} == set(guides.every())
    assert guides.of("KEYCLOAK").provider is Provider.GENERIC


def test_templates_to_paste_keep_their_braces() -> None:
    guide = guides.of("ONELOGIN").filled({"scim_url": "https://x.example/scim/v2"})
    texts = [field.value for step in guide.steps for field in step.fields]
    assert "https://x.example/scim/v2" in texts
    assert any("{$user.email}" in text for text in texts)
