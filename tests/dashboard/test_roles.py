"""The ladder of roles, one role, and which role somebody would have, as pages."""

from __future__ import annotations

import uuid

import pytest
from litestar.exceptions import ClientException

from dashboard.pages.roles import moved
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim

from .conftest import NewPerson, Page, Person

HOSTILE = '"><script>alert(1)</script><img src=x onerror="alert(2)">'


def ladder(page: Page) -> list[str]:
    """The names of the roles, the highest first."""
    return [each.text for each in page.html.xpath("//tbody//td[@class='lead']//a")]


def link(page: Page, name: str) -> str:
    """Where the page of a role is."""
    return str(page.html.xpath(f"//tbody//a[text()='{name}']/@href")[0])


def test_a_role_moves_one_step_and_not_beyond_the_end() -> None:
    assert moved(["a", "b", "c"], "up:a") == ["b", "a", "c"]
    assert moved(["a", "b", "c"], "down:c") == ["a", "c", "b"]
    assert moved(["a", "b", "c"], "up:c") == moved(["a", "b", "c"], "down:a") == ["a", "b", "c"]
    for nonsense in ("up:d", "left:a", ""):
        with pytest.raises(ClientException):
            moved(["a", "b"], nonsense)


async def test_the_ladder_from_the_highest_with_how_many_have_each(admin: Person) -> None:
    page = await admin.page("roles")
    assert ladder(page) == ["Admin", "Account Manager", "Viewer", "Knowledge Base Viewer"]
    row = page.html.xpath("//tbody/tr")[0]
    assert row.xpath(".//td[@data-label='People']/a")[0].text == "1"
    listed = await admin.page(row.xpath(".//td[@data-label='People']/a/@href")[0])
    assert "1 person" in listed
    assert page.html.xpath("//tr[.//span[contains(., 'Default')]]//a")[0].text == "Viewer"


async def test_moving_a_role_that_nobody_notices_is_done_at_once(admin: Person) -> None:
    page = await admin.page("roles")
    role = link(page, "Account Manager").rpartition("/")[2]
    done = await admin.submit(page, "/roles/order", move=f"down:{role}")
    assert "The order is changed." in done
    assert ladder(done) == ["Admin", "Viewer", "Account Manager", "Knowledge Base Viewer"]


async def test_moving_a_role_that_somebody_notices_is_looked_at_first(admin: Person, scim: Scim) -> None:
    user = await scim.make_user("bo@example.com", displayName="Bo", emails=[{"value": "bo@example.com"}])
    groups = [(await scim.make_group(name, [user["id"]]))["id"] for name in ("One", "Two")]
    page = await admin.page("groups")
    roles = {each.text: each.get("value") for each in page.html.xpath("(//tbody//select)[1]/option")}
    chosen = {f"role:{groups[0]}": roles["Account Manager"], f"role:{groups[1]}": roles["Knowledge Base Viewer"]}
    await admin.submit(await admin.submit(page, "/groups?", **chosen), "/groups")
    page = await admin.page("roles")
    page = await admin.submit(page, "/roles/order", move=f"down:{roles['Account Manager']}")
    assert "The order is changed." in page
    seen = await admin.submit(page, "/roles/order", move=f"down:{roles['Account Manager']}")
    assert "changes 1 person" in seen
    assert "Nothing is changed yet" in seen
    done = await admin.submit(seen, "/roles/order")
    assert ladder(done)[-1] == "Account Manager"


