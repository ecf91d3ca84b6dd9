"""Webhooks over GraphQL: endpoints, what they were sent, replays, and confirming that sessions ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.provisioning.actor import NARROW, Right
from api.webhooks import delivery_log
from api.webhooks.event_types import TYPES
from db import sql
from db.ids import new_id
from db.queries import webhook_deliveries as rows
from db.webhook_rows import HourRow
from tests.scim.conversation import Scim, document
from tests.scim.governing import active, person
from tests.webhooks.hosting import deliver_to, tell
from tests.webhooks.receiver import Receiver, Reply, receiving

from .conftest import Api, NewApi
from .operations.members import own
from .operations.webhooks import SAMPLES, endpoint, revocation

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
CREATE = """mutation ($id: ID!, $url: String!, $signing: WebhookSigning! = HMAC) {
  webhookEndpointCreate(organizationId: $id, input: {url: $url, signing: $signing}) {
    secret publicKey endpoint { id } userErrors { code message field } auditEntry { action subjectId } } }"""
LOG = """query ($id: ID!, $state: WebhookDeliveryState) { node(id: $id) { ... on WebhookEndpoint {
  isEnabled disabledReason failingSince lastDay { state count }
  deliveries(first: 10, state: $state) { nodes {
    id messageId eventType state body attempts { status response error durationMs } } } } } }"""
HOURS = """query ($id: ID!) { node(id: $id) { ... on WebhookEndpoint {
  traffic { at delivered pending failed isKnown } } } }"""
UPDATE = """mutation ($id: ID!, $input: WebhookEndpointUpdateInput!) {
  webhookEndpointUpdate(id: $id, input: $input) {
    endpoint { url isEnabled eventTypes } userErrors { code message } } }"""
REPLAY = """mutation ($id: ID!, $ids: [ID!], $from: DateTime, $to: DateTime) {
  webhookDeliveriesReplay(id: $id, deliveryIds: $ids, from: $from, to: $to) {
    count userErrors { code message } auditEntry { action } } }"""
CONFIRM = SAMPLES["accessRevocationConfirm"].document
CONCERNS = "{ organization { concerns { code count text } unconfirmedRevocations(first: 5) { totalCount } } }"


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A host application."""
    monkeypatch.setenv("ROLLCALL_ALLOW_NETWORKS", "127.0.0.1/32")
    with receiving() as there:
        yield there


async def _listens(api: Api, scim: Scim, host: Receiver) -> Any:
    made = await api.ask(CREATE, **await own(api, scim), url=host.url)
    return made["webhookEndpointCreate"]


async def _send(api: Api) -> None:
    [row] = await sql.rows("SELECT id FROM webhook_endpoint")
    await tell()
    await deliver_to(api.organization, row["id"])


async def test_an_endpoint_is_made_and_its_secret_shown_once(scim: Scim, api: Api, host: Receiver) -> None:
    made = await _listens(api, scim, host)
    id = made["endpoint"]["id"]
    assert made["secret"].startswith("whsec_")
    assert made["auditEntry"] == {"action": "endpoint_added", "subjectId": id}
    assert made["secret"] not in str(
        await api.ask("{ organization { webhookEndpoints { id url secrets { signing } } } }")
    )
    asymmetric = (await api.ask(CREATE, **await own(api, scim), url=host.url, signing="ED25519"))[
        "webhookEndpointCreate"
    ]
    assert asymmetric["secret"] is None
    assert asymmetric["publicKey"].startswith("whpk_")
    shown = await api.ask("{ organization { webhookEndpoints { id secrets { publicKey expiresAt } } } }")
    keys = [each["secrets"] for each in shown["organization"]["webhookEndpoints"]]
    assert keys == [
        [{"publicKey": None, "expiresAt": None}],
        [{"publicKey": asymmetric["publicKey"], "expiresAt": None}],
    ]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://app.example.com",
        "https://",
        "https://ann:secret@app.example.com",
        "https://app.example.com:99999",
        "app.example.com",
        "https://app.example.com/" + "a" * 2000,
        "",
    ],
)
async def test_what_is_no_endpoint_is_refused(scim: Scim, api: Api, url: str) -> None:
    answer = (await api.ask(CREATE, **await own(api, scim), url=url))["webhookEndpointCreate"]
    [error] = answer["userErrors"]
    assert (error["code"], error["field"], answer["secret"]) == ("INVALID", ["input"], None)


