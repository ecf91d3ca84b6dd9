"""Security and policies as pages: nothing is saved but by Save, and what concerns people is looked at first."""

from __future__ import annotations

import httpx
import pytest

from api.provisioning import domains, policies
from api.provisioning.actor import operator
from db import sql
from tests.conftest import NewDirectory
from tests.identity.saml.describing import SSO_URL, metadata
from tests.scim.conversation import Scim

from .conftest import NewPerson, Page, Person

XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


async def chosen(scim: Scim, name: str) -> object:
    """What a policy of the organization is."""
    found = await policies.chosen(operator(scim.access.organization_id), [scim.access.organization_id])
    return getattr(found[scim.access.organization_id].policies, name)


async def new_connection(admin: Person, kind: str, name: str = "Okta") -> Page:
    """The page of a new connection."""
    page = await admin.page("security/connections/new")
    return await admin.submit(page, "/security/connections", name=name, kind=kind)


def path_of(page: Page) -> str:
    """The path of a page."""
    return httpx.URL(page.url).path


async def test_signing_in_makes_members_only_once_that_is_saved(admin: Person, scim: Scim) -> None:
    """R099: a switch and an explicit Save, an audit entry, the domains below."""
    await domains.add(operator(scim.access.organization_id), "example.com")
    page = await admin.page("security")
    assert "example.com" in page
    assert "None of them is verified" in page
    assert await chosen(scim, "jit_enabled") is False
    saved = await admin.submit(page, "/security/sso", jitEnabled="yes")
    assert "Single sign-on: saved." in saved
    assert await chosen(scim, "jit_enabled") is True
    assert saved.form("/security/sso").fields["jitEnabled"] == "yes"
    action, who = tuple(await sql.row("SELECT action, actor_kind FROM change ORDER BY id DESC LIMIT 1") or ())
    assert (action, who) == ("policies_changed", "ADMIN")
    off = await admin.submit(saved, "/security/sso", jitEnabled=None)
    assert off.form("/security/sso").fields["jitEnabled"] is None
    assert await chosen(scim, "jit_enabled") is False


async def test_single_sign_on_is_no_only_way_before_there_is_one(admin: Person, scim: Scim) -> None:
    refused = await admin.submit(await admin.page("security"), "/security/sso", ssoEnforced="yes")
    assert refused.status == 422
    assert refused.form("/security/sso").fields["ssoEnforced"] == "yes"
    assert await chosen(scim, "sso_enforced") is False


async def test_what_somebody_else_changed_meanwhile_is_not_overwritten(admin: Person, scim: Scim) -> None:
    page = await admin.page("security")
    await policies.change(operator(scim.access.organization_id), {"password_enabled": False})
    refused = await admin.submit(page, "/security/ways", codeEnabled=None, passwordEnabled="yes")
    assert refused.status == 422
    assert (await chosen(scim, "code_enabled"), await chosen(scim, "password_enabled")) == (True, False)


async def test_saml_by_metadata_checked_and_activated(admin: Person, scim: Scim) -> None:
    page = await new_connection(admin, "SAML")
    assert "Before it can be activated it lacks the entity id, the sign-in URL, a certificate." in page
    assert "/metadata" in page
    with pytest.raises(AssertionError, match="no form"):
        page.form("/activate")
    bad = await admin.submit(page, path_of(page), metadataXml="<nonsense")
    assert bad.status == 422
    given = await admin.submit(page, path_of(page), metadataXml=metadata())
    assert given.status == 200
    assert given.form(path_of(page)).fields["ssoUrl"] == SSO_URL
    checked = await admin.submit(given, path_of(page) + "/check")
    assert "What the check found" in checked
    active = await admin.submit(checked, path_of(page) + "/activate")
    assert "People can sign in by it now." in active
    assert "/sso/" in active
    listed = await admin.page("security")
    assert "Okta" in listed
    asked = await admin.page(path_of(page) + "/removal")
    gone = await admin.submit(asked, path_of(page) + "/remove")
    assert "No identity provider is connected" in gone
    assert await sql.value("SELECT count(*) FROM sso_connection") == 0


async def test_what_was_not_touched_of_saml_stays(admin: Person) -> None:
    page = await new_connection(admin, "SAML")
    path = path_of(page)
    given = await admin.submit(page, path, metadataXml=metadata())
    before = await sql.value("SELECT settings::text FROM sso_connection")
    again = await admin.submit(given, path, emailAttribute="mail", name="Entra")
    assert again.form(path).fields["emailAttribute"] == "mail"
    after = await sql.value("SELECT settings::text FROM sso_connection")
    assert str(before).replace('"email_attribute": null', "") != after
    assert "lacks" not in again


