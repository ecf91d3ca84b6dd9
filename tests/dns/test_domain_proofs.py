"""Proving a domain: what has to be published, what is made of what is there, and what becomes of it with time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from api.dns.lookup import Lookup
from api.provisioning import clock, diagnosis, domain_proofs, domains, organizations, policies, proofs
from api.provisioning.actor import Actor, operator
from api.provisioning.domain_proofs import Checked
from api.provisioning.errors import BadSetting, DomainClaimed, NotFound, TooOften
from db import sql
from tests.scim.conversation import Scim, assert_error, document
from tests.scim.governing import everybody, new_address, person

from .server import Zone, serving

NAME = "_rollcall-challenge.example.com"


class Calendar:
    """The date, which a test moves."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    made = Calendar()
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
async def zone() -> AsyncIterator[Zone]:
    async with serving() as zone:
        yield zone


@pytest.fixture
async def acme(database: None) -> Actor:
    """An organization that says that example.com is its own."""
    actor = operator(await organizations.create("Acme"))
    await domains.add(actor, "example.com")
    return actor


async def _publish(actor: Actor, zone: Zone, name: str = NAME) -> str:
    proof = await domain_proofs.challenge(actor, "example.com")
    zone.texts[name] = [proofs.record_value(proof)]
    assert proof.challenge is not None
    return proof.challenge


async def _check(actor: Actor, zone: Zone) -> Checked:
    return await domain_proofs.check(actor, "example.com", Lookup([zone.resolver]))


async def _state(actor: Actor) -> str:
    return (await domains.named(actor, "example.com")).state


async def _actions(actor: Actor) -> list[str]:
    found = await sql.rows(
        "SELECT action FROM change WHERE organization_id = $1 AND subject_type = 'domain' ORDER BY id",
        actor.organization,
    )
    return [row[0] for row in found]


async def test_what_is_published_proves(acme: Actor, zone: Zone) -> None:
    token = await _publish(acme, zone)
    assert len(token) == 32
    checked = await _check(acme, zone)
    assert checked.verdict.is_proved
    domain = await domains.named(acme, "example.com")
    assert (domain.state, domain.verified_by) == ("VERIFIED", "DNS")
    assert await _actions(acme) == ["domain_added", "domain_challenged", "domain_verified"]


async def test_the_record_stays_the_same_until_it_ends(acme: Actor, zone: Zone, calendar: Calendar) -> None:
    first = await domain_proofs.challenge(acme, "example.com")
    assert (await domain_proofs.challenge(acme, "EXAMPLE.com.")).challenge == first.challenge
    zone.texts[NAME] = [proofs.record_value(first)]
    calendar.pass_(days=8)
    with pytest.raises(BadSetting, match="had to be there by now"):
        await _check(acme, zone)
    assert (await domain_proofs.challenge(acme, "example.com")).challenge != first.challenge
    assert not (await _check(acme, zone)).verdict.is_proved


async def test_what_is_found_instead_is_quoted(acme: Actor, zone: Zone) -> None:
    await _publish(acme, zone)
    zone.texts[NAME] = ["token=somethingelse", "v=spf1 -all"]
    checked = await _check(acme, zone)
    assert "“token=somethingelse”" in checked.verdict.text
    assert "“v=spf1 -all”" in checked.verdict.text
    assert await _state(acme) == "REGISTERED"


async def test_one_of_several_records_and_one_of_several_strings_do(acme: Actor, zone: Zone) -> None:
    token = await _publish(acme, zone)
    zone.texts[NAME] = ["v=spf1 -all", f"token={token[:10]}|{token[10:].upper()} expiry=2020-01-01"]
    assert (await _check(acme, zone)).verdict.is_proved


async def test_a_record_elsewhere_does_that_an_alias_leads_to(acme: Actor, zone: Zone) -> None:
    await _publish(acme, zone, "acme.proofs.example.org")
    zone.aliases[NAME] = "acme.proofs.example.org"
    assert (await _check(acme, zone)).verdict.is_proved


async def test_nothing_there_says_when_to_look_again(acme: Actor, zone: Zone) -> None:
    await domain_proofs.challenge(acme, "example.com")
    text = (await _check(acme, zone)).verdict.text
    assert text.startswith(f"We asked for TXT {NAME} and found no record.")
    assert "(here 15 min)" in text


async def test_everybody_who_answers_has_to_see_it(acme: Actor, zone: Zone) -> None:
    await _publish(acme, zone)
    async with serving() as other:
        found = await domain_proofs.check(acme, "example.com", Lookup([zone.resolver, other.resolver]))
        assert found.verdict.is_proved is False
        assert f"127.0.0.1:{other.port} does not see it" in found.verdict.text
    found = await domain_proofs.check(acme, "example.com", Lookup([zone.resolver, ("127.0.0.1", 1)]))
    assert found.verdict.is_proved


async def test_the_token_of_another_organization_proves_nothing(acme: Actor, zone: Zone) -> None:
    other = operator(await organizations.create("Other"))
    await domains.add(other, "example.com")
    await _publish(acme, zone)
    await domain_proofs.challenge(other, "example.com")
    assert not (await _check(other, zone)).verdict.is_proved


