"""The platform over GraphQL: what the operator sees and does, and doing things once."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.provisioning import clock, organizations, platform, request_log, seals
from api.provisioning.actor import Right
from api.provisioning.caller import NOWHERE, the_operator
from api.provisioning.plan_catalogue import Catalogue
from db import sql
from db.ids import first_id
from db.queries import platform as rows
from tests.conftest import NewDirectory
from tests.factories import MemberFactory
from tests.scim.conversation import Scim

from .conftest import Api, NewApi

SEEN = "id name plan { key name addOns features } retention { headlineDays bodyDays } counts { members directories }"
PAYLOAD = f"{{ organization {{ {SEEN} }} userErrors {{ code message field }} auditEntry {{ action before after }} }}"
ALL = f"""query ($text: String, $plan: String, $first: Int, $after: String, $last: Int, $before: String) {{
  organizations(query: $text, planKey: $plan, first: $first, after: $after, last: $last, before: $before) {{
    nodes {{ {SEEN} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
CREATE = f"""mutation ($input: OrganizationCreateInput!, $key: String) {{
  organizationCreate(input: $input, idempotencyKey: $key) {PAYLOAD} }}"""
RETAIN = f"""mutation ($id: ID!, $input: RetentionInput!) {{
  organizationRetentionSet(organizationId: $id, input: $input) {PAYLOAD} }}"""
CHOOSE = f"mutation ($id: ID!, $plan: String!) {{ planChoose(organizationId: $id, planKey: $plan) {PAYLOAD} }}"
GRANT = f"mutation ($id: ID!, $addOn: Feature!) {{ addOnGrant(organizationId: $id, addOn: $addOn) {PAYLOAD} }}"
WITHDRAW = f"mutation ($id: ID!, $addOn: Feature!) {{ addOnWithdraw(organizationId: $id, addOn: $addOn) {PAYLOAD} }}"
PLANS = "{ plans { key name scim autoPurchase contact { name mail link } organizations } }"


@pytest.fixture
async def operator(new_api: NewApi) -> Api:
    """The operator's token."""
    return await new_api(None)


@pytest.fixture
async def acme(scim: Scim, operator: Api) -> str:
    """The global id of an organization with a directory."""
    return operator.id("Organization", scim.access.organization_id, scim.access.organization_id)


async def names() -> list[str]:
    """What organizations are called."""
    return [row[0] for row in await sql.rows("SELECT name FROM organization ORDER BY id")]


async def test_a_new_organization_knows_who_made_it(operator: Api) -> None:
    wanted = {"name": " Acme ", "domains": ["Example.com"]}
    done = (await operator.ask(CREATE, input=wanted))["organizationCreate"]
    assert done["userErrors"] == []
    assert done["organization"]["name"] == "Acme"
    assert done["organization"]["counts"] == {"members": 0, "directories": 0}
    assert done["organization"]["plan"] == {
        "key": "UNLIMITED",
        "name": "Unlimited",
        "addOns": [],
        "features": ["SCIM", "AUTO_PURCHASE"],
    }
    assert done["auditEntry"]["action"] == "organization_created"
    assert done["auditEntry"]["after"]["name"] == "Acme"


@pytest.mark.parametrize(
    ("input", "code"),
    [
        ({"name": " "}, "INVALID"),
        ({"name": "a\u0000b"}, "INVALID"),
        ({"name": "x", "domains": ["no domain"]}, "INVALID"),
    ],
)
async def test_an_organization_that_makes_no_sense_is_not_made(
    operator: Api, input: dict[str, object], code: str
) -> None:
    done = (await operator.ask(CREATE, input=input))["organizationCreate"]
    assert [each["code"] for each in done["userErrors"]] == [code]
    assert (done["organization"], done["auditEntry"]) == (None, None)
    assert await names() == []


async def test_a_domain_belongs_to_one_and_nothing_is_left_of_the_other(operator: Api) -> None:
    wanted = {"name": "Acme", "domains": ["example.com"]}
    await operator.ask(CREATE, input=wanted)
    done = (await operator.ask(CREATE, input=wanted | {"name": "Evil"}))["organizationCreate"]
    assert done["userErrors"][0]["code"] == "DOMAIN_CLAIMED"
    assert await names() == ["Acme"]


async def test_who_runs_the_platform_and_reads_no_organization_still_sees_what_they_did(new_api: NewApi) -> None:
    some = await new_api(None, [Right.PLATFORM_MANAGE])
    query = (
        """mutation { organizationCreate(input: {name: "Acme"}) { organization { id name } userErrors { code } } }"""
    )
    assert (await some.ask(query))["organizationCreate"]["organization"]["name"] == "Acme"


async def test_all_organizations_in_pages_by_name_and_plan(operator: Api, vendor: Catalogue) -> None:
    for name in ("Acme", "Beta", "Acme East"):
        await organizations.create(name)
    one = await MemberFactory.make(organization=await organizations.create("Zebra"))
    await sql.rows("UPDATE organization SET plan = 'GROWTH' WHERE id = $1", one.organization_id)
    seen, after = list[str](), None
    while True:
        page = (await operator.ask(ALL, first=2, after=after))["organizations"]
        seen += [each["name"] for each in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == ["Acme", "Beta", "Acme East", "Zebra"]

    async def found(**asked: Any) -> list[str]:
        return [each["name"] for each in (await operator.ask(ALL, **asked))["organizations"]["nodes"]]

    assert await found(last=1) == ["Zebra"]
    for junk in ({"text": "\u0000"}, {"plan": "\u0000"}):
        assert (await operator.refused(ALL, first=1, **junk))["extensions"]["code"] == "INVALID"
    assert await found(first=9, text="acME") == ["Acme", "Acme East"]
    assert await found(first=9, text="%") == []
    assert await found(first=9, plan="GROWTH") == ["Zebra"]
    assert await found(first=9, text="acme", plan="GROWTH") == []
    [zebra] = (await operator.ask(ALL, first=9, plan="GROWTH"))["organizations"]["nodes"]
    assert zebra["counts"] == {"members": 1, "directories": 0}
    assert zebra["plan"]["features"] == []


async def test_a_page_is_counted_in_one_statement(operator: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        await organizations.create(f"Org {number}")
    asked = list[int]()
    counts = platform.counts

    async def noted(caller: Any, ids: Any) -> Any:
        asked.append(len(ids))
        return await counts(caller, ids)

    monkeypatch.setattr(platform, "counts", noted)
    await operator.ask(ALL, first=5)
    assert asked == [5]


async def test_how_long_requests_are_kept(operator: Api, acme: str) -> None:
    done = (await operator.ask(RETAIN, id=acme, input={"headlineDays": 40, "bodyDays": 4}))["organizationRetentionSet"]
    assert done["organization"]["retention"] == {"headlineDays": 40, "bodyDays": 4}
    assert done["auditEntry"]["action"] == "retention_changed"
    assert done["auditEntry"]["after"]["request_retention_days"] == 40
    again = await operator.ask(RETAIN, id=acme, input={"headlineDays": 40, "bodyDays": 4})
    assert again["organizationRetentionSet"]["auditEntry"] is None
    bad = (await operator.ask(RETAIN, id=acme, input={"headlineDays": 4, "bodyDays": 5}))["organizationRetentionSet"]
    assert bad["userErrors"][0]["code"] == "INVALID"


async def test_plans_and_add_ons(operator: Api, acme: str, vendor: Catalogue) -> None:
    offered = (await operator.ask(PLANS))["plans"]
    assert [(each["key"], each["organizations"]) for each in offered][-1] == ("UNLIMITED", 1)
    assert offered[1] | {"contact": None} == {
        "key": "GROWTH",
        "name": "Growth",
        "scim": "ADD_ON",
        "autoPurchase": "NONE",
        "contact": None,
        "organizations": 0,
    }
    chosen = (await operator.ask(CHOOSE, id=acme, plan="GROWTH"))["planChoose"]
    assert chosen["organization"]["plan"] == {"key": "GROWTH", "name": "Growth", "addOns": [], "features": []}
    assert chosen["auditEntry"]["action"] == "plan_chosen"
    granted = (await operator.ask(GRANT, id=acme, addOn="SCIM"))["addOnGrant"]
    assert granted["organization"]["plan"]["addOns"] == granted["organization"]["plan"]["features"] == ["SCIM"]
    assert granted["auditEntry"]["action"] == "add_on_granted"
    refused = (await operator.ask(GRANT, id=acme, addOn="AUTO_PURCHASE"))["addOnGrant"]
    assert refused["userErrors"][0]["field"] == ["addOn"]
    withdrawn = (await operator.ask(WITHDRAW, id=acme, addOn="SCIM"))["addOnWithdraw"]
    assert withdrawn["organization"]["plan"]["addOns"] == []
    assert withdrawn["auditEntry"]["action"] == "add_on_withdrawn"
    again = (await operator.ask(WITHDRAW, id=acme, addOn="SCIM"))["addOnWithdraw"]
    assert again["userErrors"][0]["code"] == "NOT_FOUND"
    assert (await operator.ask(CHOOSE, id=acme, plan="NONE"))["planChoose"]["userErrors"][0]["code"] == "INVALID"


CHANGES: dict[str, dict[str, Any]] = {
    RETAIN: {"input": {"headlineDays": 40, "bodyDays": 4}},
    CHOOSE: {"plan": "UNLIMITED"},
    GRANT: {"addOn": "SCIM"},
    WITHDRAW: {"addOn": "SCIM"},
}


@pytest.mark.parametrize("mutation", CHANGES)
async def test_an_organization_that_is_not_is_not_found(operator: Api, api: Api, mutation: str) -> None:
    for id in (operator.id("Organization", uuid.uuid4(), uuid.uuid4()), "nonsense"):
        [answer] = (await operator.ask(mutation, id=id, **CHANGES[mutation])).values()
        assert answer["userErrors"][0]["code"] == "NOT_FOUND"
    other = await organizations.create("Other")
    told = [
        next(iter((await api.ask(mutation, id=api.id("Organization", id, id), **CHANGES[mutation])).values()))
        for id in (other, uuid.uuid4())
    ]
    assert told[0]["userErrors"][0]["code"] == told[1]["userErrors"][0]["code"] == "NOT_FOUND"


async def test_an_organizations_own_token_runs_no_platform(scim: Scim, api: Api, acme: str) -> None:
    before = await sql.rows("SELECT * FROM organization ORDER BY id")
    for mutation, more in {**CHANGES, CREATE: {"input": {"name": "Evil"}}}.items():
        [answer] = (await api.ask(mutation, id=acme, **more)).values()
        assert answer["userErrors"][0]["code"] == "FORBIDDEN"
    assert (await api.refused(ALL, first=1))["extensions"]["code"] == "FORBIDDEN"
    assert (await api.refused(PLANS))["extensions"]["code"] == "FORBIDDEN"
    assert await sql.rows("SELECT * FROM organization ORDER BY id") == before


async def test_organizations_by_the_health_of_their_directories(
    operator: Api, scim: Scim, new_directory: NewDirectory
) -> None:
    """One whose requests are refused, one that was never called, one that is silent, and one that is well."""
    stranger, silent, well = [Scim(scim.http, await new_directory()) for _ in range(3)]
    for _ in range(3):
        await scim.post("/Users", {})
    for each in (silent, well):
        await each.get("/Users")
    await request_log.flush()
    await sql.rows(
        "UPDATE request SET received_at = received_at - interval '9 days' WHERE organization_id = $1",
        silent.access.organization_id,
    )
    await sql.rows("UPDATE directory_key SET last_used_at = NULL")
    by_health = "query ($health: [DirectoryHealth!]) { organizations(health: $health, first: 10) { nodes { id } } }"

    async def found(*health: str) -> list[str]:
        return [node["id"] for node in (await operator.ask(by_health, health=health))["organizations"]["nodes"]]

    failing, unseen, stale, healthy = (
        operator.id("Organization", each.access.organization_id, each.access.organization_id)
        for each in (scim, stranger, silent, well)
    )
    assert await found("FAILING") == [failing]
    assert await found("STALE", "FAILING") == sorted([failing, stale], key=[failing, unseen, stale].index)
    assert await found("NEVER_CALLED") == [unseen]
    assert await found("HEALTHY") == [healthy]
    assert await found() == []


async def test_what_becomes_of_the_operators_own_tokens_is_remembered(operator: Api) -> None:
    create = """mutation { apiTokenCreate(input: {name: "Backstage", permissions: [PLATFORM_MANAGE]}) {
                  apiToken { id } auditEntry { action } } }"""
    made = (await operator.ask(create))["apiTokenCreate"]
    assert made["auditEntry"]["action"] == "token_created"
    await operator.ask(
        "mutation ($id: ID!) { apiTokenRevoke(id: $id) { userErrors { code } } }", id=made["apiToken"]["id"]
    )
    history = "{ platformAudit(first: 10) { nodes { action subjectId actor { name } before after } } }"
    revoked, created, *_ = (await operator.ask(history))["platformAudit"]["nodes"]
    assert (revoked["action"], created["action"]) == ("token_revoked", "token_created")
    assert created["subjectId"] == made["apiToken"]["id"]
    assert created["after"]["name"] == revoked["before"]["name"] == "Backstage"


async def test_that_history_is_sealed_like_any_other(operator: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    await operator.ask('mutation { apiTokenCreate(input: {name: "x", permissions: [AUDIT_READ]}) { secret } }')
    later = datetime.now(UTC) + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert NOWHERE in await rows.with_unsealed_changes(first_id(later))
    assert await seals.seal(NOWHERE) > 0
    await sql.rows("""UPDATE change SET after = '{"name": "y"}' WHERE organization_id = $1""", NOWHERE)
    assert (await seals.verify(the_operator().within(NOWHERE))).findings
