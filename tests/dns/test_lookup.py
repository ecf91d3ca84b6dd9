"""What resolvers say, and how it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator

import dns.rcode
import pytest

from api.dns import lookup
from api.dns.lookup import Lookup
from api.provisioning.proofs import Said

from .server import Zone, serving

NAME = "_rollcall-challenge.example.com"


@pytest.fixture
async def zone() -> AsyncIterator[Zone]:
    async with serving() as zone:
        yield zone


async def _said(zone: Zone, name: str = NAME) -> Said:
    [said] = await Lookup([zone.resolver]).texts(name)
    return said


async def test_texts_are_put_together_of_their_strings(zone: Zone) -> None:
    zone.texts[NAME] = ["token=abc expiry=2026-01-01", "one|two"]
    said = await _said(zone)
    assert (sorted(said.texts), said.problem, said.names) == (["onetwo", "token=abc expiry=2026-01-01"], None, [])


async def test_what_is_too_long_for_udp_is_asked_for_by_tcp(zone: Zone) -> None:
    zone.texts[NAME] = ["|".join(["x" * 250] * 4)]
    assert (await _said(zone)).texts == ["x" * 1000]
    assert [each.split()[0] for each in zone.asked] == ["udp", "tcp"]


async def test_aliases_are_followed(zone: Zone) -> None:
    zone.aliases[NAME] = "proof.host.example.org"
    zone.texts["proof.host.example.org"] = ["token=abc"]
    said = await _said(zone)
    assert (said.texts, said.names) == (["token=abc"], ["proof.host.example.org"])


async def test_an_alias_to_nothing_and_one_in_circles(zone: Zone) -> None:
    zone.aliases[NAME] = "gone.example.org"
    said = await _said(zone)
    assert (said.texts, said.names, said.problem) == ((), ["gone.example.org"], None)
    zone.aliases["gone.example.org"] = NAME
    assert (await _said(zone)).problem is not None


async def test_nothing_there_tells_for_how_long_that_is_remembered(zone: Zone) -> None:
    said = await _said(zone)
    assert (said.texts, said.problem, said.negative_seconds) == ((), None, 900)


async def test_trouble_is_told_and_not_taken_for_nothing(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in (dns.rcode.SERVFAIL, dns.rcode.REFUSED):
        zone.trouble = code
        assert (await _said(zone)).problem == "it cannot find out"
    zone.is_silent = True
    monkeypatch.setattr(lookup, "SECONDS", 0.5)
    assert (await _said(zone)).problem == "it did not answer in time"
    [said] = await Lookup([("127.0.0.1", 1)]).texts(NAME)
    assert said.problem is not None


async def test_each_resolver_is_asked(zone: Zone) -> None:
    async with serving() as other:
        zone.texts[NAME] = ["token=abc"]
        found = await Lookup([zone.resolver, other.resolver]).texts(NAME)
    assert [each.texts for each in found] == [["token=abc"], ()]


async def test_a_name_that_is_none_is_no_trouble(zone: Zone) -> None:
    [said] = await Lookup([zone.resolver]).texts("x" * 300)
    assert said.problem is not None
