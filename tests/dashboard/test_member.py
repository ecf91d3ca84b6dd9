"""What is done about one member, who was quicker, and what the page tells of them."""

from __future__ import annotations

import httpx
import pytest

from tests.conftest import BASE_URL
from tests.scim.conversation import Scim
from tests.scim.governing import choose, map_group, member_of, override

from .conftest import HTML, NewPerson, Page, Person
from .test_operating import running

__all__ = ["running"]

HTMX = {"hx-request": "true"}


@pytest.fixture
async def bo(scim: Scim, admin: Person) -> str:
    """The path of somebody whom a directory has."""
    await scim.make_user("bo@example.com", displayName="Bo Berg", emails=[{"value": "bo@example.com"}])
    return f"{admin.base}/people/{(await member_of(scim, 'bo@example.com'))['id']}"


@pytest.fixture
async def gus(admin: Person) -> Page:
    """The page of somebody who is invited."""
    form = await admin.page("people/invite")
    return await admin.submit(form, "/people/invite", email="gus@elsewhere.example.org", name="Gus Guest")


def values(page: Page, id: str) -> list[str]:
    """What stands in a field."""
    return [str(each) for each in page.html.xpath(f"//input[@id='{id}']/@value")]


async def test_who_was_quicker_is_told_and_nothing_is_done_until_it_is_sent_again(
    admin: Person, scim: Scim, bo: str
) -> None:
    page = await admin.page(bo)
    user = (await scim.get("/Users", filter='userName eq "bo@example.com"')).json()["Resources"][0]
    await scim.patch(f"/Users/{user['id']}", {"op": "replace", "path": "displayName", "value": "Bo Borg"})
    refused = await admin.submit(page, "/deactivate", reason="left us")
    assert refused.status == 409
    assert "Changed just now by the directory “GENERIC”, after you opened this page." in refused.text[:500]
    assert "Nothing of yours is saved" in refused
    assert "Bo Borg" in refused
    assert values(refused, "access-reason") == ["left us"]
    assert (await member_of(scim, "bo@example.com"))["status"] == "ACTIVE"
    assert "They cannot use the organization any more." in await admin.submit(refused, "/deactivate")


async def test_an_open_page_is_told_who_has_changed_the_member(admin: Person, scim: Scim, bo: str) -> None:
    page = await admin.page(f"{bo}?tab=profile")
    ask = page.html.get_element_by_id("changed").get("hx-get")
    assert (await admin.page(ask, **HTMX)).status == 204
    await admin.submit(await admin.page(bo), "/seat", seat="LITE")
    told = await admin.page(ask, **HTMX)
    assert "Changed just now by Ada" in told.text
    [link] = told.html.xpath("//a[text()='Reload']/@href")
    assert link == f"{bo}?tab=profile"
    assert told.html.get_element_by_id("changed").get("hx-get") is None


async def test_what_is_refused_keeps_what_was_typed(admin: Person, scim: Scim, bo: str) -> None:
    page = await admin.page(bo)
    roles = {each.text: each.get("value") for each in page.html.xpath("//select[@id='role']/option")}
    assert list(roles) == ["Admin", "Account Manager", "Viewer", "Knowledge Base Viewer"]
    cases = (("2001-01-01", "cannot expire in the past", "2001-01-01"), ("soon", "“soon” is no day", ""))
    for until, told, kept in cases:  # a field for days can show nothing but days
        refused = await admin.submit(page, "/role", role=roles["Admin"], reason="runs the pilot", until=until)
        assert refused.status == 422
        assert told in refused
        assert (values(refused, "reason"), values(refused, "until")) == (["runs the pilot"], [kept])
        assert refused.html.xpath("//select[@id='role']/option[@selected]")[0].text == "Admin"


async def test_access_is_revoked_at_once_with_a_reason(admin: Person, scim: Scim, bo: str) -> None:
    page = await admin.page(bo)
    assert (await admin.submit(page, "/revoke", reason="")).status == 422
    assert "Their access has ended." in await admin.submit(page, "/revoke", reason="key found in public")
    assert (await member_of(scim, "bo@example.com"))["status"] == "DEACTIVATED"


async def test_the_glass_is_broken_where_only_the_directory_changes_people(admin: Person, scim: Scim, bo: str) -> None:
    assert "Break the glass" not in await admin.page(bo)
    await choose(scim, control_plane="IDP_EXCLUSIVE")
    page = await admin.page(bo)
    refused = await admin.submit(page, "/seat", seat="LITE")
    assert refused.status == 422
    assert "managed by a directory" in refused
    unsaid = await admin.submit(page, "/seat", seat="LITE", break_glass="yes")
    assert "needs a reason" in unsaid
    assert "The seat is changed." in await admin.submit(page, "/seat", seat="LITE", break_glass="yes", reason="now")
    assert "Break-glass" in await admin.page(f"{bo}?tab=activity")


