"""Which ways an address is offered, and that nobody is locked out by a policy."""

from __future__ import annotations

import httpx
import pytest

from api.identity import connections
from api.identity.choices import Choice, OidcSettings
from api.provisioning.errors import BadSetting
from tests.dashboard.conftest import NewPerson, Person
from tests.scim.conversation import Scim
from tests.scim.governing import choose, governor, own

from .conftest import asked_for_code


async def _connected(scim: Scim) -> str:
    """The id of a connection that is active."""
    choice = Choice("Okta", OidcSettings("rollcall"), "https://idp.example.org", b"a secret of theirs")
    made = await connections.create(governor(scim), choice)
    return str((await connections.activate(governor(scim), made.id)).id)


async def test_an_address_of_a_verified_domain_is_offered_its_single_sign_on(
    stranger: Person, scim: Scim, ann: str
) -> None:
    await own(scim, "example.com")
    connection = await _connected(scim)
    for email in (ann, "nobody@example.com"):
        page = await asked_for_code(stranger, email)
        assert "Continue with Acme" in page
        assert page.html.xpath("//main//a/@href")[0].startswith(f"/sso/{connection}/start")
    other = await asked_for_code(stranger, "zoe@sub.example.com")
    assert "Look into your mail" in other


async def test_a_domain_with_what_is_below_it_counts_for_that_too(stranger: Person, scim: Scim) -> None:
    await own(scim, "example.com", include_subdomains=True)
    await _connected(scim)
    assert "Continue with Acme" in await asked_for_code(stranger, "zoe@sub.example.com")


async def test_sso_is_not_enforced_before_it_is_there(scim: Scim) -> None:
    with pytest.raises(BadSetting, match="nobody could sign in"):
        await choose(scim, sso_enforced=True)
    await _connected(scim)
    await choose(scim, sso_enforced=True)


async def test_whoever_has_signed_in_otherwise_is_led_to_the_single_sign_on(new_person: NewPerson, scim: Scim) -> None:
    ada = await new_person(scim, "ada", "admin")
    connection = await _connected(scim)
    await choose(scim, sso_enforced=True)
    out = await ada.page("people")
    assert out.status == 403
    link = out.html.xpath("//main//a/@href")[0]
    answer = await ada.http.get(link, headers={"accept": "text/html"}, follow_redirects=False)
    assert httpx.URL(answer.headers["location"]).path == f"/sso/{connection}/start"
