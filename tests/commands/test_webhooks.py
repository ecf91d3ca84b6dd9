"""Webhooks from the command line: endpoints, what they were sent, sending it again, confirming."""

from __future__ import annotations

import uuid

import pytest

from api.provisioning.errors import BadSetting, InTheWay, NotFound
from db import sql
from tests.factories import AccessRevocationFactory, MemberFactory
from tests.webhooks.hosting import deliver_to
from tests.webhooks.receiver import Reply, receiving

from .conftest import Ask, read, read_list

URL = "https://app.example.com/rollcall"


@pytest.fixture
async def acme(ask: Ask) -> object:
    """An organization."""
    return read(await ask("organizations", "create", "Acme"))["id"]


async def test_an_endpoint_from_its_beginning_to_its_end(ask: Ask, acme: object) -> None:
    own = ("--organization", acme)
    told = await ask("webhooks", "create", URL, "--event", "role.added", "--event", "member.created", *own)
    made = read(told)
    endpoint = made["endpoint"]
    assert isinstance(endpoint, dict)
    assert str(made["secret"]).startswith("whsec_")
    assert str(made["secret"]) in told.text
    listed = await ask("webhooks", "list", *own)
    assert str(made["secret"]) not in listed.as_json()
    assert read_list(listed)[0]["event_types"] == ["member.created", "role.added"]
    done = read(
        await ask("webhooks", "update", endpoint["id"], "--every-event", "--disable", "--url", URL + "/2", *own)
    )
    assert (done["url"], done["event_types"], done["disabled_reason"]) == (URL + "/2", [], "BY_HAND")
    assert "disabled (by hand)" in (await ask("webhooks", "list", *own)).text
    with pytest.raises(InTheWay):
        await ask("webhooks", "test", endpoint["id"], *own)
    rotated = read(await ask("webhooks", "rotate", endpoint["id"], "--signing", "ED25519", *own))
    assert (rotated["secret"], str(rotated["public_key"])[:5]) == (None, "whpk_")
    await ask("webhooks", "delete", endpoint["id"], *own)
    assert read_list(await ask("webhooks", "list", *own)) == []
    actions = await sql.rows("SELECT action FROM change WHERE subject_type = 'webhook_endpoint' ORDER BY id")
    assert [row[0] for row in actions] == [
        "endpoint_added",
        "endpoint_changed",
        "secret_rotated",
        "endpoint_removed",
    ]


async def test_what_was_sent_is_looked_at_and_sent_again(
    ask: Ask, acme: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLCALL_ALLOW_NETWORKS", "127.0.0.1/32")
    own = ("--organization", acme)
    with receiving() as host:
        host.replies = [Reply(410, body=b"gone fishing")]
        endpoint = read(await ask("webhooks", "create", host.url, *own))["endpoint"]
        assert isinstance(endpoint, dict)
        delivery = read(await ask("webhooks", "test", endpoint["id"], *own))["delivery_id"]
        await deliver_to(acme, endpoint["id"])
        shown = await ask("webhooks", "show", delivery, *own)
        assert read(shown)["state"] == "FAILED"
        assert "gone fishing" in shown.text
        failed = await ask("webhooks", "deliveries", endpoint["id"], "--state", "FAILED", *own)
        assert [each["id"] for each in read_list(failed)] == [delivery]
        assert read_list(await ask("webhooks", "deliveries", endpoint["id"], "--state", "PENDING", *own)) == []
        await ask("webhooks", "update", endpoint["id"], "--enable", *own)
        assert read(await ask("webhooks", "replay", endpoint["id"], "--failed-within-hours", 1, *own)) == {
            "deliveries": 1
        }
        await deliver_to(acme, endpoint["id"])
        assert read(await ask("webhooks", "show", delivery, *own))["state"] == "DELIVERED"
        assert read(await ask("webhooks", "replay", endpoint["id"], "--delivery", delivery, *own)) == {"deliveries": 1}
        assert len({each.id for each in host.received}) == 1


async def test_access_that_ended_is_confirmed_by_hand(ask: Ask, acme: object) -> None:
    own = ("--organization", acme)
    member = await MemberFactory.make(organization=uuid.UUID(str(acme)))
    made = await AccessRevocationFactory.make(member=member)
    assert [each["id"] for each in read_list(await ask("webhooks", "unconfirmed", *own))] == [str(made.id)]
    assert "REVOCATIONS_UNCONFIRMED: The access of 1 person" in (await ask("organizations", "show", acme)).text
    [done] = read_list(await ask("webhooks", "confirm", made.id, *own))
    assert done["confirmed_by"] == "the operator"
    assert read_list(await ask("webhooks", "unconfirmed", *own)) == []
    assert "REVOCATIONS_UNCONFIRMED" not in (await ask("organizations", "show", acme)).text


async def test_types_of_events_are_listed_with_their_schemas(ask: Ask) -> None:
    listed = await ask("webhooks", "events")
    assert "member.access_revoked" in listed.text
    assert "deadline" in str(read(listed)["member.access_revoked"])


async def test_what_is_not_there_or_not_allowed_is_refused(ask: Ask, acme: object) -> None:
    own, nobody = ("--organization", acme), uuid.uuid4()
    for argv in (
        ("delete", nobody),
        ("test", nobody),
        ("show", nobody),
        ("confirm", nobody),
        ("replay", nobody, "--delivery", nobody),
    ):
        with pytest.raises(NotFound):
            await ask("webhooks", *argv, *own)
    with pytest.raises(BadSetting, match="https"):
        await ask("webhooks", "create", "http://app.example.com", *own)
    for wrong in (("--event", "member.flew"), ("--signing", "MD5")):
        with pytest.raises(SystemExit):
            await ask("webhooks", "create", URL, *wrong, *own)
