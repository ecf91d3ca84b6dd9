"""What is kept of sign-ins that were told of: for those who ask why somebody is not here, and no longer than wanted."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from api.identity import landing
from api.identity.landing import Word
from api.identity.problems import SignInRefused
from api.provisioning import diagnosis, erasures, organizations, request_log
from api.provisioning.actor import Right
from api.provisioning.diagnosis import Finding, Found
from api.provisioning.grounds import Grounds
from db import sql
from db.queries import sso as sso_rows
from tests.commands.conftest import Ask, ask, read_list
from tests.factories import SsoConnectionFactory
from tests.graphql.conftest import Api, NewApi, new_api
from tests.scim.conversation import Scim
from tests.scim.governing import choose, governor, member_of

from .telling import EMAIL, Host, refused, told

__all__ = ["ask", "new_api"]


async def why(jit: Scim, email: str = EMAIL) -> list[Finding]:
    """What is to be known of somebody."""
    await request_log.flush()
    return await diagnosis.why(governor(jit), email)


async def test_why_somebody_is_not_here_names_the_sign_in_that_was_refused(jit: Scim, app: Host) -> None:
    await choose(jit, jit_enabled=False)
    answer = await app.tell("ANN@example.com")
    refused(answer, 403, "POLICY")
    [finding] = [each for each in await why(jit) if each.code is Found.REFUSED]
    assert finding.text.startswith("“The app” told of their sign-in on ")
    assert "jit_enabled" in finding.text
    assert finding.trace == answer.headers["x-trace-id"]
    assert "let them sign in again" in finding.next_step
    assert Found.NEVER_RECEIVED not in {each.code for each in await why(jit)}


async def test_why_names_an_address_that_was_not_verified(jit: Scim, app: Host) -> None:
    refused(await app.tell(email_verified=False), 422, "ADDRESS_NOT_VERIFIED")
    [finding] = [each for each in await why(jit) if each.code is Found.REFUSED]
    assert "not verified" in finding.text


async def test_what_was_put_right_meanwhile_is_not_told(jit: Scim, app: Host) -> None:
    await choose(jit, jit_enabled=False)
    await app.tell()
    await choose(jit, jit_enabled=True)
    told(await app.tell())
    assert {each.code for each in await why(jit)} == {Found.MEMBER}


async def test_that_a_sign_in_failed_elsewhere_says_nothing(jit: Scim, app: Host) -> None:
    await app.tell(outcome="failure")
    assert Found.REFUSED not in {each.code for each in await why(jit)}


async def test_why_names_what_single_sign_on_refused_as_well(jit: Scim) -> None:
    made = await SsoConnectionFactory.make(organization=jit.access.organization_id, state="ACTIVE", name="Okta")
    connection = await sso_rows.find(jit.access.organization_id, uuid.UUID(str(made.id)))
    assert connection is not None
    with pytest.raises(SignInRefused):
        await landing.land(connection, Word("okta|1", "Bob@elsewhere.example.org", is_address_sure=True))
    [finding] = [each for each in await why(jit, "bob@elsewhere.example.org") if each.code is Found.REFUSED]
    assert finding.text.startswith("“Okta” told of their sign-in on ")
    assert "outside the verified domains" in finding.text


async def test_another_organization_is_told_nothing(jit: Scim, app: Host, stranger: Scim) -> None:
    await choose(jit, jit_enabled=False)
    await app.tell()
    assert Found.REFUSED not in {each.code for each in await why(stranger)}


async def test_calls_are_listed(jit: Scim, app: Host, ask: Ask) -> None:
    made = told(await app.tell())
    refused(await app.tell("bob@elsewhere.example.org"), 403, "OUTSIDE_DOMAINS")
    await app.tell("cleo@example.com", outcome="failure")
    place = ("--organization", jit.access.organization_id)
    result = await ask("sign-ins", "list", *place)
    assert [each["outcome"] for each in read_list(result)] == ["IGNORED", "REFUSED", "APPLIED"]
    assert "outside the verified domains" in result.text
    [found] = read_list(await ask("sign-ins", "list", *place, "--email", "ANN@example.com"))
    assert (found["id"], found["caller"]) == (made["trace"], "The app")


LIST = """query ($outcome: SignInReportOutcome, $email: String, $after: String) { organization {
  signInReports(outcome: $outcome, email: $email, first: 2, after: $after) {
    nodes { traceId at caller email outcome memberId code detail } pageInfo { hasNextPage endCursor } } } }"""


async def listed(api: Api, **asked: Any) -> Any:
    """Calls as GraphQL has them."""
    return (await api.ask(LIST, **asked))["organization"]["signInReports"]


async def test_calls_are_pages_over_graphql(jit: Scim, app: Host, new_api: NewApi) -> None:
    api = await new_api(jit.access.organization_id, [Right.ORGANIZATION_READ])
    made = told(await app.tell())
    for name in ("bob", "cleo"):
        await app.tell(f"{name}@elsewhere.example.org")
    page = await listed(api)
    assert [each["outcome"] for each in page["nodes"]] == ["REFUSED", "REFUSED"]
    rest = await listed(api, after=page["pageInfo"]["endCursor"])
    assert [each["memberId"] for each in rest["nodes"]] == [made["memberId"]]
    assert not rest["pageInfo"]["hasNextPage"]
    [bob] = (await listed(api, email="BOB@elsewhere.example.org"))["nodes"]
    assert (bob["caller"], bob["code"]) == ("The app", "OUTSIDE_DOMAINS")
    assert [each["email"] for each in (await listed(api, outcome="APPLIED"))["nodes"]] == [EMAIL]
    blind = await new_api(jit.access.organization_id, [Right.AUDIT_READ])
    assert (await blind.refused(LIST))["extensions"]["code"] == "FORBIDDEN"


async def test_of_who_is_erased_nothing_is_kept(jit: Scim, app: Host) -> None:
    await choose(jit, jit_enabled=False)
    await app.tell("ANN@Example.com")
    await choose(jit, jit_enabled=True)
    told(await app.tell(id="login-1", name="Ann Lee"))
    told(await app.tell("bob@example.com"))
    member = (await member_of(jit))["id"]
    await sql.rows("UPDATE member SET status = 'DEACTIVATED', seat = NULL WHERE id = $1", member)
    await sql.rows("UPDATE seat_count SET used = used - 1")
    await sql.rows("UPDATE seat_entry SET delta = 0 WHERE member_id = $1", member)
    await erasures.erase_now(governor(jit), member, Grounds("asked for it"))
    kept = "\n".join(str(dict(row)) for row in await sql.rows("SELECT * FROM sign_in_report")).lower()
    assert "ann" not in kept
    assert "bob@example.com" in kept
    text = refused(await app.tell(id="login-1", name="Ann Lee"), 409, "IDEMPOTENCY_MISMATCH")
    assert "not kept any more" in text


async def test_calls_are_kept_as_long_as_requests(jit: Scim, app: Host) -> None:
    told(await app.tell())
    actor = governor(jit)
    await organizations.keep_requests_for(actor, headline_days=0, body_days=0)
    await organizations.forget_requests(actor.organization)
    assert await sql.value("SELECT count(*) FROM sign_in_report") == 1
    await sql.rows("UPDATE sign_in_report SET received_at = now() - interval '25 hours'")
    assert await organizations.forget_requests(actor.organization) == 1
    assert await sql.value("SELECT count(*) FROM sign_in_report") == 0
