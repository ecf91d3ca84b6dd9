"""How often somebody may try behind proxies: by their own address where those are trusted, never by a made-up one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import httpx
import pytest

from api.identity import limits
from db import sql
from tests.conftest import BASE_URL
from tests.dashboard.conftest import Person

from .conftest import asked_for_code

PROXY, CLIENT, SPOOFED = "10.0.0.1", "203.0.113.7", "198.51.100.9"

From = Callable[..., Person]


@pytest.fixture
def proxies(_application: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator trusts one network of proxies."""
    monkeypatch.setattr(_application, "_proxies", [ip_network("10.0.0.0/8")])


@pytest.fixture
def demo(_application: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The application shows its mails."""
    chosen = replace(_application.state["settings"], mailbox=True, smtp=None)
    monkeypatch.setitem(_application.state, "settings", chosen)


@pytest.fixture
def coming(_application: Any) -> From:
    """Browsers from an address, with headers."""

    def come(peer: str, **headers: str) -> Person:
        transport = httpx.ASGITransport(_application, client=(peer, 50_000))
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return Person(httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=sent))

    return come


async def places() -> set[str]:
    """By which addresses tries are counted."""
    found = await sql.rows("SELECT key FROM rate WHERE key LIKE 'code:from:%'")
    return {row[0].removeprefix("code:from:") for row in found}


async def test_behind_a_trusted_proxy_everybody_has_tries_of_their_own(proxies: None, coming: From, ann: str) -> None:
    for client in (CLIENT, "203.0.113.8"):
        await asked_for_code(coming(PROXY, x_forwarded_for=f"{SPOOFED}, {client}"), ann)
    assert await places() == {CLIENT, "203.0.113.8"}


async def test_what_somebody_else_says_is_ignored(proxies: None, coming: From, ann: str) -> None:
    await asked_for_code(coming(CLIENT, x_forwarded_for=SPOOFED, forwarded=f"for={SPOOFED}", x_real_ip=SPOOFED), ann)
    assert await places() == {CLIENT}


async def test_without_the_setting_no_proxy_is_trusted(coming: From, ann: str) -> None:
    await asked_for_code(coming(PROXY, x_forwarded_for=CLIENT), ann)
    assert await places() == {PROXY}


async def test_made_up_addresses_give_no_more_tries(proxies: None, coming: From) -> None:
    statuses = []
    for number in range(31):
        person = coming(CLIENT, x_forwarded_for=f"198.51.100.{number}")
        page = await person.page("/sign-in")
        statuses.append((await person.submit(page, "/sign-in", email=f"p{number}@example.com")).status)
    assert statuses[-1] == 429
    assert set(statuses[:-1]) == {303}
    elsewhere = coming("192.0.2.7")
    assert (await asked_for_code(elsewhere, "zoe@example.com")).status == 303


def test_whoever_has_a_network_of_ipv6_has_one_place() -> None:
    """A home has 18,446,744,073,709,551,616 addresses."""
    assert limits.place("2001:db8::1") == limits.place("2001:db8::ffff:1") == "2001:db8::/64"
    assert limits.place("2001:db8:0:1::1") != limits.place("2001:db8::1")
    assert limits.place("::ffff:203.0.113.7") == limits.place(CLIENT) == CLIENT
    assert limits.place("testclient") == "testclient"
    assert limits.place(None) == "nowhere"


async def test_a_proxy_on_this_machine_opens_the_mailbox_of_a_demo_to_nobody(demo: None, coming: From) -> None:
    assert (await coming("127.0.0.1").page("/mailbox")).status == 200
    for person in (coming("127.0.0.1", x_forwarded_for=CLIENT), coming("127.0.0.1", forwarded=f"for={CLIENT}")):
        assert (await person.page("/mailbox")).status == 404
    assert (await coming(CLIENT, x_forwarded_for="127.0.0.1").page("/mailbox")).status == 404