async def test_without_networks_that_the_operator_allowed_there_is_only_https(scim: Scim, api: Api) -> None:
    answer = (await api.ask(CREATE, **await own(api, scim), url="http://127.0.0.1/hooks"))["webhookEndpointCreate"]
    assert "https" in answer["userErrors"][0]["message"]


async def test_nothing_is_sent_into_networks_that_are_nobodys_business(
    scim: Scim, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as inside:
        made = await api.ask(CREATE, **await own(api, scim), url=f"https://127.0.0.1:{inside.port}/latest/meta-data")
        id = made["webhookEndpointCreate"]["endpoint"]["id"]
        await api.ask(SAMPLES["webhookTest"].document, id=id)
        await _send(api)
        [found] = (await api.ask(LOG, id=id))["node"]["deliveries"]["nodes"]
        assert "this machine itself" in found["attempts"][0]["error"]
        assert inside.received == []


async def test_what_was_sent_is_logged_and_sent_again(scim: Scim, api: Api, host: Receiver) -> None:
    id = (await _listens(api, scim, host))["endpoint"]["id"]
    host.replies = [Reply(410, body=b"gone fishing")]
    document(await scim.post("/Users", person("ann")))
    await _send(api)
    log = (await api.ask(LOG, id=id))["node"]
    [found] = log["deliveries"]["nodes"]
    assert (log["isEnabled"], log["disabledReason"]) == (False, "GONE")
    assert log["lastDay"] == [{"state": "FAILED", "count": 1}]
    assert (found["messageId"], found["eventType"]) == (host.received[0].id, "member.created")
    assert found["body"] == host.received[0].event
    [tried] = found["attempts"]
    assert (tried["status"], tried["response"]) == (410, "gone fishing")
    refused = (await api.ask(REPLAY, id=id, ids=[found["id"]]))["webhookDeliveriesReplay"]
    assert refused["userErrors"][0]["code"] == "CONFLICT"
    await api.ask(UPDATE, id=id, input={"isEnabled": True})
    again = (await api.ask(REPLAY, id=id, **{"from": "2000-01-01T00:00:00Z"}))["webhookDeliveriesReplay"]
    assert (again["count"], again["auditEntry"]) == (1, {"action": "deliveries_replayed"})
    await _send(api)
    assert [each.id for each in host.received] == [found["messageId"]] * 2
    assert (await api.ask(LOG, id=id, state="FAILED"))["node"]["deliveries"]["nodes"] == []
    assert (await api.ask(LOG, id=id, state="DELIVERED"))["node"]["deliveries"]["nodes"] != []
    for wrong in ({}, {"ids": [], "from": "2000-01-01T00:00:00Z"}):
        answer = (await api.ask(REPLAY, id=id, **wrong))["webhookDeliveriesReplay"]
        assert answer["userErrors"][0]["code"] == "INVALID"


async def test_what_was_sent_in_a_day_is_counted_by_the_hour(scim: Scim, api: Api, host: Receiver) -> None:
    id = (await _listens(api, scim, host))["endpoint"]["id"]
    await scim.make_user("ann@example.com")
    await _send(api)
    host.otherwise = Reply(500)
    await scim.make_user("bo@example.com")
    await _send(api)
    hours = (await api.ask(HOURS, id=id))["node"]["traffic"]
    assert [sum(each[kind] for each in hours) for kind in ("delivered", "pending", "failed")] == [1, 1, 0]
    assert (len(hours), all(each["isKnown"] for each in hours)) == (24, True)


def test_hours_of_which_not_all_was_counted_are_not_known() -> None:
    every = [NOON + timedelta(hours=number) for number in range(4)]
    counted = [HourRow(new_id(), 1, 1, 0, 0), HourRow(new_id(), 3, rows.COUNTED_AT_MOST - 2, 0, 1)]
    assert [each.is_known for each in delivery_log.filled(counted, every)] == [False, False, True, True]
    assert [each.is_known for each in delivery_log.filled(counted[:1], every)] == [True] * 4


async def test_a_change_names_what_changes_and_nothing_else(scim: Scim, api: Api, host: Receiver) -> None:
    id = (await _listens(api, scim, host))["endpoint"]["id"]
    done = (await api.ask(UPDATE, id=id, input={"eventTypes": ["role.added"]}))["webhookEndpointUpdate"]
    assert done["endpoint"] == {"url": host.url, "isEnabled": True, "eventTypes": ["role.added"]}
    wrong = (await api.ask(UPDATE, id=id, input={"eventTypes": ["role.flown"]}))["webhookEndpointUpdate"]
    assert wrong["userErrors"][0]["code"] == "INVALID"
    assert "role.flown" in wrong["userErrors"][0]["message"]


async def test_types_of_events_are_listed_with_their_schemas(scim: Scim, api: Api) -> None:
    found = await api.ask("{ organization { webhookEventTypes { name description schema } } }")
    listed = found["organization"]["webhookEventTypes"]
    assert [each["name"] for each in listed] == list(TYPES)
    assert {each["schema"]["title"] for each in listed} == set(TYPES)


async def test_endpoints_and_messages_are_only_for_developers(
    scim: Scim, api: Api, host: Receiver, new_api: NewApi
) -> None:
    id = (await _listens(api, scim, host))["endpoint"]["id"]
    others = [
        right
        for right in Right
        if right not in (*NARROW, Right.PROVISION, Right.PLATFORM_MANAGE, Right.DEVELOPERS_MANAGE)
    ]
    reader = await new_api(api.organization, others)
    for query in ("webhookEndpoints { url }", "webhookEventTypes { name }"):
        error = await reader.refused(f"{{ organization {{ {query} }} }}")
        assert error["extensions"]["code"] == "FORBIDDEN"
    assert (await reader.ask(LOG, id=id))["node"] is None


async def test_the_host_confirms_that_sessions_ended(scim: Scim, api: Api, host: Receiver, new_api: NewApi) -> None:
    await _listens(api, scim, host)
    made = document(await scim.post("/Users", person("ann")))
    await scim.patch(f"/Users/{made['id']}", active(False))
    await _send(api)
    [told] = [each for each in host.received if each.type == "member.access_revoked"]
    assert (await api.ask(CONCERNS))["organization"]["concerns"] == []  # there are five minutes
    await sql.rows("UPDATE access_revocation SET deadline = now() - interval '1 second'")
    seen = (await api.ask(CONCERNS))["organization"]
    assert [(each["code"], each["count"]) for each in seen["concerns"]] == [("REVOCATIONS_UNCONFIRMED", 1)]
    assert seen["unconfirmedRevocations"]["totalCount"] == 1
    application = await new_api(api.organization, [Right.MEMBERS_MANAGE])
    for _ in range(2):
        done = (await application.ask(CONFIRM, ids=[told.data["revocationId"]]))["accessRevocationConfirm"]
        assert done["userErrors"] == []
        assert done["revocations"][0]["confirmedBy"] == "Backstage"
    assert done["auditEntry"] is None  # it was confirmed already
    after = (await api.ask(CONCERNS))["organization"]
    assert (after["concerns"], after["unconfirmedRevocations"]["totalCount"]) == ([], 0)
    history = await sql.rows("SELECT subject_id FROM change WHERE action = 'revocation_confirmed'")
    assert [api.id("Member", row["subject_id"]) for row in history] == [told.data["memberId"]]


async def test_all_are_confirmed_or_none(scim: Scim, api: Api) -> None:
    [there] = (await revocation(api, scim))["ids"]
    nobodys = api.id("AccessRevocation", "019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c11")
    for ids in ([there, nobodys], [], [there] * 1001):
        done = (await api.ask(CONFIRM, ids=ids))["accessRevocationConfirm"]
        assert done["userErrors"][0]["code"] in ("NOT_FOUND", "INVALID")
    assert await sql.value("SELECT count(*) FROM access_revocation WHERE confirmed_at IS NULL") == 1


async def test_an_endpoint_that_fails_needs_attention(scim: Scim, api: Api) -> None:
    await endpoint(api, scim)
    await sql.rows("UPDATE webhook_endpoint SET failing_since = now() - interval '9 minutes'")
    assert (await api.ask(CONCERNS))["organization"]["concerns"] == []
    await sql.rows("UPDATE webhook_endpoint SET failing_since = now() - interval '11 minutes'")
    [seen] = (await api.ask(CONCERNS))["organization"]["concerns"]
    assert (seen["code"], seen["count"]) == ("WEBHOOKS_FAILING", 1)
    await sql.rows("UPDATE webhook_endpoint SET failing_since = NULL, is_enabled = false, disabled_reason = 'BY_HAND'")
    assert (await api.ask(CONCERNS))["organization"]["concerns"] == []
