"""To the identity provider and back, over HTTP: who is let in, once, and in which browser."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import msgspec
import pytest
from lxml import etree

from api.identity import connections, tickets
from api.identity.choices import Choice, SamlSettings
from api.identity.saml import certificates
from api.provisioning import clock
from db import sql
from tests.scim.conversation import Scim
from tests.scim.governing import choose, everybody, governor, member_of

from ..browsers import reasons
from .forging import ADMIN, HONEST, posted, stranger, with_signed_assertion
from .signing_in import BROWSER, SESSION, Browser, connect, is_in

EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"


async def test_the_identity_provider_is_asked_for_this_connection_alone(mallory: Browser) -> None:
    begun = await mallory.go()
    assert begun.acs_url == f"http://rollcall.test{mallory.base}/acs"
    assert begun.issuer == f"http://rollcall.test{mallory.base}/metadata"


async def test_somebody_new_becomes_a_member_and_is_sent_where_they_wanted(mallory: Browser, acme: Scim) -> None:
    attributes = {"email": ["mallory@example.com"], "displayName": ["Mallory M."], "groups": ["admins"]}
    answer = await mallory.sign_in(replace(HONEST, attributes=attributes), return_to="/o/7?tab=people")
    assert is_in(answer)
    assert answer.headers["location"] == "/o/7?tab=people"
    found = await member_of(acme, "mallory@example.com")
    assert (found["status"], found["seat_type"], found["role"]) == ("ACTIVE", "full", "viewer")


async def test_the_browser_has_no_cookie_of_ours_when_it_posts_and_none_is_needed(mallory: Browser) -> None:
    begun = await mallory.go()
    field = posted(with_signed_assertion(mallory.current(HONEST, begun.request)))
    answer = await mallory.post(field, begun.relay_state)
    assert (answer.status_code, answer.cookies.get(SESSION)) == (303, None)
    assert "cookie" not in answer.request.headers
    assert is_in(await mallory.follow(answer))


async def test_the_same_person_is_recognised_by_id_whatever_their_address(mallory: Browser, acme: Scim) -> None:
    assert is_in(await mallory.sign_in())
    moved = replace(HONEST, attributes={"email": ["m.new@example.com"]})
    assert is_in(await mallory.sign_in(moved))
    assert len(await everybody(acme)) == 1


@pytest.mark.parametrize(
    ("email", "told"),
    [
        (["mallory@elsewhere.example.net"], "outside the verified domains"),
        ([], "no e-mail address"),
        (["not an address"], "address"),
    ],
)
async def test_whom_the_domain_does_not_cover(mallory: Browser, acme: Scim, email: list[str], told: str) -> None:
    assert not is_in(await mallory.sign_in(replace(HONEST, attributes={"email": email})))
    assert await everybody(acme) == []
    assert told in (await reasons(mallory.connection))[-1]


async def test_without_just_in_time_only_members_come_in(mallory: Browser, acme: Scim) -> None:
    await choose(acme, jit_enabled=False)
    assert not is_in(await mallory.sign_in())
    assert await everybody(acme) == []


async def test_replay_of_an_answer_by_the_same_browser(mallory: Browser) -> None:
    begun = await mallory.go()
    field = posted(with_signed_assertion(mallory.current(HONEST, begun.request)))
    assert is_in(await mallory.follow(await mallory.post(field, begun.relay_state)))
    assert not is_in(await mallory.post(field, begun.relay_state))
    again = await mallory.go()
    assert not is_in(await mallory.post(field, again.relay_state))


async def test_fifty_answers_at_once_let_in_once(mallory: Browser) -> None:
    begun = await mallory.go()
    field = posted(with_signed_assertion(mallory.current(HONEST, begun.request)))
    answers = await asyncio.gather(*(mallory.post(field, begun.relay_state) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [303] + [403] * 49


async def test_fifty_tickets_at_once_let_in_once(mallory: Browser) -> None:
    begun = await mallory.go()
    field = posted(with_signed_assertion(mallory.current(HONEST, begun.request)))
    answer = await mallory.post(field, begun.relay_state)
    came = await asyncio.gather(*(mallory.http.get(answer.headers["location"]) for _ in range(50)))
    assert sorted(answer.status_code for answer in came) == [303] + [403] * 49


async def test_login_csrf_an_answer_of_mallorys_in_a_victims_browser(mallory: Browser, victim: Browser) -> None:
    await victim.go()
    begun = await mallory.go()
    field = posted(with_signed_assertion(mallory.current(HONEST, begun.request)))
    answer = await victim.follow(await victim.post(field, begun.relay_state))
    assert not is_in(answer)
    assert "another browser" in answer.text
    assert SESSION not in victim.http.cookies


async def test_login_csrf_a_ticket_of_mallorys_in_a_victims_browser(mallory: Browser, victim: Browser) -> None:
    begun = await mallory.go()
    field = posted(with_signed_assertion(mallory.current(HONEST, begun.request)))
    ticket = await mallory.post(field, begun.relay_state)
    assert not is_in(await victim.follow(ticket))
    assert not is_in(await mallory.follow(ticket))


async def test_a_stolen_answer_is_of_no_use_with_the_thiefs_own_question(mallory: Browser, victim: Browser) -> None:
    theirs, mine = await victim.go(), await mallory.go()
    stolen = posted(with_signed_assertion(victim.current(ADMIN, theirs.request)))
    assert not is_in(await mallory.post(stolen, mine.relay_state))
    assert not is_in(await mallory.follow(await mallory.post(stolen, theirs.relay_state)))


async def test_a_ticket_lives_for_a_minute(mallory: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = await mallory.go()
    field = posted(with_signed_assertion(mallory.current(HONEST, begun.request)))
    answer = await mallory.post(field, begun.relay_state)
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + tickets.LIVES)
    assert not is_in(await mallory.follow(answer))


async def test_a_sign_in_lives_for_ten_minutes(mallory: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = await mallory.go()
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + tickets.WAITS)
    field = posted(with_signed_assertion(mallory.current(HONEST, begun.request)))
    assert not is_in(await mallory.post(field, begun.relay_state))


async def test_an_answer_for_one_connection_is_none_for_another(mallory: Browser, acme: Scim) -> None:
    other = Browser(mallory.http, mallory.elsewhere, await connect(governor(acme), name="Entra ID"))
    begun = await mallory.go()
    theirs = await other.go()
    field = posted(with_signed_assertion(mallory.current(HONEST, begun.request)))
    for state in (begun.relay_state, theirs.relay_state):
        assert not is_in(await other.post(field, state))


async def test_a_ticket_for_one_connection_is_none_for_another(mallory: Browser, acme: Scim) -> None:
    other = await connect(governor(acme), name="Entra ID")
    begun = await mallory.go()
    field = posted(with_signed_assertion(mallory.current(HONEST, begun.request)))
    place = (await mallory.post(field, begun.relay_state)).headers["location"]
    assert not is_in(await mallory.http.get(place.replace(str(mallory.connection.id), str(other.id))))


async def test_a_stranger_is_refused_and_admins_are_told_why(mallory: Browser) -> None:
    answer = await mallory.sign_in(ADMIN, stranger())
    assert not is_in(answer)
    assert "tell an admin" in answer.text
    assert "does not hold by any certificate" in (await reasons(mallory.connection))[-1]


async def test_nobody_comes_in_by_a_connection_that_is_switched_off(mallory: Browser, acme: Scim) -> None:
    begun = await mallory.go()
    field = posted(with_signed_assertion(mallory.current(HONEST, begun.request)))
    ticket = await mallory.post(field, begun.relay_state)
    await connections.switch_off(governor(acme), mallory.connection.id)
    assert not is_in(await mallory.follow(ticket))
    assert (await mallory.http.get(f"{mallory.base}/start")).status_code == 403


@pytest.mark.parametrize("change", ["certificate", "entity id", "off and on"])
async def test_who_was_let_in_by_what_was_chosen_before_begins_anew(mallory: Browser, acme: Scim, change: str) -> None:
    """A key that was stolen opens nothing from the moment on at which it is removed."""
    begun = await mallory.go()
    ticket = await mallory.post(
        posted(with_signed_assertion(mallory.current(HONEST, begun.request))), begun.relay_state
    )
    actor, id = governor(acme), mallory.connection.id
    if change == "certificate":
        await connections.change(actor, id, _certified_by_another)
    elif change == "entity id":
        await connections.change(actor, id, lambda before: replace(before, issuer="https://new.example.com"))
    else:
        await connections.switch_off(actor, id)
        await connections.activate(actor, id)
    assert not is_in(await mallory.follow(ticket))
    assert await everybody(acme) == []


async def test_another_name_of_a_connection_keeps_nobody_waiting(mallory: Browser, acme: Scim) -> None:
    begun = await mallory.go()
    ticket = await mallory.post(
        posted(with_signed_assertion(mallory.current(HONEST, begun.request))), begun.relay_state
    )
    await connections.change(governor(acme), mallory.connection.id, lambda before: replace(before, name="Okta EU"))
    assert is_in(await mallory.follow(ticket))


async def test_what_was_judged_by_what_was_chosen_before_is_worth_nothing(
    mallory: Browser, acme: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is changed between the judgement and what is made of it."""
    issue = tickets.issue

    async def late(*arguments: Any) -> str | None:
        await connections.change(governor(acme), mallory.connection.id, _certified_by_another)
        return await issue(*arguments)

    monkeypatch.setattr(tickets, "issue", late)
    begun = await mallory.go()
    field = posted(with_signed_assertion(mallory.current(HONEST, begun.request)))
    answer = await mallory.post(field, begun.relay_state)
    assert (answer.status_code, "has just been changed" in answer.text) == (403, True)


