"""Groups, their mapping to roles, and one group, as pages."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from api.provisioning import mappings
from dashboard import lists
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim
from tests.scim.governing import override

from .conftest import NewPerson, Page, Person

HOSTILE = '"><script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.fixture
async def sales(scim: Scim, admin: Person) -> str:
    """The UUID of a group with Bo and Cy in it, who are viewers by default."""
    users = [
        await scim.make_user(f"{name}@example.com", emails=[{"value": f"{name}@example.com"}], displayName=name.title())
        for name in ("bo", "cy")
    ]
    return str((await scim.make_group("Sales", [each["id"] for each in users]))["id"])


def roles_on(page: Page) -> dict[str, str]:
    """Roles that can be chosen on a page, by name."""
    return {
        each.text: each.get("value")
        for each in page.html.xpath("(//tbody//select)[1]/option | //select[@id='role']/option")
    }


async def test_a_group_is_mapped_after_a_look_at_whom_it_concerns(admin: Person, sales: str) -> None:
    page = await admin.page("groups")
    assert "1 group" in page
    assert "No role" in page
    seen = await admin.submit(page, "/groups?", **{f"role:{sales}": roles_on(page)["Account Manager"]})
    assert seen.status == 200
    assert "Mapping Sales → Account Manager changes 2 people: 2 higher" in seen
    assert "Nothing is changed yet" in seen
    assert {"Bo", "Cy"} == {each.text for each in seen.html.xpath("//tbody//span[@class='person-name']")}
    assert "Save for 2 people" in seen
    assert "Viewer" in await admin.page(f"groups/{sales}")
    done = await admin.submit(seen, "/groups")
    assert "The mapping is saved." in done
    assert done.html.xpath(f"//select[@name='role:{sales}']/option[@selected]")[0].text == "Account Manager"
    one = await admin.page(f"groups/{sales}")
    assert "Gives the role: Account Manager" in one
    assert "Group mapped" in one


async def test_who_has_the_role_of_a_large_group_is_not_counted(
    admin: Person, scim: Scim, sales: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await admin.page("groups")
    await admin.submit(await admin.submit(page, "/groups?", **{f"role:{sales}": roles_on(page)["Viewer"]}), "/groups")
    monkeypatch.setattr(mappings, "COUNTED_AT_MOST", 1)
    [link] = (await admin.page("groups")).html.xpath("//td[@data-label='Have it']/a")
    assert (link.text, link.get("aria-label")) == ("Who", "Who in Sales has the role Viewer")


async def test_how_many_have_the_role_leads_to_who_they_are(admin: Person, scim: Scim, sales: str) -> None:
    page = await admin.page("groups")
    assert not page.html.xpath("//td[@data-label='Have it']/a")
    await admin.submit(await admin.submit(page, "/groups?", **{f"role:{sales}": roles_on(page)["Viewer"]}), "/groups")
    await override(scim, "admin", "cy@example.com")
    [link] = (await admin.page("groups")).html.xpath("//td[@data-label='Have it']/a")
    assert (link.text, link.get("aria-label")) == ("1", "1 in Sales have the role Viewer")
    listed = await admin.page(link.get("href"))
    assert "1 person" in listed
    assert "Bo" in listed.html.find(".//table").text_content()
    assert [each.get("aria-label") for each in listed.html.xpath("//p[contains(@class, 'chips')]/a")] == [
        "Without Viewer",
        "Without Sales",
    ]
    assert "2 people" in await admin.page(f"people?group={sales}")
    assert (await admin.page("people?group=nonsense")).status == 404
    gone = await admin.page(f"people?group={uuid.uuid4()}")
    assert "Nobody matches A group that is gone." in gone


async def test_the_page_says_when_groups_are_others(admin: Person, scim: Scim, sales: str) -> None:
    htmx = {"hx-request": "true"}
    page = await admin.page("groups?query=sal")
    ask = page.html.get_element_by_id("news").get("hx-get")
    assert (await admin.page(ask, **htmx)).status == 204
    await scim.make_group("Marketing", [])
    assert (await admin.page(ask, **htmx)).status == 204
    await scim.make_group("Sales of the north", [])
    told = await admin.page(ask, **htmx)
    assert "Groups have changed." in told.text
    assert told.html.xpath("//a/@href") == [f"{admin.base}/groups?query=sal"]
    assert (await admin.page(told.html.get_element_by_id("news").get("hx-get"), **htmx)).status == 204


async def test_choices_that_the_next_page_would_not_keep_are_told_before(admin: Person, sales: str, scim: Scim) -> None:
    assert "preview it before you search." in await admin.page("groups")
    for number in range(lists.PAGE):
        await scim.make_group(f"Team {number}", [])
    assert "preview it before you search or turn the page." in await admin.page("groups")


async def test_several_mappings_are_one_act(admin: Person, scim: Scim, sales: str) -> None:
    other = (await scim.make_group("Marketing", []))["id"]
    page = await admin.page("groups")
    roles = roles_on(page)
    seen = await admin.submit(
        page, "/groups?", **{f"role:{sales}": roles["Admin"], f"role:{other}": roles["Account Manager"]}
    )
    assert "2 higher" in seen
    done = await admin.submit(seen, "/groups")
    assert "2 mappings are saved." in done


async def test_what_moved_meanwhile_is_looked_at_again(admin: Person, scim: Scim, sales: str) -> None:
    page = await admin.page("groups")
    seen = await admin.submit(page, "/groups?", **{f"role:{sales}": roles_on(page)["Admin"]})
    more = await scim.make_user("di@example.com", emails=[{"value": "di@example.com"}])
    await scim.patch(f"/Groups/{sales}", {"op": "add", "path": "members", "value": [{"value": more["id"]}]})
    again = await admin.submit(seen, "/groups")
    assert again.status == 422
    assert "1 more person would change than you saw" in again
    assert "Save for 3 people" in again
    assert "The mapping is saved." in await admin.submit(again, "/groups")


async def test_nothing_chosen_says_so(admin: Person, sales: str) -> None:
    page = await admin.submit(await admin.page("groups"), "/groups?")
    assert page.status == 422
    assert "No group has another role than before" in page


async def test_the_last_admin_is_told_before_anything_happens(admin: Person, scim: Scim, sales: str) -> None:
    """Whoever is admin by a group alone stays one."""
    users = (await scim.read("/Users"))["Resources"]
    ada = next(each["id"] for each in users if each["userName"].startswith("ada"))
    chiefs = (await scim.make_group("Chiefs", [ada]))["id"]
    page = await admin.page("groups")
    roles = roles_on(page)
    seen = await admin.submit(page, "/groups?", **{f"role:{chiefs}": roles["Admin"]})
    await admin.submit(seen, "/groups")
    person = await admin.page(f"people/{admin.member}")
    await admin.submit(person, "/role", act="clear", role=None, reason=None)
    page = await admin.page("groups")
    refused = await admin.submit(page, "/groups?", **{f"role:{chiefs}": roles["Viewer"]})
    assert refused.status == 422
    assert "without an admin" in refused
    assert refused.html.xpath(f"//select[@name='role:{chiefs}']/option[@selected]")[0].text == "Viewer"


async def test_groups_are_found_by_name_and_by_whether_they_are_mapped(admin: Person, scim: Scim, sales: str) -> None:
    await scim.make_group("Marketing", [])
    assert "1 group" in await admin.page("groups?query=sal")
    assert "2 groups" in await admin.page("groups?mapped=no")
    none = await admin.page("groups?mapped=yes&query=x")
    assert "No group matches “x”, Mapped to a role." in none
    part = await admin.page("groups?query=sal", **{"hx-request": "true"})
    assert part.html.find(".//nav") is None


async def test_no_groups_yet_says_how_they_come(admin: Person) -> None:
    page = await admin.page("groups")
    assert "No groups yet" in page
    assert "let it send them (SCIM /Groups)" in page


async def test_one_group_says_who_has_not_arrived(admin: Person, scim: Scim) -> None:
    group = (await scim.make_group("Late", [str(uuid.uuid4())]))["id"]
    page = await admin.page(f"groups/{group}")
    assert "1 person was named as a member and has not arrived yet" in page
    assert "Nobody is in this group" in page
    assert "+ 1 not here yet" in await admin.page("groups")


async def test_a_group_is_marked(admin: Person, sales: str) -> None:
    page = await admin.page(f"groups/{sales}")
    done = await admin.submit(page, "/mark", urgent="yes")
    assert "The group is marked." in done
    assert done.html.xpath("//input[@name='urgent']/@checked")
    assert not done.html.xpath("//input[@name='access']/@checked")
    off = await admin.submit(done, "/mark", urgent=None)
    assert not off.html.xpath("//input[@name='urgent']/@checked")


async def test_one_group_is_mapped_on_its_own_page(admin: Person, sales: str) -> None:
    page = await admin.page(f"groups/{sales}")
    seen = await admin.submit(page, "/role", role=roles_on(page)["Admin"])
    assert "2 higher" in seen
    assert "Gives the role: Admin" in await admin.submit(seen, "/role")


async def test_names_that_are_hostile_do_nothing(admin: Person, scim: Scim) -> None:
    group = (await scim.make_group(HOSTILE, []))["id"]
    page = await admin.page("groups")
    seen = await admin.submit(page, "/groups?", **{f"role:{group}": roles_on(page)["Admin"]})
    for each in (
        page,
        seen,
        await admin.page(f"groups/{group}"),
        await admin.page(f"groups?query={HOSTILE}&place=a%0d%0ab"),
    ):
        assert each.status == 200
        assert HOSTILE in each.text or HOSTILE in str(each.html.xpath("//option/text()"))
        assert not each.html.xpath("//img[@onerror] | //script[not(@src)]")


async def test_another_organizations_group_is_as_one_that_never_was(
    admin: Person, sales: str, new_directory: NewDirectory, scim: Scim, new_person: NewPerson
) -> None:
    other_scim = Scim(scim.http, await new_directory())
    other = await new_person(other_scim, "eve", "admin")
    theirs = (await other_scim.make_group("Theirs", []))["id"]
    seen, never = await admin.page(f"groups/{theirs}"), await admin.page(f"groups/{uuid.uuid4()}")
    assert (seen.status, seen.text) == (never.status, never.text) == (404, never.text)
    page = await admin.page("groups")
    fields: dict[str, Any] = {f"role:{theirs}": roles_on(page)["Admin"]}
    assert (await admin.submit(page, "/groups?", **fields)).status in (404, 422)
    assert "Gives the role: none" in await other.page(f"groups/{theirs}")


async def test_whoever_may_not_read_groups_is_told_which_permission_is_missing(viewer: Person, sales: str) -> None:
    for path in ("groups", f"groups/{sales}"):
        refused = await viewer.page(path)
        assert refused.status == 403
        assert "organization.read" in refused or "ORGANIZATION_READ" in refused
