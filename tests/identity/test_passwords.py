"""Passwords, over HTTP: chosen by a link, tried seldom, never needed (R065 to R068)."""

from __future__ import annotations

import asyncio

import argon2
import httpx
import pytest

from api.identity import passwords
from api.identity.problems import WrongPassword
from db import sql
from tests.dashboard.conftest import NewPerson, Page, Person
from tests.scim.conversation import Scim
from tests.scim.governing import choose

from .conftest import Post, asked_for_code

GOOD = "correct horse battery staple"


async def with_password(person: Person, email: str, password: str) -> Page:
    """What follows an address and a password."""
    page = await person.page("/sign-in")
    return await person.submit(page, "/sign-in/password", email=email, password=password)


async def chosen(person: Person, email: str, post: Post, password: str = GOOD) -> Page:
    """What follows a password that is chosen by a link."""
    await person.submit(await person.page("/password"), "/password", email=email)
    page = await person.page(await post.link(email))
    return await person.submit(page, httpx.URL(page.url).path, password=password)


async def test_nobody_has_a_password_to_begin_with(stranger: Person, ann: str) -> None:
    assert await sql.value("SELECT count(*) FROM mail_message") == 0
    page = await with_password(stranger, ann, GOOD)
    assert page.status == 422
    assert "No account has this address and this password." in page


async def test_without_sso_the_first_sign_in_is_by_a_forgotten_password(
    stranger: Person, ann: str, post: Post, scim: Scim
) -> None:
    page = await chosen(stranger, ann, post)
    assert page.url.endswith(f"/o/{scim.access.organization_id}")
    stranger.http.cookies.clear()
    assert "/o/" in (await with_password(stranger, ann, GOOD)).url
    stranger.http.cookies.clear()
    assert (await with_password(stranger, ann, GOOD + "!")).status == 422


async def test_a_link_is_used_once_and_looking_uses_nothing_up(stranger: Person, ann: str, post: Post) -> None:
    await stranger.submit(await stranger.page("/password"), "/password", email=ann)
    link = await post.link(ann)
    for _ in range(3):
        assert (await stranger.page(link)).status == 200
    page = await stranger.page(link)
    assert (await stranger.submit(page, link, password="short")).status == 422
    await stranger.submit(page, link, password=GOOD)
    assert (await stranger.page(link)).status == 410
    assert (await stranger.submit(page, link, password=GOOD)).status == 410


async def test_a_newer_link_stands_instead_of_the_older(stranger: Person, ann: str, post: Post) -> None:
    links = []
    for _ in range(2):
        await stranger.submit(await stranger.page("/password"), "/password", email=ann)
        links.append(await post.link(ann))
    assert [(await stranger.page(each)).status for each in links] == [410, 200]


async def test_another_password_ends_all_sessions(
    stranger: Person, ann: str, post: Post, new_person: NewPerson, scim: Scim
) -> None:
    there = await new_person(scim, "bob", "admin")
    await chosen(stranger, "bob@example.com", post)
    page = await there.page("people")
    assert httpx.URL(page.url).path == "/sign-in"


async def test_unknown_addresses_are_answered_alike(stranger: Person, ann: str, post: Post) -> None:
    known = await stranger.submit(await stranger.page("/password"), "/password", email=ann)
    unknown = await stranger.submit(await stranger.page("/password"), "/password", email="zoe@example.com")
    assert known.text.replace(ann, "") == unknown.text.replace("zoe@example.com", "")
    await post.deliver()
    assert await post.texts("zoe@example.com") == []
    assert (await with_password(stranger, ann, GOOD)).text == (
        await with_password(stranger, "zoe@example.com", GOOD)
    ).text


async def test_guessing_is_slow(stranger: Person, ann: str, post: Post) -> None:
    await chosen(stranger, ann, post)
    stranger.http.cookies.clear()
    found = [(await with_password(stranger, ann, f"{GOOD} {n}")).status for n in range(12)]
    assert found == [422] * 10 + [429] * 2
    assert (await with_password(stranger, ann, GOOD)).status == 429


@pytest.mark.parametrize("password", ["short", "a" * 257, "aaaaaaaaaaaaaa", "ann@example.com"])
async def test_bad_passwords_are_refused_with_advice(stranger: Person, ann: str, post: Post, password: str) -> None:
    page = await chosen(stranger, ann, post, password)
    assert page.status == 422
    assert "Some words in a row are good" in page


async def test_where_passwords_are_off_nobody_enters_by_one(stranger: Person, ann: str, post: Post, scim: Scim) -> None:
    await choose(scim, password_enabled=False)
    page = await chosen(stranger, ann, post)
    assert page.status == 403
    assert "does not let people in by password" in page
    stranger.http.cookies.clear()
    await asked_for_code(stranger, ann)
    assert await post.code(ann)


@pytest.mark.parametrize("is_outdated", [False, True])
async def test_the_old_password_opens_nothing_once_another_is_set(
    stranger: Person, ann: str, post: Post, monkeypatch: pytest.MonkeyPatch, is_outdated: bool
) -> None:
    """Also where it was being looked at meanwhile, which takes a while, and would be hashed anew."""
    await chosen(stranger, ann, post)
    other, loop, verify = argon2.PasswordHasher().hash("another " + GOOD), asyncio.get_running_loop(), passwords._verify

    def slow(hashed: str, password: str) -> bool:
        reset = sql.rows("UPDATE account SET password_hash = $1", other)
        asyncio.run_coroutine_threadsafe(reset, loop).result()
        return verify(hashed, password)

    monkeypatch.setattr(passwords, "_verify", slow)
    if is_outdated:
        monkeypatch.setattr(passwords, "_HASHER", argon2.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1))
    with pytest.raises(WrongPassword):
        await passwords.prove(ann, GOOD, None)
    assert await sql.value("SELECT password_hash FROM account WHERE email = $1", ann) == other
