"""Where the host application is asked, and the secrets of that: the operator's to choose, sealed and shown once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from api.billing import host_accounts, host_secrets
from api.provisioning import billing_accounts, clock, sealed
from api.provisioning.actor import Actor, ActorKind, Right, operator
from api.provisioning.errors import BadSetting, CannotSeal, Forbidden, InTheWay, NotFound
from api.secrets import at_hand, ring
from db import sql
from db.ids import OrganizationId, new_id
from tests.scim.conversation import Scim
from tests.scim.governing import governor

URL = "https://app.example.com/billing"


async def test_a_secret_is_made_with_the_first_url_and_kept_with_the_next(scim: Scim) -> None:
    made = await host_accounts.set_url(governor(scim), URL)
    assert made is not None
    assert made.startswith("whsec_")
    assert await host_accounts.set_url(governor(scim), f" {URL}/2 ") is None
    account = await billing_accounts.find(scim.access.organization_id)
    [key] = await host_secrets.keys(scim.access.organization_id)
    assert (account.host_url, key.shared) == (f"{URL}/2", made)


async def test_secrets_are_sealed_and_no_part_of_history(scim: Scim) -> None:
    await host_accounts.set_url(governor(scim), URL)
    secrets = [await host_accounts.rotate(governor(scim), timedelta(hours=1)) for _ in range(2)]
    keys = await host_secrets.keys(scim.access.organization_id)
    assert [key.shared for key in keys[:2]] == secrets[::-1]
    stored = [row[0] for row in await sql.rows("SELECT secret FROM billing_secret")]
    assert not any(key.secret in secret for key in keys for secret in stored)
    told = await sql.rows("SELECT action, before::text, after::text FROM change WHERE action LIKE 'billing_host%'")
    assert sorted(row["action"] for row in told) == ["billing_host_secret_rotated"] * 2 + ["billing_host_set"]
    assert not any("whsec_" in f"{row[1]} {row[2]}" for row in told)


async def test_what_was_replaced_ends_and_is_forgotten(scim: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    organization, now = scim.access.organization_id, clock.now()
    await host_accounts.set_url(governor(scim), URL)
    await host_accounts.rotate(governor(scim), timedelta(hours=2))
    await host_accounts.rotate(governor(scim), timedelta(hours=1))
    assert len(await host_secrets.keys(organization)) == 3
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=1, minutes=1))
    assert len(await host_secrets.keys(organization)) == 1, "an overlap of the first that is longer does not count"
    await host_accounts.rotate(governor(scim), timedelta())
    assert await sql.value("SELECT count(*) FROM billing_secret") == 2


async def test_secrets_of_organizations_are_sealed_anew(scim: Scim, secret_keys: Path) -> None:
    made = await host_accounts.set_url(governor(scim), URL)
    ring.add(secret_keys)
    at_hand.load(str(secret_keys))
    assert await sealed.seal_anew() == 1
    assert [key.shared for key in await host_secrets.keys(scim.access.organization_id)] == [made]


async def test_a_secret_of_another_organization_opens_nowhere_else(scim: Scim, stranger: Scim) -> None:
    for each in (scim, stranger):
        await host_accounts.set_url(governor(each), URL)
    await sql.rows(
        "UPDATE billing_secret a SET secret = b.secret FROM billing_secret b"
        " WHERE a.organization_id = $1 AND b.id <> a.id",
        scim.access.organization_id,
    )
    with pytest.raises(CannotSeal):
        await host_secrets.keys(scim.access.organization_id)


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("", "https://"),
        ("app.example.com", "https://"),
        ("ftp://app.example.com", "https://"),
        ("http://app.example.com/billing", "an https URL"),
        ("https://dana:secret@app.example.com", "user name or password"),
        ("https://app.example.com/billing?token=secret", "no query"),
        (f"https://app.example.com/{'x' * 2000}", "longer than"),
    ],
)
async def test_what_is_no_url_to_ask_at_is_refused(scim: Scim, url: str, text: str) -> None:
    with pytest.raises(BadSetting, match=text):
        await host_accounts.set_url(governor(scim), url)
    assert await sql.rows("SELECT 1 FROM billing_secret") == []


async def test_http_is_taken_where_the_operator_allowed_networks(scim: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_ALLOW_NETWORKS", "10.1.0.0/16")
    assert await host_accounts.set_url(governor(scim), "http://app.internal/billing") is not None


async def test_only_the_operator_may(scim: Scim) -> None:
    rights = frozenset(Right) - {Right.PLATFORM_MANAGE}
    dana = Actor(ActorKind.ADMIN, scim.access.organization_id, None, rights)
    with pytest.raises(Forbidden):
        await host_accounts.set_url(dana, URL)
    with pytest.raises(Forbidden):
        await host_accounts.rotate(dana, timedelta(hours=1))


async def test_there_is_nothing_to_replace_before_there_is_a_url(scim: Scim) -> None:
    with pytest.raises(InTheWay, match="Name that first"):
        await host_accounts.rotate(governor(scim), timedelta(hours=1))
    with pytest.raises(BadSetting, match="7 days at most"):
        await host_accounts.rotate(governor(scim), timedelta(days=8))
    with pytest.raises(NotFound):
        await host_accounts.set_url(operator(OrganizationId(new_id())), URL)
