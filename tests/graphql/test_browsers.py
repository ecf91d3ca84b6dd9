"""GraphQL for whoever has signed in: where they may ask, and what another site cannot make their browser do."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import httpx
import pytest

from api.graphql import ids
from api.identity import accounts, sessions
from api.identity.sessions import Proof
from api.provisioning.caller import the_operator
from db import sql
from db.enums import Way
from tests.conftest import BASE_URL, NewDirectory
from tests.dashboard.conftest import NewPerson, Person, admin, new_browser, new_person, viewer
from tests.scim.conversation import Scim

from .conftest import Api

__all__ = ["admin", "new_browser", "new_person", "viewer"]

WHERE = "{ viewer { kind name organization { name } memberships { organization } } }"
COOKIE = "rollcall-session"


async def ask(
    person: Person, query: str = WHERE, *, token: str | None = None, at: str | None = None, **headers: str
) -> httpx.Response:
    """What a page's script asks, from `at`, the global id of an organization."""
    given = sessions.form_token(person.http.cookies[COOKIE]) if token is None else token
    sent = {"rollcall-form-token": given, "sec-fetch-site": "same-origin", **headers}
    if at is not None:
        sent["rollcall-organization"] = at
    return await person.http.post("/graphql", json={"query": query}, headers=sent)


def own(scim: Scim) -> str:
    """The global id of the organization of a directory."""
    organization = scim.access.organization_id
    return ids.write("Organization", organization, organization)


def refusal(answer: httpx.Response) -> tuple[int, Any]:
    """The status and the code of an answer with an error."""
    return answer.status_code, answer.json()["errors"][0]["extensions"]["code"]


async def test_an_admin_asks_where_they_are_with_what_their_role_permits(admin: Person, scim: Scim) -> None:
    found = (await ask(admin, at=own(scim))).json()["data"]["viewer"]
    assert found == {
        "kind": "ADMIN",
        "name": "Ada",
        "organization": {"name": "Acme"},
        "memberships": [{"organization": "Acme"}],
    }
    made = 'mutation { memberInvite(organizationId: "%s", input: {email: "x@example.org"}) { userErrors { code } } }'
    answer = (await ask(admin, made % own(scim), at=own(scim))).json()
    assert answer["data"]["memberInvite"]["userErrors"] == []
    kind, who = tuple(await sql.row("SELECT actor_kind, actor_id FROM change ORDER BY id DESC LIMIT 1") or ())
    assert (kind, who) == ("ADMIN", admin.member)


async def test_whoever_is_in_no_organization_yet_learns_where_they_are_a_member(admin: Person) -> None:
    found = (await ask(admin)).json()["data"]["viewer"]
    assert (found["organization"], found["memberships"]) == (None, [{"organization": "Acme"}])
    assert refusal(await ask(admin, "{ organization { name } }")) == (200, "FORBIDDEN")


async def test_a_role_that_permits_nothing_permits_nothing_here_either(viewer: Person, scim: Scim) -> None:
    answer = (await ask(viewer, "{ organization { name } }", at=own(scim))).json()
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_another_organization_is_like_none(admin: Person, new_directory: NewDirectory, scim: Scim) -> None:
    other = replace(scim, access=await new_directory())
    for at in (own(other), ids.write("Organization", uuid.uuid4(), uuid.uuid4()), "nonsense", ""):
        assert refusal(await ask(admin, at=at)) == (404, "NOT_FOUND")


async def test_single_sign_on_asks_in_its_own_organization_only(
    new_person: NewPerson, new_directory: NewDirectory, scim: Scim
) -> None:
    other = replace(scim, access=await new_directory())
    ada = await new_person(scim, "ada", "admin", proof=Proof(Way.SSO, scim.access.organization_id, uuid.uuid4()))
    account = await sql.value("SELECT account_id FROM member WHERE id = $1", ada.member)
    eve = await new_person(other, "eve", "admin")
    await sql.rows("UPDATE member SET account_id = $1 WHERE id = $2", account, eve.member)
    assert (await ask(ada, at=own(scim))).json()["data"]["viewer"]["memberships"] == [{"organization": "Acme"}]
    assert refusal(await ask(ada, at=own(other))) == (404, "NOT_FOUND")