async def test_without_a_challenge_or_a_domain_there_is_nothing_to_look_for(acme: Actor, zone: Zone) -> None:
    with pytest.raises(BadSetting, match="Ask for the record"):
        await _check(acme, zone)
    with pytest.raises(NotFound):
        await domain_proofs.challenge(acme, "example.org")


async def test_dns_is_not_asked_too_often(acme: Actor, zone: Zone) -> None:
    await domain_proofs.challenge(acme, "example.com")
    for _ in range(10):
        await _check(acme, zone)
    with pytest.raises(TooOften):
        await _check(acme, zone)
    assert len(zone.asked) == 10


async def test_whom_it_belongs_to_is_told_when_somebody_else_proves_it(acme: Actor, zone: Zone) -> None:
    other = operator(await organizations.create("Other"))
    await domains.add(other, "example.com")
    await _publish(acme, zone)
    await _check(acme, zone)
    await _publish(other, zone)
    with pytest.raises(DomainClaimed):
        await _check(other, zone)
    assert await _state(other) == "REGISTERED"
    assert (await _actions(acme))[-1] == (await _actions(other))[-1] == "domain_claimed"
    with pytest.raises(DomainClaimed):
        await domains.add(operator(await organizations.create("Third")), "example.com")


async def _verified(acme: Actor, zone: Zone) -> None:
    await _publish(acme, zone)
    await _check(acme, zone)


async def _again(zone: Zone) -> int:
    return await domain_proofs.recheck_due(Lookup([zone.resolver]))


async def test_it_is_looked_for_once_a_month(acme: Actor, zone: Zone, calendar: Calendar) -> None:
    await _verified(acme, zone)
    assert await _again(zone) == 0
    calendar.pass_(days=30)
    assert (await _again(zone), await _again(zone)) == (1, 0)
    assert await _state(acme) == "VERIFIED"


async def test_a_record_that_is_gone_warns_and_lapses_and_comes_back(
    acme: Actor, zone: Zone, calendar: Calendar
) -> None:
    await _verified(acme, zone)
    published = zone.texts.pop(NAME)
    steps: list[tuple[int, str, bool]] = []
    for days in (30, 7, 7, 7):
        calendar.pass_(days=days)
        await _again(zone)
        [proof] = (await domain_proofs.many(acme, [(await domains.named(acme, "example.com")).id])).values()
        steps.append((days, proof.state, proof.lapses_at is not None))
    assert steps == [(30, "VERIFIED", False), (7, "VERIFIED", True), (7, "VERIFIED", True), (7, "LAPSED", False)]
    assert (await _actions(acme))[-1] == "domain_lapsed"
    zone.texts[NAME] = published
    calendar.pass_(days=7)
    await _again(zone)
    assert await _state(acme) == "VERIFIED"


async def test_trouble_with_dns_lapses_nothing(acme: Actor, zone: Zone, calendar: Calendar) -> None:
    await _verified(acme, zone)
    for _ in range(60):
        calendar.pass_(days=31)
        await domain_proofs.recheck_due(Lookup([("127.0.0.1", 1)]))
    assert await _state(acme) == "VERIFIED"


async def _insisting(scim: Scim, zone: Zone) -> Actor:
    """An organization that has verified its domain, and lets in nobody else."""
    actor = operator(scim.access.organization_id)
    await domains.add(actor, "example.com")
    await _verified(actor, zone)
    await policies.change(actor, {"domain_rule": "VERIFIED"})
    return actor


async def test_a_lapsed_domain_keeps_whoever_is_in_and_lets_nobody_new_in(
    scim: Scim, zone: Zone, calendar: Calendar
) -> None:
    actor = await _insisting(scim, zone)
    await scim.post("/Users", person("ann"))
    zone.texts.clear()
    for days in (30, 7, 14):
        calendar.pass_(days=days)
        await _again(zone)
    assert await _state(actor) == "LAPSED"
    [[status]] = await sql.rows("SELECT status FROM member")
    assert status == "ACTIVE"
    refused = assert_error(await scim.post("/Users", person("bob")), 403)
    assert "example.com, whose proof has lapsed" in refused
    why = await diagnosis.why(actor, "bob@example.com")
    assert any("proof has lapsed" in each.text for each in why)


async def test_whoever_is_in_by_a_lapsed_domain_is_no_guest_and_may_be_renamed(
    scim: Scim, zone: Zone, calendar: Calendar
) -> None:
    await _insisting(scim, zone)
    ann = document(await scim.post("/Users", person("ann")))
    await sql.rows("UPDATE domain SET state = 'LAPSED'")
    path = f"/Users/{ann['id']}"
    assert (await scim.patch(path, new_address("anna@example.com"))).status_code == 200
    assert [each["is_external"] for each in await everybody(scim)] == [False]
    away = assert_error(await scim.patch(path, new_address("anna@elsewhere.example.org")), 400, "invalidValue")
    assert "outside the verified domains" in away


async def test_the_operators_word_is_not_looked_for(acme: Actor, zone: Zone, calendar: Calendar) -> None:
    await domains.attest(acme, "example.com")
    calendar.pass_(days=400)
    assert await _again(zone) == 0
