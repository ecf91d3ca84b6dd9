"""An address that somebody has and one that nobody has cost the same, so that no clock tells one from the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import argon2
import asyncpg
import pytest
from argon2 import extract_parameters as parameters

from api.identity import passwords
from db import sql
from tests.dashboard.conftest import Page, Person

from .conftest import Post, asked_for_code
from .test_codes import typed, wrong
from .test_passwords import GOOD, chosen, with_password

NOBODY = "zoe@example.com"

Work = Callable[[Callable[[], Awaitable[Page]]], Awaitable[Counter[str]]]


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """Counts what is asked of the database, by the words of each statement, and what is hashed."""
    seen: Counter[str] = Counter()

    def counting(kind: type, name: str, by_words: bool) -> None:
        does = getattr(kind, name)

        async def asked(self: Any, query: str, *args: Any, **more: Any) -> Any:
            if "last_used_at = used.at" not in query:  # written behind requests, whenever that happens to be
                seen[query] += 1
            return await does(self, query, *args, **more)

        def hashed(self: Any, *args: Any, **more: Any) -> Any:
            seen[name] += 1
            return does(self, *args, **more)

        monkeypatch.setattr(kind, name, asked if by_words else hashed)

    for name in ("fetch", "fetchrow", "execute"):
        counting(asyncpg.Connection, name, by_words=True)
    for name in ("hash", "verify"):
        counting(argon2.PasswordHasher, name, by_words=False)

    async def of(done: Callable[[], Awaitable[Page]]) -> Counter[str]:
        await sql.rows("DELETE FROM rate")
        seen.clear()
        await done()
        return Counter(seen)

    return of


async def test_asking_for_a_code(stranger: Person, ann: str, work: Work) -> None:
    known = await work(lambda: asked_for_code(stranger, ann))
    assert known == await work(lambda: asked_for_code(stranger, NOBODY))
    assert sum(known.values()) > 3


async def test_typing_a_wrong_code(stranger: Person, ann: str, post: Post, work: Work) -> None:
    for_ann = await asked_for_code(stranger, ann)
    code = wrong(await post.code(ann))
    for_nobody = await asked_for_code(stranger, NOBODY)
    await post.deliver()
    known = await work(lambda: typed(stranger, for_ann, code))
    assert known == await work(lambda: typed(stranger, for_nobody, code))
    assert sum(known.values()) > 2


async def test_a_wrong_password(stranger: Person, ann: str, post: Post, work: Work) -> None:
    await chosen(stranger, ann, post)
    stranger.http.cookies.clear()
    passwords._nobodys.cache_clear()  # as in a process that has just begun
    unknown = await work(lambda: with_password(stranger, NOBODY, GOOD))
    passwords._nobodys.cache_clear()
    known = await work(lambda: with_password(stranger, ann, GOOD + "!"))
    assert known == unknown
    assert known["verify"] == 1
    assert known["hash"] == 0


async def test_nobodys_hash_is_as_good_as_any() -> None:
    """Or looking at it would end sooner."""
    made, nobodys = (parameters(text) for text in (passwords._HASHER.hash(GOOD), passwords._nobodys()))
    assert made == nobodys
    assert not passwords._verify(passwords._nobodys(), GOOD)


async def test_somebody_without_a_password(stranger: Person, ann: str, work: Work) -> None:
    known = await work(lambda: with_password(stranger, ann, GOOD))
    assert known == await work(lambda: with_password(stranger, NOBODY, GOOD))
    assert known["verify"] == 1


async def test_a_password_that_is_too_long_is_not_hashed_for_anybody(
    stranger: Person, ann: str, post: Post, work: Work
) -> None:
    await chosen(stranger, ann, post)
    stranger.http.cookies.clear()
    known = await work(lambda: with_password(stranger, ann, "x" * 10_000))
    assert known == await work(lambda: with_password(stranger, NOBODY, "x" * 10_000))
    assert known["verify"] == 0


async def test_asking_for_a_link(stranger: Person, ann: str, work: Work) -> None:
    async def ask(email: str) -> Page:
        return await stranger.submit(await stranger.page("/password"), "/password", email=email)

    known = await work(lambda: ask(ann))
    assert known == await work(lambda: ask(NOBODY))
    assert sum(known.values()) > 2
