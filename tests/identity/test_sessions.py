"""Sessions: whose they are, how they end, what another site can do with them, and where they let in."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from api.identity import accounts, break_glass, sessions
from api.identity.sessions import Browser, Proof
from api.provisioning.caller import the_operator
from db import sql
from db.enums import MailKind, Way
from db.ids import OrganizationId
from tests.conftest import BASE_URL, NewDirectory
from tests.dashboard.conftest import HTML, NewPerson, Person
from tests.mail.carrying import facts, stored
from tests.scim.conversation import Scim
from tests.scim.governing import governor

from .conftest import Post, asked_for_code

COOKIE = "rollcall-session"


async def _user(scim: Scim, name: str) -> str:
    [found] = (await scim.read("/Users", filter=f'userName eq "{name}"'))["Resources"]
    return str(found["id"])


async def _set_active(scim: Scim, user: str, *, active: bool) -> None:
    answer = await scim.patch(f"/Users/{user}", {"op": "replace", "path": "active", "value": active})
    assert answer.status_code in (200, 204)


def _is_out(page: object) -> bool:
    return httpx.URL(page.url).path == "/sign-in"  # type: ignore[attr-defined]


async def test_signing_in_gives_a_token_that_nobody_could_have_given_before(
    stranger: Person, ann: str, post: Post
) -> None:
    stranger.http.cookies.set(COOKIE, "chosen by an attacker")
    page = await asked_for_code(stranger, ann)
    await stranger.submit(page, httpx.URL(page.url).path, code=await post.code(ann))
    values = {each.value for each in stranger.http.cookies.jar if each.name == COOKIE}
    assert "chosen by an attacker" not in {v for v in values if v and len(v) > 30}
    assert await sql.value("SELECT count(*) FROM session") == 1


async def test_whoever_signs_out_is_out_also_with_the_cookie_of_before(
    new_person: NewPerson, scim: Scim, new_browser: Callable[[], httpx.AsyncClient]
) -> None:
    ada = await new_person(scim, "ada", "admin")
    token = ada.http.cookies[COOKIE]
    assert _is_out(await ada.submit(await ada.page(""), "/sign-out"))
    thief = Person(new_browser(), ada.base)
    thief.http.cookies.set(COOKIE, token)
    assert _is_out(await thief.page("people"))


async def test_a_session_ends_when_nobody_uses_it_and_after_half_a_day_anyhow(
    new_person: NewPerson, scim: Scim
) -> None:
    ada = await new_person(scim, "ada", "admin")
    await sql.rows("UPDATE session SET last_seen_at = last_seen_at - $1::interval", timedelta(minutes=61))
    assert _is_out(await ada.page("people"))
    bo = await new_person(scim, "bo", "admin")
    await sql.rows("UPDATE session SET ends_at = ends_at - $1::interval", timedelta(hours=12))
    assert _is_out(await bo.page("people"))


async def test_whoever_is_deactivated_is_out_at_once_and_signs_in_anew_when_let_in(
    new_person: NewPerson, scim: Scim
) -> None:
    await new_person(scim, "ann", "admin")
    ada = await new_person(scim, "ada", "admin")
    assert (await ada.page("people")).status == 200
    user = await _user(scim, "ada@example.com")
    await _set_active(scim, user, active=False)
    out = await ada.page("people")
    assert out.status == 403
    assert "you were deactivated" in out
    await _set_active(scim, user, active=True)
    again = await ada.page("people")
    assert again.status == 403
    assert "Sign in to Acme once more" in again


async def test_a_role_that_is_lost_takes_its_permissions_at_once(new_person: NewPerson, scim: Scim) -> None:
    await new_person(scim, "ann", "admin")
    ada = await new_person(scim, "ada", "admin")
    await sql.rows("DELETE FROM role_override WHERE member_id = $1", ada.member)
    await sql.rows("UPDATE member SET role_id = (SELECT id FROM role WHERE key = 'viewer') WHERE id = $1", ada.member)
    assert (await ada.page("people")).status == 403


FOREIGN = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example.com"},
    {"origin": "null"},
    {"origin": "http://rollcall.test.evil.example.com"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_another_site_can_send_no_form(new_person: NewPerson, scim: Scim, headers: dict[str, str]) -> None:
    ada = await new_person(scim, "ada", "admin")
    page = await ada.page("people/invite")
    fields = dict(page.form("/people/invite").form_values()) | {"email": "x@example.org"}
    answer = await ada.http.post(f"{ada.base}/people/invite", data=fields, headers={**HTML, **headers})
    assert answer.status_code == 403
    assert await sql.value("SELECT count(*) FROM member WHERE email = 'x@example.org'") == 0


async def test_the_token_of_forms_looks_different_on_each_page_and_stays_good(
    new_person: NewPerson, scim: Scim
) -> None:
    """What stays the same could be guessed by how well a page is compressed."""
    ada = await new_person(scim, "ada", "admin")
    first, second = await ada.page("people/invite"), await ada.page("people/invite")
    tokens = [dict(each.form("/people/invite").form_values())["form_token"] for each in (first, second)]
    assert tokens[0][:16] != tokens[1][:16]
    assert "Invited" in await ada.submit(second, "/people/invite", email="x@example.org", form_token=tokens[0])


@pytest.mark.parametrize("token", [None, "", "0" * 64, "0" * 128, "é"])
async def test_a_form_without_the_sessions_token_is_refused(
    new_person: NewPerson, scim: Scim, token: str | None
) -> None:
    ada = await new_person(scim, "ada", "admin")
    page = await ada.page("people/invite")
    refused = await ada.submit(page, "/people/invite", email="x@example.org", form_token=token)
    assert refused.status == 403
    assert "older page" in refused


async def test_the_token_of_another_session_is_of_no_use(new_person: NewPerson, scim: Scim) -> None:
    ada, bo = await new_person(scim, "ada", "admin"), await new_person(scim, "bo", "admin")
    theirs = dict((await bo.page("people/invite")).form("/people/invite").form_values())["form_token"]
    page = await ada.page("people/invite")
    assert (await ada.submit(page, "/people/invite", email="x@example.org", form_token=theirs)).status == 403


async def test_where_sso_is_enforced_other_ways_do_not_let_in_but_break_glass_does_and_is_written_down(
    new_person: NewPerson, scim: Scim
) -> None:
    ada, bo = await new_person(scim, "ada", "admin"), await new_person(scim, "bo", "admin")
    assert ada.member
    await break_glass.grant(governor(scim), ada.member, "owns the company")
    await sql.rows("UPDATE organization SET policies = jsonb_set(policies, '{sso_enforced}', 'true')")
    out = await bo.page("people")
    assert out.status == 403
    assert "Acme lets people in by single sign-on only." in out
    for _ in range(2):
        assert (await ada.page("people")).status == 200
    assert await sql.value("SELECT count(*) FROM change WHERE action = 'break_glass_used'") == 1
    mails = await stored(MailKind.BREAK_GLASS_USED)
    assert {row["recipient"] for row in mails} == {"ada@example.com", "bo@example.com"}
    told = facts(mails[0])
    assert (told["person"], told["reason"], told["way"]) == ("ada@example.com", "owns the company", "CODE")
    assert (await ada.page("people")).status == 200
    assert len(await stored(MailKind.BREAK_GLASS_USED)) == 2


async def test_nobody_is_told_of_break_glass_that_was_not_needed(new_person: NewPerson, scim: Scim) -> None:
    ada = await new_person(scim, "ada", "admin")
    assert ada.member
    await break_glass.grant(governor(scim), ada.member, "owns the company")
    assert (await ada.page("people")).status == 200
    assert await stored(MailKind.BREAK_GLASS_USED) == []


async def test_single_sign_on_lets_into_its_own_organization_only(
    new_person: NewPerson, scim: Scim, new_directory: NewDirectory
) -> None:
    other = Scim(scim.http, await new_directory())
    await sql.rows("UPDATE organization SET policies = jsonb_set(policies, '{sso_enforced}', 'true')")
    proof = Proof(Way.SSO, scim.access.organization_id, uuid.uuid4())
    ada = await new_person(scim, "ada", "admin", proof=proof)
    assert (await ada.page("people")).status == 200
    await sql.rows(
        "UPDATE member SET account_id = (SELECT account_id FROM member WHERE id = $1) WHERE id = $2",
        ada.member,
        (await new_person(other, "eve", "admin")).member,
    )
    elsewhere = await ada.page(f"/o/{other.access.organization_id}/people")
    assert elsewhere.status == 404
    assert "Eve" not in elsewhere
    assert (await ada.page("/")).url == f"{BASE_URL}{ada.base}"


async def test_single_sign_on_neither_sees_nor_ends_sessions_that_reach_further(
    new_person: NewPerson, scim: Scim, new_browser: Callable[[], httpx.AsyncClient]
) -> None:
    """Any organization can claim an address by a provider of its own: that must not end what is of others."""
    own = await new_person(scim, "ada", "admin")
    account = await sql.value("SELECT account_id FROM member WHERE id = $1", own.member)
    assert isinstance(account, uuid.UUID)

    async def another(organization: OrganizationId) -> Person:
        begun = await sessions.begin(account, Proof(Way.SSO, organization, uuid.uuid4()), Browser("another"))
        browser = new_browser()
        browser.cookies.set(COOKIE, begun.token)
        return Person(browser, own.base)

    vouched, twin = await another(scim.access.organization_id), await another(scim.access.organization_id)
    hostile = await another(OrganizationId(uuid.uuid4()))
    page = await hostile.page("/account")
    assert page.text.count("· signed in") == 1
    ids = [str(row[0]) for row in await sql.rows("SELECT id FROM session")]
    for id in ids[:3]:
        token = dict(page.form("/account/theme").form_values())["form_token"]
        fields = {"session": id, "form_token": token}
        await hostile.http.post("/account/sessions", data=fields, headers={**HTML, "origin": BASE_URL})
    await hostile.http.post("/account/sessions", data={"form_token": token}, headers={**HTML, "origin": BASE_URL})
    assert [(await each.page("people")).status for each in (own, vouched, twin)] == [200, 200, 200]
    assert "Nobody has brought ada@example.com into an organization" in await hostile.page("/")

    await vouched.submit(await vouched.page("/account"), "/account/sessions", session=None)
    assert _is_out(await twin.page("people"))
    assert [(await each.page("people")).status for each in (own, vouched)] == [200, 200]
    await own.submit(await own.page("/account"), "/account/sessions", session=None)
    assert [_is_out(await each.page("people")) for each in (own, vouched, hostile)] == [False, True, True]


async def test_somebody_in_two_organizations_switches_without_signing_in_again(
    new_person: NewPerson, scim: Scim, new_directory: NewDirectory, stranger: Person, post: Post
) -> None:
    await scim.make_user("ann@example.com", emails=[{"value": "ann@example.com", "primary": True}])
    other = Scim(scim.http, await new_directory())
    await other.make_user("ann@example.com", emails=[{"value": "ann@example.com", "primary": True}])
    page = await asked_for_code(stranger, "ann@example.com")
    chosen = await stranger.submit(page, httpx.URL(page.url).path, code=await post.code("ann@example.com"))
    assert "Your organizations" in chosen
    links = chosen.html.xpath("//main//a[starts-with(@href, '/o/')]/@href")
    assert len(links) == 2
    assert [(await stranger.page(each)).status for each in links] == [200, 200]


async def test_an_operator_signs_in_like_anybody_and_is_led_to_all_organizations(
    stranger: Person, post: Post, scim: Scim
) -> None:
    await accounts.make_operator(the_operator(), "ops@example.com")
    page = await asked_for_code(stranger, "ops@example.com")
    first = await stranger.submit(page, httpx.URL(page.url).path, code=await post.code("ops@example.com"))
    assert "Everybody whom this installation serves" in first
    assert first.html.xpath(f"//a[@href='/o/{scim.access.organization_id}']")
    assert (await stranger.page(f"/o/{scim.access.organization_id}/people")).status == 200
    await accounts.remove_operator(the_operator(), "ops@example.com")
    assert _is_out(await stranger.page(f"/o/{scim.access.organization_id}/people"))


async def test_an_invitation_is_accepted_by_a_button_and_does_not_sign_in(
    new_person: NewPerson, scim: Scim, stranger: Person, post: Post
) -> None:
    ada = await new_person(scim, "ada", "admin")
    await ada.submit(await ada.page("people/invite"), "/people/invite", email="gus@elsewhere.example.org")
    link = await post.link("gus@elsewhere.example.org")
    page = await stranger.page(link)
    assert "Ada has invited gus@elsewhere.example.org to Acme" in page
    done = await stranger.submit(page, link)
    assert _is_out(done)
    assert COOKIE not in stranger.http.cookies
    assert (await stranger.page(link)).status == 410
    code = await asked_for_code(stranger, "gus@elsewhere.example.org")
    inside = await stranger.submit(code, httpx.URL(code.url).path, code=await post.code("gus@elsewhere.example.org"))
    assert "Acme" in inside


async def test_headers_keep_pages_from_caches_frames_and_scripts(new_person: NewPerson, scim: Scim) -> None:
    ada = await new_person(scim, "ada", "admin")
    for path in ("", "people", "/account", "/nothing"):
        headers = (await ada.page(path)).headers
        assert headers["cache-control"] == "no-store"
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"
    assert BASE_URL.startswith("http://")