async def test_openid_connect_keeps_its_secret_to_itself(admin: Person) -> None:
    page = await new_connection(admin, "OIDC", name=XSS)
    assert not page.html.xpath("//script[not(@src)] | //img[@onerror]")
    path = path_of(page)
    fields = {"issuer": "https://idp.example.com", "clientId": "rollcall", "clientSecret": "correct horse battery"}
    given = await admin.submit(page, path, **fields)
    assert "lacks" not in given
    assert "There is one. Leave this empty to keep it." in given
    sealed = await sql.value("SELECT client_secret FROM sso_connection")
    kept = await admin.submit(given, path, name="Keycloak")
    assert "correct horse" not in (await admin.http.get(path)).text
    assert kept.form(path).fields["clientSecret"] == ""
    assert await sql.value("SELECT client_secret FROM sso_connection") is not None
    assert sealed is not None
    refused = await admin.submit(kept, path, clientId="x" * 5000)
    assert (refused.status, refused.form(path).fields["clientId"]) == (422, "x" * 5000)


async def test_break_glass_is_given_with_a_reason_and_ended(admin: Person, new_person: NewPerson, scim: Scim) -> None:
    await new_person(scim, "bo", "admin")
    page = await admin.page("security")
    refused = await admin.submit(page, "/break-glass", email="nobody@example.com", reason="owns the company")
    assert (refused.status, refused.form("/break-glass").fields["reason"]) == (422, "owns the company")
    given = await admin.submit(page, "/break-glass", email="bo@example.com", reason="owns the company")
    assert "owns the company · by Ada" in given
    ended = await admin.submit(given, "/withdrawal")
    assert "Nobody. Choose two people" in ended


async def test_a_policy_that_concerns_people_is_looked_at_first(admin: Person, scim: Scim) -> None:
    await scim.make_user("zoe@example.com", emails=[{"value": "zoe@example.com", "primary": True}])
    page = await admin.page("provisioning/policies")
    looked = await admin.submit(page, "/policies/roles", onNoMappedGroup="NO_ROLE")
    assert looked.status == 200
    assert "changes 1 person" in looked
    assert await chosen(scim, "on_no_mapped_group") == "DEFAULT_ROLE"
    [form] = [each for each in looked.html.forms if "preview" in dict(each.form_values())]
    done = await admin.submit(looked, form.get("action"))
    assert "Which role: saved." in done
    assert await chosen(scim, "on_no_mapped_group") == "NO_ROLE"
    assert await sql.value("SELECT role_id FROM member WHERE email = 'zoe@example.com'") is None


async def test_nobody_shuts_out_the_last_admin(admin: Person, scim: Scim) -> None:
    page = await admin.page("provisioning/policies")
    refused = await admin.submit(page, "/policies/roles", onNoMappedGroup="SUSPEND")
    assert "This would leave Acme without an admin." in refused
    assert refused.form("/policies/roles").fields["onNoMappedGroup"] == "SUSPEND"


async def test_every_policy_is_shown_as_it_is_and_saved_as_it_is(admin: Person, scim: Scim) -> None:
    before = await sql.value("SELECT policies::text FROM organization")
    for path, sections in (("provisioning/policies", ("arriving", "roles", "removals")), ("security", ("sso", "ways"))):
        for section in sections:
            done = await admin.submit(await admin.page(path), f"/{section}")
            assert done.status == 200
            assert "saved." in done
    assert await sql.value("SELECT policies::text FROM organization") == before


@pytest.mark.parametrize("typed", ["", "a few", "1e3", "99999999"])
async def test_a_number_that_is_none_is_kept_and_refused(admin: Person, scim: Scim, typed: str) -> None:
    page = await admin.page("provisioning/policies")
    refused = await admin.submit(page, "/policies/removals", breakerPeople=typed)
    assert refused.status == 422
    assert refused.form("/policies/removals").fields["breakerPeople"] == typed
    assert await chosen(scim, "breaker_people") == 10


async def test_whoever_may_not_gets_no_page_and_other_organizations_are_like_none(
    viewer: Person, admin: Person, new_directory: NewDirectory
) -> None:
    for path in ("security", "provisioning/policies", "security/connections/new"):
        assert (await viewer.page(path)).status == 403
    connection = path_of(await new_connection(admin, "SAML")).rpartition("/")[2]
    other = (await new_directory()).organization_id
    foreign = await admin.page(f"/o/{other}/security/connections/{connection}")
    nothing = await admin.page("security/connections/01a2173a-2dd0-7780-adc7-3d634c6dfc56")
    assert (foreign.status, nothing.status) == (404, 404)
    assert (await admin.page("security/connections/nonsense")).status == 404