def _certified_by_another(before: Choice) -> Choice:
    assert isinstance(before.settings, SamlSettings)
    pinned = (certificates.text(stranger().certificate),)
    return replace(before, settings=msgspec.structs.replace(before.settings, certificates=pinned))


async def test_a_session_begins_with_a_new_token(mallory: Browser) -> None:
    mallory.http.cookies.set(SESSION, "chosen-by-mallory", domain="rollcall.test")
    answer = await mallory.sign_in()
    assert is_in(answer)
    assert answer.cookies[SESSION] != "chosen-by-mallory"
    assert mallory.http.cookies.get(BROWSER)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"SAMLResponse=PGEvPg==&SAMLResponse=PGEvPg==", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"a=1&" * 100, "application/x-www-form-urlencoded"),
        (b'{"SAMLResponse": "PGEvPg=="}', "application/json"),
        (b"SAMLResponse=PGEvPg==", "text/plain"),
    ],
)
async def test_what_is_no_form(mallory: Browser, body: bytes, media_type: str) -> None:
    answer = await mallory.elsewhere.post(f"{mallory.base}/acs", content=body, headers={"content-type": media_type})
    assert answer.status_code == 403


async def test_a_form_of_megabytes_is_not_read(mallory: Browser) -> None:
    answer = await mallory.elsewhere.post(f"{mallory.base}/acs", data={"SAMLResponse": "A" * 3_000_000})
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["start", "acs", "metadata"])
@pytest.mark.parametrize("id", ["0", "01a204ef-0244-76f0-a379-05842869e41b", "%00"])
async def test_there_is_no_such_connection(client: httpx.AsyncClient, id: str, path: str) -> None:
    answer = await client.get(f"/sso/{id}/{path}")
    assert (answer.status_code, "no such way to sign in" in answer.text) == (403, True)