async def test_an_invitation_is_sent_again_and_withdrawn(admin: Person, gus: Page) -> None:
    assert "gus@elsewhere.example.org has not accepted yet" in gus
    again = await admin.submit(gus, "/again")
    assert "They are sent another link." in again
    gone = await admin.submit(again, "/withdraw")
    assert "The invitation is withdrawn." in gone
    assert "has not accepted yet" not in gone


async def test_whom_no_directory_has_is_removed_by_their_address(admin: Person, scim: Scim, gus: Page, bo: str) -> None:
    assert not (await admin.page(bo)).html.xpath("//form[contains(@action, '/remove')]")
    refused = await admin.submit(gus, "/remove", confirm="gus@example.com", reason="left")
    assert refused.status == 422
    assert values(refused, "remove-confirm") == ["gus@example.com"]
    done = await admin.submit(refused, "/remove", confirm="Gus@Elsewhere.example.org")
    assert "They are removed." in done
    assert (await member_of(scim, "gus@elsewhere.example.org"))["status"] == "DEPROVISIONED"


async def test_only_whoever_runs_the_installation_erases_and_nobody_who_is_in(
    admin: Person, scim: Scim, gus: Page, running: Person
) -> None:
    assert not (await running.page(gus.url)).html.xpath("//form[contains(@action, '/erase')]")
    removed = await admin.submit(gus, "/remove", confirm="gus@elsewhere.example.org")
    assert not removed.html.xpath("//form[contains(@action, '/erase')]")
    theirs = await running.page(gus.url)
    refused = await running.submit(theirs, "/erase", confirm="gus", reason="asked for it")
    assert refused.status == 422
    assert "not the member's e-mail address" in refused
    assert "They are erased." in await running.submit(refused, "/erase", confirm="gus@elsewhere.example.org")
    assert "Gus Guest" not in await running.page(gus.url)
    form = dict(removed.form("/role").form_values())
    forged = await admin.http.post(
        f"{httpx.URL(gus.url).path}/erase", data={**form, "reason": "x"}, headers={**HTML, "origin": BASE_URL}
    )
    assert forged.status_code in (403, 409)


async def test_each_reason_of_a_role_leads_to_its_rule(admin: Person, scim: Scim, bo: str) -> None:
    user = (await scim.get("/Users", filter='userName eq "bo@example.com"')).json()["Resources"][0]
    groups = [await scim.make_group(name, [user["id"]]) for name in ("Sales", "Key accounts")]
    await map_group(scim, groups[0], "viewer")
    await map_group(scim, groups[1], "account-manager")
    await override(scim, "viewer", "bo@example.com")
    page = await admin.page(bo)
    steps = page.html.xpath("//ol[@class='explain']/li")
    said = [" ".join(each.text_content().split()) for each in steps]
    assert said[0].startswith("Default role of Acme(not used: a mapped group applies)Viewer")
    assert said[1] == "Group “Sales” → ViewerViewer"
    assert said[2] == "Group “Key accounts” → Account ManagerAccount Manager← highest"
    assert "“pilot”(no effect: lower than a group)Viewer" in said[3]
    assert [each.xpath(".//a/@href")[0] for each in steps] == [
        f"{admin.base}/roles",
        f"{admin.base}/groups/{groups[0]['id']}",
        f"{admin.base}/groups/{groups[1]['id']}",
        "#override-head",
    ]
    assert "leaving “Key accounts” → Viewer" in page
    assert "raising the override to Admin → Admin" in page


async def test_the_tabs_tell_what_they_are_about(admin: Person, scim: Scim, bo: str) -> None:
    there = await admin.page(f"{bo}?tab=memberships")
    assert "In Acme" in there
    assert "Directories that have this person" in there
    assert "Raw" not in there.html.xpath("//section")[0].text_content()
    assert not there.html.xpath("//pre")
    assert (await admin.page(f"{bo}?tab=raw")).html.xpath("//pre")
    await admin.submit(await admin.page(bo), "/seat", seat="LITE")
    activity = await admin.page(f"{bo}?tab=activity")
    assert "− seat: full" in activity.html.text_content()
    assert "+ seat: lite" in activity.html.text_content()
    profile = await admin.page(f"{bo}?tab=profile")
    [seat] = [each for each in profile.html.xpath("//tbody/tr") if each.xpath("td[text()='Seat']")]
    assert " ".join(seat.text_content().split()).startswith("SeatLite")


async def test_whoever_may_not_audit_reads_the_rest_of_what_happened(
    admin: Person, scim: Scim, bo: str, new_person: NewPerson
) -> None:
    role = await admin.page((await admin.page("roles")).html.xpath("//tbody//a[text()='Account Manager']/@href")[0])
    await admin.submit(role, role.url.rpartition("/")[2], own=["organization.read"])
    reader = await new_person(scim, "rae", "account-manager")
    page = await reader.page(f"{bo}?tab=activity")
    assert page.status == 200
    assert "audit.read" in page
    assert "What directories asked" in page
    for tab in ("access", "profile", "groups", "memberships", "raw"):
        assert not (await reader.page(f"{bo}?tab={tab}")).html.xpath("//main//form[@method='post']")
