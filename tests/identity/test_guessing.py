"""Guessing codes over many connections at once, of two servers as they are deployed: five tries, whatever comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from db import sql
from tests.dashboard.conftest import HTML, Page, Person, page_of
from tests.scim.serving import Served, served

from .conftest import Post

CONNECTIONS = 50
_HERE = "http://127.0.0.1"


@pytest.fixture(scope="module")
def servers(_application: object, database_url: str, secret_keys: Path) -> Iterator[tuple[Served, Served]]:
    """Two servers on one database, which go by the same name."""
    given = {"ROLLCALL_PUBLIC_URL": _HERE, "ROLLCALL_SECRET_KEYS": str(secret_keys)}
    with served(database_url, **given) as one, served(database_url, **given) as other:
        yield one, other


@pytest.fixture
async def connections(servers: tuple[Served, Served]) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Fifty connections to them, half to each."""
    made = [httpx.AsyncClient(base_url=servers[number % 2].url, timeout=60) for number in range(CONNECTIONS)]
    yield made
    await asyncio.gather(*(each.aclose() for each in made))


async def submitted(
    http: httpx.AsyncClient, page: Page, path: str, cookies: httpx.Cookies, **fields: str
) -> httpx.Response:
    """The answer to a form, sent by any connection with the cookies of the browser."""
    data = {**{str(name): str(value) for name, value in page.form(path).form_values()}, **fields}
    sent = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return await http.post(path, data=data, headers={**HTML, "origin": _HERE, "cookie": sent})


async def asked_for(browser: httpx.AsyncClient, email: str) -> tuple[str, Page, httpx.Cookies]:
    """Where the code for an address goes, the page that asks for it, and the cookies of the browser."""
    page = await Person(browser).page("/sign-in")
    cookies = httpx.Cookies(browser.cookies)
    asked = await submitted(browser, page, "/sign-in", cookies, email=email)
    form = page_of(await browser.get(asked.headers["location"], headers=HTML))
    return httpx.URL(asked.headers["location"]).path, form, cookies


async def test_fifty_connections_have_five_tries_together(
    connections: list[httpx.AsyncClient], ann: str, post: Post
) -> None:
    path, form, cookies = await asked_for(connections[0], ann)
    code = int(await post.code(ann))
    for first in (1, 1 + CONNECTIONS):
        await sql.rows("DELETE FROM rate")  # what they are slowed down by besides
        guesses = [f"{(code + first + number) % 10**8:08}" for number in range(CONNECTIONS)]
        answers = await asyncio.gather(
            *(
                submitted(http, form, path, cookies, code=guess)
                for http, guess in zip(connections, guesses, strict=True)
            )
        )
        assert {answer.status_code for answer in answers} <= {422, 429}
        looked_at = [answer for answer in answers if "That is not the code" in answer.text or "last try" in answer.text]
        assert len(looked_at) == (5 if first == 1 else 0)
    assert await sql.value("SELECT tries FROM sign_in_code") == 5
    await sql.rows("DELETE FROM rate")
    late = await submitted(connections[0], form, path, cookies, code=f"{code:08}")
    assert "tried 5 times" in late.text
    assert await sql.value("SELECT count(*) FROM session") == 0


async def test_the_right_code_by_fifty_connections_begins_one_session(
    connections: list[httpx.AsyncClient], ann: str, post: Post
) -> None:
    path, form, cookies = await asked_for(connections[0], ann)
    code = await post.code(ann)
    await sql.rows("DELETE FROM rate")
    await asyncio.gather(*(submitted(http, form, path, cookies, code=code) for http in connections))
    assert await sql.value("SELECT count(*) FROM session") == 1
