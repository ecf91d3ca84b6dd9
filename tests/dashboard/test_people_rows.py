"""The list of people as one works in it: without scripts by a form in each row, with them as htmx asks."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx
import pytest

from dashboard import lists, rendering
from tests.conftest import BASE_URL
from tests.scim.conversation import Scim
from tests.scim.governing import choose, map_group, member_of, role_of

from .conftest import HTML, NewPerson, Page, Person, page_of

HTMX = {**HTML, "hx-request": "true", "origin": BASE_URL}


@pytest.fixture
async def bo(scim: Scim, admin: Person) -> str:
    """The UUID of somebody who is a viewer by default."""
    await scim.make_user("bo@example.com", displayName="Bo Berg", emails=[{"value": "bo@example.com"}])
    return str((await member_of(scim, "bo@example.com"))["id"])


def row(page: Page, member: str) -> Any:
    """The row of a member."""
    return page.html.get_element_by_id(f"member-{member}")


def options(page: Page, member: str, field: str) -> dict[str, str]:
    """What can be chosen in a row, by its words; what is chosen by hand in place of the same by rule."""
    return {each.text: each.get("value") for each in page.html.xpath(f"//select[@id='{field}-{member}']//option")}


def chosen(page: Page, member: str, field: str) -> str:
    """What a list of a row shows."""
    [found] = page.html.xpath(f"//select[@id='{field}-{member}']//option[@selected]")
    return str(found.text)


async def send(admin: Person, page: Page, member: str, **fields: str) -> httpx.Response:
    """What htmx sends when somebody chooses in a row."""
    token = dict(page.form("/people/bulk").form_values())["form_token"]
    url = f"{admin.base}/people/{member}/row?"
    return await admin.http.post(url, data={"form_token": token, **fields}, headers=HTMX)


async def test_a_role_is_chosen_in_the_row_by_a_form_with_a_button(admin: Person, scim: Scim, bo: str) -> None:
    page = await admin.page("people?query=berg&sort=name")
    assert chosen(page, bo, "role") == "Viewer"
    assert page.html.xpath(f"//tr[@id='member-{bo}']//form//button[starts-with(., 'Save')]")
    roles = options(page, bo, "role")
    assert list(roles) == ["Viewer", "Admin", "Account Manager", "Knowledge Base Viewer"]
    form = row(page, bo).xpath(".//form[.//select[@name='role']]")[0]
    sent = {**dict(form.form_values()), "role": roles["Admin"]}
    answer = await admin.http.post(form.get("action"), data=sent, headers={**HTML, "origin": BASE_URL})
    done = page_of(answer)
    assert str(answer.url).endswith(f"/people?query=berg&sort=name#member-{bo}")
    assert "Bo Berg has the role Admin." in done
    assert chosen(done, bo, "role") == "Admin"
    assert "“Chosen in the list of people”" in row(done, bo).text_content()
    assert await role_of(scim, "bo@example.com") == "admin"
    back = await admin.submit(done, f"{bo}/row?query=berg&sort=name", seat=None, role="")
    assert "Bo Berg has the role Viewer." in back
    assert await role_of(scim, "bo@example.com") == "viewer"


async def test_a_seat_is_chosen_in_the_row(admin: Person, scim: Scim, bo: str) -> None:
    page = await admin.page("people")
    assert (chosen(page, bo, "seat"), list(options(page, bo, "seat"))) == ("Full", ["Full", "Lite", "Guest"])
    done = await admin.submit(page, f"{bo}/row?", seat="LITE")
    assert "Bo Berg has a lite seat." in done
    assert chosen(done, bo, "seat") == "Lite"
    assert (await member_of(scim, "bo@example.com"))["seat"] == "lite"


async def test_htmx_is_given_the_row_alone_and_what_to_say(admin: Person, scim: Scim, bo: str) -> None:
    page = await admin.page("people")
    answer = await send(admin, page, bo, role=options(page, bo, "role")["Admin"])
    assert answer.status_code == 200
    assert answer.text.strip().startswith(f'<tr id="member-{bo}"')
    assert answer.text.strip().endswith("</tr>")
    assert 'data-announced="Bo Berg has the role Admin."' in answer.text
    assert await role_of(scim, "bo@example.com") == "admin"


async def test_what_is_refused_is_told_in_the_row_which_keeps_what_it_had(admin: Person, scim: Scim, bo: str) -> None:
    await choose(scim, control_plane="IDP_EXCLUSIVE")
    page = await admin.page("people")
    seen = await send(admin, page, bo, seat="LITE")
    plain = await admin.submit(page, f"{bo}/row?", seat="LITE")
    assert (seen.status_code, plain.status) == (422, 422)
    for each in (page_of(seen), plain):
        assert chosen(each, bo, "seat") == "Full"
        [said] = each.html.xpath("//*[@role='alert']")
        assert "managed by a directory" in said.text_content()
        assert "Nothing is changed." in said.text_content()
        [select] = each.html.xpath("//select[@aria-invalid='true']")
        assert (select.get("id"), select.get("aria-describedby")) == (f"seat-{bo}", said.get("id"))
    assert "2 people" in plain
    assert len(plain.html.xpath("//main//form[contains(@class, 'inline')]")) == 4


async def test_the_last_admin_stays_one_and_the_row_says_what_to_do(admin: Person, scim: Scim) -> None:
    page, own = await admin.page("people"), str(admin.member)
    assert chosen(page, own, "role") == "Admin"
    for wanted in ("", options(page, own, "role")["Viewer"]):
        refused = await send(admin, page, own, role=wanted)
        assert refused.status_code == 422
        assert "without an admin" in refused.text
        assert chosen(page_of(refused), own, "role") == "Admin"
    assert "Nothing is changed." in await admin.submit(page, f"{own}/row?", seat=None, role="")


async def test_a_choice_below_what_a_group_gives_has_no_effect_and_the_row_says_so(
    admin: Person, scim: Scim, bo: str
) -> None:
    user = (await scim.get("/Users", filter='userName eq "bo@example.com"')).json()["Resources"][0]
    await map_group(scim, await scim.make_group("Key accounts", [user["id"]]), "account-manager")
    page = await admin.page("people")
    assert chosen(page, bo, "role") == "Account Manager"
    answer = await send(admin, page, bo, role=options(page, bo, "role")["Viewer"])
    said = "This override has no effect today: group “Key accounts” → Account Manager gives more."
    assert answer.status_code == 200
    assert f"Bo Berg has the role Account Manager. {said}" in page_of(answer).html.xpath("//@data-announced")[0]
    for each in (page_of(answer), await admin.page("people")):
        assert chosen(each, bo, "role") == "Viewer"
        assert f"Has Account Manager. {said}" in each.text


async def test_whoever_may_not_change_people_reads_plain_text(
    admin: Person, scim: Scim, new_person: NewPerson, bo: str
) -> None:
    page = await admin.page("roles")
    role = await admin.page(page.html.xpath("//tbody//a[text()='Account Manager']/@href")[0])
    await admin.submit(role, role.url.rpartition("/")[2], own=["organization.read"])
    reader = await new_person(scim, "rae", "account-manager")
    shown = await reader.page("people")
    assert not shown.html.xpath("//tbody//select | //tbody//input | //tbody//form")
    assert "Viewer" in row(shown, bo).text_content()
    token = dict((await reader.page("")).form("/sign-out").form_values())["form_token"]
    url = f"{reader.base}/people/{bo}/row"
    refused = await reader.http.post(url, data={"form_token": token, "seat": "LITE"}, headers=HTMX)
    assert refused.status_code == 403
    assert "members.manage" in refused.text
    assert refused.headers["hx-retarget"] == "#main"
    assert (await member_of(scim, "bo@example.com"))["seat"] == "full"


async def test_nobody_is_changed_whom_another_organization_has(admin: Person, scim: Scim) -> None:
    nobody = "01a21814-f703-7d6a-b358-339215f82ce9"
    page = await admin.page("people")
    assert (await send(admin, page, nobody, seat="LITE")).status_code in (404, 422)
    assert (await send(admin, page, str(admin.member), role="nonsense")).status_code == 404


async def test_the_list_follows_what_happens_but_moves_nobody(admin: Person, scim: Scim, bo: str) -> None:
    async def asked(page: Page) -> httpx.Response:
        return await admin.http.get(page.html.xpath("//span[@id='news']/@hx-get")[0], headers=HTMX)

    page = await admin.page("people?sort=name")
    assert (await asked(page)).status_code == 204
    await admin.submit(page, f"{bo}/row?sort=name", seat="LITE")
    again = await asked(page)
    assert (again.headers["hx-retarget"], again.headers["hx-reswap"]) == ("#people", "outerHTML")
    assert chosen(page_of(again), bo, "seat") == "Lite"
    assert (await asked(page_of(again))).status_code == 204
    await scim.make_user("al@example.com", displayName="Al")
    told = await asked(page_of(again))
    assert "hx-retarget" not in told.headers
    assert "The list has changed." in told.text
    assert "al@example.com" not in told.text
    assert page_of(told).html.xpath("//a/@href")[0].endswith("/people?sort=name")
    assert (await asked(page_of(told))).status_code == 204


async def test_fifty_rows_cost_as_many_statements_as_one_and_are_light(
    admin: Person, scim: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = list[str]()
    fetch = asyncpg.Connection.fetch

    async def noted(self: Any, query: str, *args: Any, **more: Any) -> Any:
        if "last_used_at = used.at" not in query:  # written behind the requests, whenever that happens to be
            seen.append(query)
        return await fetch(self, query, *args, **more)

    monkeypatch.setattr(asyncpg.Connection, "fetch", noted)
    await admin.page("people")
    seen.clear()
    await admin.page("people")
    few = len(seen)
    for number in range(lists.PAGE):
        await scim.make_user(f"p{number}@example.com", displayName=f"Person with a longer name {number}")
    seen.clear()
    page = await admin.page("people")
    assert len(page.html.xpath("//tbody//select[@name='role']")) == lists.PAGE
    assert len(seen) == few
    static = ("style.css", "htmx-2.0.11.min.js", "rollcall.js")
    assert int(page.headers["content-length"]) + sum(len(rendering.assets()[each].zipped) for each in static) < 60_000
