"""Attacks on the way to a provider and back (SECURITY §1, black-box attacks 1, 3, 4, 21); numbered like the tokens."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from api.identity import attempts
from db import sql
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim
from tests.scim.governing import governor

from ..browsers import reasons
from .provider import Provider
from .signing_in import BROWSER, Browser, connect, go_on, is_in


async def test_70_who_comes_back_twice_is_let_in_once(ann: Browser) -> None:
    asked = await ann.go()
    assert [is_in(await ann.back(asked)) for _ in range(3)] == [True, False, False]


async def test_71_of_fifty_who_come_back_at_once_one_is_let_in(ann: Browser) -> None:
    asked = await ann.go()
    answers = await asyncio.gather(*(ann.back(asked) for _ in range(50)))
    assert sorted(is_in(each) for each in answers) == [False] * 49 + [True]
    assert ann.provider.asked["/token"] == 1
    assert await sql.value("SELECT count(*) FROM session") == 1


@pytest.mark.parametrize("state", ["", "x" * 43, "x" * 20_000, "ä", "\0", None])
async def test_72_a_state_that_never_was_is_none(ann: Browser, state: str | None) -> None:
    asked = await ann.go()
    assert not is_in(await ann.back(asked, state=state))
    assert ann.provider.asked["/token"] == 0
    assert await reasons(ann.connection) == [], "anybody could fill the admins' list"


async def test_73_what_began_at_one_provider_does_not_end_at_another(
    ann: Browser, acme: Scim, other_provider: Provider
) -> None:
    """Mix-up: the code of the first goes to the second, who is hostile."""
    other = await connect(governor(acme), other_provider)
    asked = await ann.go()
    answer = await ann.http.get(f"/sso/{other.id}/callback", params={"code": "the-code", "state": asked["state"]})
    assert not is_in(answer)
    assert other_provider.asked["/token"] == ann.provider.asked["/token"] == 0
    assert not is_in(await ann.back(asked)), "and it is used up by that"


async def test_74_what_began_in_one_organization_does_not_end_in_another(
    ann: Browser, new_directory: NewDirectory, other_provider: Provider
) -> None:
    stranger = Scim(ann.http, await new_directory())
    other = await connect(governor(stranger), other_provider)
    asked = await ann.go()
    answer = await ann.http.get(f"/sso/{other.id}/callback", params={"code": "the-code", "state": asked["state"]})
    assert not is_in(answer)
    assert other_provider.asked["/token"] == 0
    assert is_in(await ann.back(asked)), "a stranger uses up nothing"


async def test_75_nobody_is_signed_in_as_somebody_who_began_in_another_browser(
    ann: Browser, another: httpx.AsyncClient
) -> None:
    """Login CSRF: the attacker signs in, and has the victim open the last address."""
    asked = await ann.go()
    victim = Browser(another, ann.connection, ann.provider)
    await victim.http.get(f"/sso/{ann.connection.id}/start")
    assert not is_in(await victim.back(asked))
    assert ann.provider.asked["/token"] == 0
    assert await sql.value("SELECT count(*) FROM session") == 0


async def test_76_a_browser_without_its_cookie_is_another_one(ann: Browser) -> None:
    asked = await ann.go()
    ann.http.cookies.delete(BROWSER)
    answer = await ann.back(asked)
    assert not is_in(answer)
    assert "began in another browser. Begin anew" in answer.text


async def test_77_after_ten_minutes_it_is_too_late(ann: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, other = await ann.go(), await ann.go()
    go_on(monkeypatch, minutes=9, seconds=59)
    assert is_in(await ann.back(other))
    go_on(monkeypatch, seconds=1)
    assert not is_in(await ann.back(asked))
    assert await reasons(ann.connection) == []
    assert await attempts.forget() == 0, "it is gone anyway"


async def test_78_what_nobody_took_is_forgotten(ann: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    await ann.go()
    assert await attempts.forget() == 0
    go_on(monkeypatch, minutes=11)
    assert await attempts.forget() == 1
    assert await sql.value("SELECT count(*) FROM sso_attempt") == 0


@pytest.mark.parametrize("name", ["state", "code", "iss", "error"])
async def test_79_nothing_is_said_twice(ann: Browser, name: str) -> None:
    asked = await ann.go()
    said = {"code": "the-code", "state": asked["state"], "iss": ann.provider.url, "error": "access_denied"}
    query: list[tuple[str, str | int | float | bool | None]] = [("code", "the-code"), ("state", asked["state"])]
    query += [(name, said[name])] * 2
    assert not is_in(await ann.http.get(f"/sso/{ann.connection.id}/callback", params=query))
    assert ann.provider.asked["/token"] == 0


async def test_80_an_answer_of_another_issuer_is_not_used(ann: Browser, other_provider: Provider) -> None:
    """Mix-up, RFC 9207: the code is not sent to anybody."""
    assert not is_in(await ann.sign_in(iss=other_provider.url))
    assert not is_in(await ann.sign_in(iss=f"{ann.provider.url}/"))
    assert not is_in(await ann.sign_in(iss=""))
    assert ann.provider.asked["/token"] == 0
    assert all("was not used" in reason for reason in await reasons(ann.connection))
    assert is_in(await ann.sign_in(iss=ann.provider.url))


async def test_81_who_promises_to_say_the_issuer_has_to(ann: Browser) -> None:
    ann.provider.document = {"authorization_response_iss_parameter_supported": True}
    assert not is_in(await ann.sign_in())
    assert is_in(await ann.sign_in(iss=ann.provider.url))


@pytest.mark.parametrize("code", ["", None, "x" * 5000])
async def test_82_without_a_code_nobody_is_asked(ann: Browser, code: str | None) -> None:
    assert not is_in(await ann.sign_in(code=code))
    assert ann.provider.asked["/token"] == 0


async def test_83_a_code_of_somebody_else_does_not_fit(ann: Browser, another: httpx.AsyncClient) -> None:
    """Code injection: the attacker's code in the victim's sign-in. The nonce tells, and PKCE a real provider."""
    asked = await Browser(another, ann.connection, ann.provider).go()
    ann.provider.claims = {"sub": "attacker", "nonce": asked["nonce"]}
    assert not is_in(await ann.sign_in())
    [reason] = await reasons(ann.connection)
    assert "another sign-in (nonce)" in reason
