"""One-time codes, over HTTP: who gets one, who can use it, how often it may be tried."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from db import sql
from tests.dashboard.conftest import Page, Person
from tests.scim.conversation import Scim
from tests.scim.governing import choose

from .conftest import Post, asked_for_code


def wrong(code: str) -> str:
    """Another code."""
    return f"{(int(code) + 1) % 10**8:08}"


async def typed(person: Person, page: Page, code: str) -> Page:
    """What follows a code."""
    return await person.submit(page, httpx.URL(page.url).path, code=code)


async def test_whoever_has_the_code_is_in(stranger: Person, ann: str, post: Post, scim: Scim) -> None:
    page = await asked_for_code(stranger, ann)
    inside = await typed(stranger, page, await post.code(ann))
    assert inside.url.endswith(f"/o/{scim.access.organization_id}")
    assert "Ann" in inside
    assert "rollcall-session" in stranger.http.cookies


async def test_blanks_in_a_code_do_not_matter(stranger: Person, ann: str, post: Post) -> None:
    page = await asked_for_code(stranger, ann)
    code = await post.code(ann)
    assert "/o/" in (await typed(stranger, page, f" {code[:4]} {code[4:]} ")).url


async def test_an_unknown_address_is_answered_alike_and_gets_no_mail(stranger: Person, ann: str, post: Post) -> None:
    known = await asked_for_code(stranger, ann)
    unknown = await asked_for_code(stranger, "zoe@example.com")
    assert known.text.replace(ann, "") == unknown.text.replace("zoe@example.com", "")
    assert known.status == unknown.status == 200
    await post.deliver()
    assert await post.texts("zoe@example.com") == []
    assert len(await post.texts(ann)) == 1


async def test_a_code_is_tried_five_times_and_not_once_more(stranger: Person, ann: str, post: Post) -> None:
    page = await asked_for_code(stranger, ann)
    code = await post.code(ann)
    for left in (4, 3, 2, 1):
        answer = await typed(stranger, page, wrong(code))
        assert answer.status == 422
        assert f"You can try {left} more time" in answer
    assert "it was the last try" in await typed(stranger, page, wrong(code))
    over = await typed(stranger, page, code)
    assert "tried 5 times" in over
    assert "rollcall-session" not in stranger.http.cookies


async def test_of_a_hundred_tries_at_once_five_are_looked_at(stranger: Person, ann: str, post: Post) -> None:
    page = await asked_for_code(stranger, ann)
    code = await post.code(ann)
    await sql.rows("DELETE FROM rate")
    answers = await asyncio.gather(*(typed(stranger, page, wrong(code)) for _ in range(100)))
    looked = [each for each in answers if "not the code" in each.text]
    assert len(looked) <= 5
    assert await sql.value("SELECT tries FROM sign_in_code") == 5


async def test_of_five_right_codes_at_once_one_counts(stranger: Person, ann: str, post: Post) -> None:
    page = await asked_for_code(stranger, ann)
    code = await post.code(ann)
    await asyncio.gather(*(typed(stranger, page, code) for _ in range(5)))
    assert await sql.value("SELECT count(*) FROM session") == 1


async def test_a_code_of_another_browser_is_of_no_use(
    stranger: Person, ann: str, post: Post, new_browser: Callable[[], httpx.AsyncClient]
) -> None:
    page = await asked_for_code(stranger, ann)
    thief = Person(new_browser())
    theirs = await thief.page(page.url.removeprefix("http://rollcall.test"))
    answer = await typed(thief, theirs, await post.code(ann))
    assert answer.status == 422
    assert "another browser" in answer


async def test_a_code_ends_after_ten_minutes(stranger: Person, ann: str, post: Post) -> None:
    page = await asked_for_code(stranger, ann)
    code = await post.code(ann)
    await sql.rows("UPDATE sign_in_code SET expires_at = expires_at - $1::interval", timedelta(minutes=10))
    assert "has expired" in await typed(stranger, page, code)


async def test_too_many_codes_for_an_address_are_not_sent(stranger: Person, ann: str) -> None:
    for _ in range(5):
        assert (await asked_for_code(stranger, ann)).status == 200
    page = await asked_for_code(stranger, ann)
    assert page.status == 429
    assert "Wait" in page
    assert int(page.headers["retry-after"]) > 60


async def test_codes_cannot_be_guessed_by_asking_again_and_again(stranger: Person, ann: str, post: Post) -> None:
    tried = 0
    for _ in range(6):
        await sql.rows("DELETE FROM rate WHERE key NOT LIKE 'try:%'")
        page = await asked_for_code(stranger, ann)
        code = await post.code(ann)
        for _ in range(5):
            tried += "not the code" in (await typed(stranger, page, wrong(code))).text
    assert tried == 20


async def test_the_database_alone_does_not_tell_the_code(stranger: Person, ann: str, post: Post) -> None:
    await asked_for_code(stranger, ann)
    code = await post.code(ann)
    kept = await sql.rows(
        "SELECT to_jsonb(c)::text FROM sign_in_code c UNION ALL SELECT to_jsonb(m)::text FROM mail_message m"
    )
    assert all(code not in row[0] for row in kept)


async def test_where_codes_are_off_nobody_enters_by_one(stranger: Person, ann: str, post: Post, scim: Scim) -> None:
    await choose(scim, code_enabled=False)
    page = await typed(stranger, await asked_for_code(stranger, ann), await post.code(ann))
    assert page.status == 403
    assert "does not let people in by a code" in page


@pytest.mark.parametrize(
    "place", ["https://evil.example.com/", "//evil.example.com", "/\\evil.example.com", "javascript:1"]
)
async def test_nobody_is_led_elsewhere(stranger: Person, ann: str, post: Post, place: str) -> None:
    page = await asked_for_code(stranger, ann, place)
    assert (await typed(stranger, page, await post.code(ann))).url.startswith("http://rollcall.test/")
