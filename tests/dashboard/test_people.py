"""People and one member, as pages."""

from __future__ import annotations

import uuid

import pytest

from tests.conftest import NewDirectory
from tests.scim.conversation import SEAT_TYPE, Scim

from .conftest import NewPerson, Person

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


async def test_an_admin_finds_people_and_sees_why_they_have_their_role(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com", displayName="Bo Berg")
    page = await admin.page("people")
    assert page.status == 200
    assert "2 people" in page
    assert "Bo Berg" in page
    assert "Default role of Acme" in page
    found = await admin.page("people?query=berg")
    assert "1 person" in found
    assert "Ada" not in found.html.find(".//table").text_content()


async def test_htmx_is_given_the_list_alone_and_going_back_the_whole_page(admin: Person) -> None:
    part = await admin.page("people", **{"hx-request": "true"})
    assert part.html.find(".//nav") is None
    assert "1 person" in part
    whole = await admin.page("people", **{"hx-request": "true", "hx-history-restore-request": "true"})
    assert whole.html.find(".//nav") is not None


async def test_nobody_fits_says_which_filters_are_in_the_way(admin: Person) -> None:
    page = await admin.page("people?status=SUSPENDED&query=zoe")
    assert "Nobody matches “zoe”, Suspended." in page


async def test_people_are_narrowed_by_their_seat(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com", displayName="Bo Berg", **{SEAT_TYPE: {"seat_type": "lite"}})
    options = (await admin.page("people")).html.xpath("//select[@id='seat']/option/@value")
    assert options == ["", "FULL", "LITE", "FREE"]
    for seat, told in (("FULL", "1 person"), ("LITE", "1 person"), ("FREE", "Nobody matches")):
        found = await admin.page(f"people?seat={seat}")
        assert (found.status, told in found) == (200, True)
        assert ("Bo Berg" in found) is (seat == "LITE")


async def test_somebody_gets_another_seat_by_hand(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com", displayName="Bo Berg")
    page = await admin.page((await admin.page("people?query=berg")).html.xpath("//tbody//a/@href")[0])
    assert "Seat: Full" in page
    changed = await admin.submit(page, "/seat", seat="LITE")
    assert "The seat is changed." in changed
    assert "Seat: Lite" in changed
    assert changed.html.xpath("//select[@name='seat']/option[@selected]/@value") == ["LITE"]
    assert "Bo Berg" in await admin.page("people?seat=LITE")


async def test_a_role_is_chosen_by_hand_with_a_reason_and_given_back(admin: Person, scim: Scim) -> None:
    user = await scim.make_user("bo@example.com", displayName="Bo Berg")
    assert user
    link = (await admin.page("people?query=berg")).html.xpath("//tbody//a/@href")[0]
    page = await admin.page(link)
    refused = await admin.submit(page, "/role", reason="")
    assert refused.status == 422
    roles = {each.text: each.get("value") for each in page.html.xpath("//select[@name='role']/option")}
    done = await admin.submit(page, "/role", role=roles["Admin"], reason="runs the pilot")
    assert "The role is chosen." in done
    assert "Role: Admin" in done
    assert "runs the pilot" in done
    back = await admin.submit(done, "/role", act="clear", role=None, reason=None)
    assert "Role: Viewer" in back


async def test_access_is_taken_and_given_back(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com", displayName="Bo Berg")
    page = await admin.page((await admin.page("people?query=berg")).html.xpath("//tbody//a/@href")[0])
    ended = await admin.submit(page, "/deactivate", reason="left")
    assert "Deactivated" in ended
    assert "Active" in await admin.submit(ended, "/reactivate", reason="came back")


@pytest.mark.parametrize("tab", ["access", "profile", "groups", "activity", "raw"])
async def test_names_that_are_hostile_are_shown_and_do_nothing(admin: Person, scim: Scim, tab: str) -> None:
    await scim.make_user("bo@example.com", displayName=HOSTILE, title=HOSTILE, name={"givenName": HOSTILE})
    await scim.make_group(HOSTILE, [])
    link = (await admin.page("people?query=bo")).html.xpath("//tbody//a/@href")[0]
    page = await admin.page(f"{link}?tab={tab}")
    assert page.status == 200
    assert HOSTILE in page
    assert not page.html.xpath("//img[@onerror] | //script[not(@src)]")


async def test_another_organizations_member_is_as_one_that_never_was(
    admin: Person, new_directory: NewDirectory, scim: Scim, new_person: NewPerson
) -> None:
    other = await new_person(Scim(scim.http, await new_directory()), "eve", "admin")
    theirs = await other.page(f"{admin.base}/people/{admin.member}")
    nobodys = await other.page(f"/o/{uuid.uuid4()}/people/{admin.member}")
    assert (theirs.status, theirs.text) == (nobodys.status, nobodys.text) == (404, nobodys.text)
    assert (await admin.page(f"people/{other.member}")).text == (await admin.page(f"people/{uuid.uuid4()}")).text


async def test_whoever_may_not_read_is_told_which_permission_is_missing(viewer: Person) -> None:
    assert "organization.read" in await viewer.page("")
    refused = await viewer.page("people")
    assert refused.status == 403
    assert "ORGANIZATION_READ" in refused or "organization.read" in refused


async def test_somebody_is_invited_once_for_each_form(admin: Person) -> None:
    form = await admin.page("people/invite")
    done = await admin.submit(form, "/people/invite", email="guest@elsewhere.example.org", name="Gus Guest")
    assert "Gus Guest" in done
    assert "Invited" in done
    again = await admin.submit(form, "/people/invite", email="guest@elsewhere.example.org", name="Gus Guest")
    assert again.url == done.url
    wrong = await admin.submit(form, "/people/invite", email="nonsense", name="Nobody", once="another")
    assert wrong.status == 422
    assert wrong.html.xpath("//input[@name='name']/@value") == ["Nobody"]