async def test_metadata_is_there_before_the_connection_is_in_use(client: httpx.AsyncClient, acme: Scim) -> None:
    made = await connect(governor(acme))
    await connections.switch_off(governor(acme), made.id)
    answer = await client.get(f"/sso/{made.id}/metadata")
    root = etree.fromstring(answer.content)
    assert root.get("entityID") == f"http://rollcall.test/sso/{made.id}/metadata"
    assert answer.headers["content-type"].startswith("application/samlmetadata+xml")


async def test_an_address_as_id_follows_the_person_and_leaves_nothing_behind(mallory: Browser, acme: Scim) -> None:
    by_address = replace(HONEST, form=EMAIL, name="Mallory@example.com", attributes={})
    assert is_in(await mallory.sign_in(by_address))
    assert is_in(await mallory.sign_in(replace(by_address, name="mallory@EXAMPLE.com")))
    assert len(await everybody(acme)) == 1


async def test_what_is_over_is_forgotten(mallory: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = await mallory.go()
    field = posted(with_signed_assertion(mallory.current(HONEST, begun.request)))
    await mallory.post(field, begun.relay_state)
    assert await tickets.forget() == 0
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + tickets.WAITS)
    assert await tickets.forget() == 2
    assert await sql.rows("SELECT 1 FROM saml_assertion UNION ALL SELECT 1 FROM sso_ticket") == []