async def test_an_operator_asks_everywhere(new_person: NewPerson, scim: Scim) -> None:
    ops = await new_person(scim, "ops")
    await accounts.make_operator(the_operator(), "ops@example.com")
    answer = (await ask(ops, "{ viewer { kind } organizations(first: 5) { nodes { name } } }")).json()
    assert answer["data"] == {"viewer": {"kind": "OPERATOR"}, "organizations": {"nodes": [{"name": "Acme"}]}}


FOREIGN = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example.com"},
    {"origin": "null"},
    {"token": ""},
    {"token": "0" * 64},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_another_site_can_ask_nothing(admin: Person, scim: Scim, headers: dict[str, str]) -> None:
    assert refusal(await ask(admin, at=own(scim), **headers)) == (403, "FORBIDDEN")


async def test_the_form_token_of_another_session_is_of_no_use(admin: Person, new_person: NewPerson, scim: Scim) -> None:
    bo = await new_person(scim, "bo", "admin")
    theirs = sessions.form_token(bo.http.cookies[COOKIE])
    assert refusal(await ask(admin, at=own(scim), token=theirs)) == (403, "FORBIDDEN")


async def test_a_session_that_has_ended_asks_nothing(admin: Person, scim: Scim) -> None:
    await sql.rows("DELETE FROM session")
    assert refusal(await ask(admin, at=own(scim))) == (401, "UNAUTHENTICATED")


async def test_whoever_lost_access_asks_nothing(admin: Person, new_person: NewPerson, scim: Scim) -> None:
    bo = await new_person(scim, "bo", "admin")
    assert (await ask(bo, at=own(scim))).status_code == 200
    await sql.rows("UPDATE member SET status = 'DEACTIVATED' WHERE id = $1", bo.member)
    assert refusal(await ask(bo, at=own(scim))) == (403, "FORBIDDEN")


async def test_a_request_with_a_token_is_never_judged_by_its_cookie(admin: Person, api: Api) -> None:
    found = await ask(admin, token="", authorization=f"Bearer {api.token}")
    assert found.json()["data"]["viewer"]["name"] == "Backstage"
    assert refusal(await ask(admin, authorization="Bearer rc_api_nonsense")) == (401, "UNAUTHENTICATED")


async def test_points_are_those_of_the_person_wherever_they_ask(admin: Person, scim: Scim) -> None:
    async def remaining(**more: Any) -> int:
        answer = (await ask(admin, "{ viewer { name } }", **more)).json()
        return int(answer["extensions"]["cost"]["remaining"])

    account = await sql.value("SELECT account_id FROM member WHERE id = $1", admin.member)
    await remaining()
    await sql.rows("UPDATE api_budget SET spent = 9000, at = now() WHERE token_id = $1", account)
    assert 10_000 < await remaining(at=own(scim)) < 12_000
    assert await sql.value("SELECT count(*) FROM api_budget") == 1


async def test_graphiql_asks_as_its_page_says(admin: Person, scim: Scim) -> None:
    page = await admin.page("developers/graphiql")
    [place] = page.html.xpath("//*[@id='graphiql']")
    assert "'nonce-" + place.get("data-nonce") in page.headers["content-security-policy"]
    headers = httpx.Response(200, text=place.get("data-headers")).json()
    answer = await admin.http.post(
        "/graphql", json={"query": place.get("data-example")}, headers={**headers, "origin": BASE_URL}
    )
    assert answer.json()["data"]["organization"]["members"]["totalCount"] == 1
    scripts = page.html.xpath("//script/@src")
    assert [(await admin.http.get(each)).status_code for each in scripts] == [200] * len(scripts)


async def test_graphiql_is_for_whoever_may_make_tokens(viewer: Person) -> None:
    page = await viewer.page("developers/graphiql")
    assert (page.status, "developers.manage" in page) == (403, True)


async def test_graphiql_is_off_unless_it_is_wanted(admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    state = admin.http._transport.app.state  # type: ignore[attr-defined]  # the application in this process
    monkeypatch.setitem(state, "settings", replace(state["settings"], graphiql=False))
    assert (await admin.page("developers/graphiql")).status == 404
