"""Coming from the identity provider without having begun here: refused, or asked about first."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx
import msgspec

from api.identity import connections
from api.identity.choices import Choice, SamlSettings
from tests.scim.conversation import Scim
from tests.scim.governing import everybody, governor

from ..browsers import reasons
from .forging import HONEST
from .signing_in import Browser, is_in


async def test_what_comes_unasked_is_refused_unless_the_connection_allows_it(mallory: Browser) -> None:
    assert not is_in(await mallory.post(mallory.unasked()))
    assert not is_in(await mallory.post(mallory.unasked(), "https://idp.example.com/default-relay-state"))
    assert "allowsIdpInitiated" in (await reasons(mallory.connection))[-1]


async def test_whoever_did_not_begin_here_is_asked_first(mallory: Browser, acme: Scim) -> None:
    mallory = await allow_idp_initiated(mallory, acme)
    page = await mallory.follow(await mallory.post(mallory.unasked(), "https://mallory.example.net/"))
    assert page.status_code == 200
    assert "Sign in as mallory@example.com?" in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert await everybody(acme) == []
    answer = await mallory.http.post(f"{mallory.base}/acs/yes", data={"ticket": ticket_in(page)})
    assert is_in(answer)
    assert answer.headers["location"] == "/"


async def test_only_the_browser_that_was_asked_can_say_yes(mallory: Browser, victim: Browser, acme: Scim) -> None:
    mallory = await allow_idp_initiated(mallory, acme)
    page = await mallory.follow(await mallory.post(mallory.unasked()))
    await victim.go()
    for http in (victim.http, victim.elsewhere):
        answer = await http.post(f"{mallory.base}/acs/yes", data={"ticket": ticket_in(page)})
        assert not is_in(answer)


async def test_no_yes_is_taken_for_a_ticket_that_asks(mallory: Browser, acme: Scim) -> None:
    """What the redirect carries leads to the question only."""
    mallory = await allow_idp_initiated(mallory, acme)
    await mallory.go()
    token = (await mallory.post(mallory.unasked())).headers["location"].partition("=")[2]
    assert not is_in(await mallory.http.post(f"{mallory.base}/acs/yes", data={"ticket": token}))


async def test_a_question_has_in_it_what_the_provider_said_and_no_html(mallory: Browser, acme: Scim) -> None:
    mallory = await allow_idp_initiated(mallory, acme)
    attributes = {"email": ['<img src=x onerror=alert(1)>"@example.com']}
    page = await mallory.follow(await mallory.post(mallory.unasked(replace(HONEST, attributes=attributes))))
    assert "<img" not in page.text
    assert "&lt;img" in page.text


async def test_fifty_unasked_answers_at_once_let_in_once(mallory: Browser, acme: Scim) -> None:
    found = await allow_idp_initiated(mallory, acme)
    answers = await asyncio.gather(*(mallory.post(found.unasked()) for _ in range(2)))
    assert [answer.status_code for answer in answers] == [303, 303]
    field = found.unasked()
    answers = await asyncio.gather(*(mallory.post(field) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [303] + [403] * 49
    assert "The assertion was used before." in await reasons(mallory.connection)


async def allow_idp_initiated(browser: Browser, acme: Scim) -> Browser:
    def allowing(choice: Choice) -> Choice:
        assert isinstance(choice.settings, SamlSettings)
        return replace(choice, settings=msgspec.structs.replace(choice.settings, allows_idp_initiated=True))

    changed = await connections.change(governor(acme), browser.connection.id, allowing)
    return replace(browser, connection=changed)


def ticket_in(page: httpx.Response) -> str:
    return page.text.partition('name="ticket" value="')[2].partition('"')[0]