async def test_a_default_role_that_gives_much_needs_a_second_word(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com", displayName="Bo")
    page = await admin.page("roles")
    roles = {each.text: each.get("value") for each in page.html.xpath("//select[@name='default']/option")}
    seen = await admin.submit(page, "/default", default=roles["Account Manager"])
    assert "Viewer is safer" in seen
    unsure = await admin.submit(seen, "/default")
    assert unsure.status == 422
    assert "Viewer is safer" in unsure
    done = await admin.submit(unsure, "/default", sure="yes")
    assert "The default role is changed." in done
    assert done.html.xpath("//select[@name='default']/option[@selected]")[0].text == "Account Manager"


async def test_a_role_is_made_and_its_name_is_kept_when_it_is_taken(admin: Person) -> None:
    page = await admin.page("roles")
    done = await admin.submit(page, "/roles", name="Auditor")
    assert "Auditor is made" in done
    assert ladder(done)[-1] == "Auditor"
    again = await admin.submit(done, "/roles", name="Auditor")
    assert again.status == 422
    assert "Choose another name" in again
    assert again.html.xpath("//input[@name='name']/@value") == ["Auditor"]


async def test_permissions_are_chosen_by_name_and_freely(admin: Person) -> None:
    page = await admin.page(link(await admin.page("roles"), "Account Manager"))
    assert "Read who changed what." in page
    path = page.url.rpartition("/")[2]
    done = await admin.submit(page, path, own=["organization.read"], others="deals.read\n\ndeals.write")
    assert "The permissions are saved." in done
    assert done.html.xpath("//input[@name='own' and @checked]/@value") == ["organization.read"]
    assert done.html.xpath("//textarea")[0].value.split() == ["deals.read", "deals.write"]
    assert "3 permissions" in await admin.page("roles")


async def test_a_role_is_archived_and_its_people_get_another(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com", displayName="Bo")
    person = await admin.page((await admin.page("people?query=bo")).html.xpath("//tbody//a/@href")[0])
    roles = {each.text: each.get("value") for each in person.html.xpath("//select[@name='role']/option")}
    await admin.submit(person, "/role", role=roles["Account Manager"], reason="runs it")
    page = await admin.page(link(await admin.page("roles"), "Account Manager"))
    other = {each.text: each.get("value") for each in page.html.xpath("//select[@name='replacement']/option")}
    assert "Account Manager" not in other
    seen = await admin.submit(page, "/archive", replacement=other["Viewer"])
    assert "Archiving Account Manager → Viewer changes 1 person: 1 lower" in seen
    done = await admin.submit(seen, "/archive")
    assert "The role is archived." in done
    assert "Account Manager" not in ladder(done)


async def test_the_last_role_of_admins_stays(admin: Person) -> None:
    page = await admin.page(link(await admin.page("roles"), "Admin"))
    refused = await admin.submit(page, "/archive")
    assert refused.status == 422
    assert "Admin is the only role of admins" in refused


async def test_the_default_role_says_what_to_do_before_it_can_go(admin: Person) -> None:
    page = await admin.page(link(await admin.page("roles"), "Viewer"))
    assert "Choose another default first" in page


async def test_which_role_somebody_would_have(admin: Person, scim: Scim) -> None:
    group = (await scim.make_group("Sales", []))["id"]
    page = await admin.page("groups")
    roles = {each.text: each.get("value") for each in page.html.xpath("(//tbody//select)[1]/option")}
    seen = await admin.submit(page, "/groups?", **{f"role:{group}": roles["Account Manager"]})
    await admin.submit(seen, "/groups")
    form = await admin.page("roles/explain")
    assert "Sales → Account Manager" in form
    answer = await admin.page(f"roles/explain?group={group}&override={roles['Viewer']}")
    assert answer.html.xpath("//h2[@id='answer']")[0].text == "Account Manager"
    assert "lower than a group" in answer
    nobody = await admin.page("roles/explain?ask=yes")
    assert nobody.html.xpath("//h2[@id='answer']")[0].text == "Viewer"
    assert (await admin.page("roles/explain?group=nonsense")).status == 404


async def test_names_that_are_hostile_do_nothing(admin: Person) -> None:
    done = await admin.submit(await admin.page("roles"), "/roles", name=HOSTILE)
    page = await admin.page(done.html.xpath("//tbody/tr[last()]//a/@href")[0])
    kept = await admin.submit(page, page.url.rpartition("/")[2], others=f"</textarea>{HOSTILE}")
    for each in (done, page, kept):
        assert each.status == 200
        assert HOSTILE in each
        assert not each.html.xpath("//img[@onerror] | //script[not(@src)]")


async def test_another_organizations_role_is_as_one_that_never_was(
    admin: Person, new_directory: NewDirectory, scim: Scim, new_person: NewPerson
) -> None:
    other = await new_person(Scim(scim.http, await new_directory()), "eve", "admin")
    theirs = link(await other.page("roles"), "Viewer").rpartition("/")[2]
    seen, never = await admin.page(f"roles/{theirs}"), await admin.page(f"roles/{uuid.uuid4()}")
    assert (seen.status, seen.text) == (never.status, never.text) == (404, never.text)
    page = await admin.page(link(await admin.page("roles"), "Account Manager"))
    assert (await admin.submit(page, "/archive", replacement=theirs)).status == 404


async def test_whoever_may_only_read_changes_nothing(admin: Person, scim: Scim, new_person: NewPerson) -> None:
    page = await admin.page(link(await admin.page("roles"), "Account Manager"))
    await admin.submit(page, page.url.rpartition("/")[2], own=["organization.read"])
    reader = await new_person(scim, "rae", "account-manager")
    shown = await reader.page("roles")
    assert shown.status == 200
    assert not shown.html.xpath("//main//form[@method='post']")
    role = await reader.page(link(shown, "Account Manager"))
    refused = await reader.submit(role, page.url.rpartition("/")[2], others="everything")
    assert refused.status in (403, 422)
    assert "organization.manage" in refused
    assert "everything" not in (await admin.page(f"roles/{page.url.rpartition('/')[2]}"))


async def test_whoever_may_not_read_is_told_which_permission_is_missing(viewer: Person) -> None:
    for path in ("roles", "roles/explain"):
        refused = await viewer.page(path)
        assert refused.status == 403
        assert "organization.read" in refused or "ORGANIZATION_READ" in refused
