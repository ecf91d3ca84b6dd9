"""Signing in by OpenID Connect, as it should go."""

from __future__ import annotations

import base64
from urllib.parse import unquote_plus

from db import sql
from tests.scim.conversation import Scim
from tests.scim.governing import everybody, member_of

from ..browsers import reasons
from .provider import CLIENT_ID, CLIENT_SECRET
from .signing_in import BROWSER, SESSION, Browser, is_in, known


async def test_somebody_new_becomes_a_member_with_a_full_seat_and_a_session(ann: Browser, acme: Scim) -> None:
    answer = await ann.back(await ann.go(return_to="/members?q=1"))
    assert is_in(answer)
    assert answer.headers["location"] == "/members?q=1"
    member = await member_of(acme)
    shown = {name: member[name] for name in ("source", "display_name", "seat", "status", "role")}
    assert shown == {"source": "JIT", "display_name": "Ann Lee", "seat": "full", "status": "ACTIVE", "role": "viewer"}
    assert await known(ann.connection) == {"ann-1": "ann@example.com"}
    session = await sql.row("SELECT account_id, way, vouched::text, address_proved_at FROM session")
    assert session is not None
    assert (session[0], session[1]) == (member["account_id"], "SSO")
    assert str(acme.access.organization_id) in session[2]
    assert session[3] is not None
    assert await reasons(ann.connection) == []


async def test_the_provider_is_asked_as_the_specifications_want_it(ann: Browser) -> None:
    asked = await ann.go(login_hint="ann@example.com")
    assert {name: value for name, value in asked.items() if name not in ("state", "nonce", "code_challenge")} == {
        "tenant": "1",
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": f"http://rollcall.test/sso/{ann.connection.id}/callback",
        "scope": "openid profile email",
        "code_challenge_method": "S256",
        "login_hint": "ann@example.com",
    }
    assert is_in(await ann.back(asked))
    [form] = ann.provider.forms
    verifier = form.pop("code_verifier")
    assert form == {
        "grant_type": "authorization_code",
        "code": "the-code",
        "redirect_uri": asked["redirect_uri"],
    }
    assert 43 <= len(verifier) <= 128
    [header] = [each["authorization"] for each in ann.provider.headers if "authorization" in each]
    user, _, password = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
    assert (unquote_plus(user), unquote_plus(password)) == (CLIENT_ID, CLIENT_SECRET)


async def test_cookies_are_of_this_host_only_and_no_script_reads_them(ann: Browser) -> None:
    went = await ann.http.get(f"/sso/{ann.connection.id}/start")
    for answer, name in ((went, BROWSER), (await ann.sign_in(), SESSION)):
        [cookie] = [each for each in answer.headers.get_list("set-cookie") if each.startswith(name)]
        assert {"httponly", "path=/", "samesite=lax"} <= {part.strip().lower() for part in cookie.split(";")}
        assert "domain" not in cookie.lower()


async def test_who_comes_again_is_the_same_member_and_is_not_asked_for_twice(ann: Browser, acme: Scim) -> None:
    assert is_in(await ann.sign_in())
    ann.provider.claims = {"family_name": "Baker"}
    assert is_in(await ann.sign_in())
    [member] = await everybody(acme)
    assert member["display_name"] == "Ann Baker"
    assert (ann.provider.asked["/.well-known/openid-configuration"], ann.provider.asked["/keys"]) == (1, 1)
