"""The attributes of a directory as a page: what they are called, whether they come, notes, and what is left out."""

from __future__ import annotations

from api.provisioning import request_log
from tests.scim.conversation import Scim

from .conftest import Page, Person
from .test_people import HOSTILE
from .test_provisioning import at


def rows_of(page: Page) -> dict[str, str]:
    """The rows of the table of attributes by what they are called here."""
    rows = page.html.xpath("//table[contains(@class, 'attributes')]/tbody/tr")
    names = [row.xpath("normalize-space(td[1]/span/text())") for row in rows]
    return {name: " ".join(" ".join(row.itertext()).split()) for name, row in zip(names, rows, strict=True)}


async def test_a_wrong_path_is_hinted_at_and_attributes_are_looked_at_from_there(admin: Person, scim: Scim) -> None:
    """R150: whether they come stands one click away."""
    await scim.http.get("/scim/Users", headers={"authorization": f"Bearer {scim.access.key}"})
    await request_log.flush()
    page = await admin.page(at(scim))
    assert "The URL to put into the identity provider is http://rollcall.test/scim/v2" in page
    [link] = page.html.xpath("//a[text()='Do the attributes arrive?']/@href")
    for name, title in (("bo", "Boss"), ("cy", "Clerk")):
        await scim.make_user(f"{name}@example.com", title=title)
    rows = rows_of(await admin.page(link))
    assert "2 of 3" in rows["Position"]  # with the admin, who came by this directory as well


async def test_the_table_has_thirteen_rows_of_four_names_and_says_what_the_source_lacked(
    admin: Person, scim: Scim
) -> None:
    """R076 to R084."""
    page = await admin.page(at(scim, "?tab=attributes"))
    rows = rows_of(page)
    assert len(rows) == 13
    heads = page.html.xpath("//table[contains(@class, 'attributes')]//th/text()")
    assert heads[:4] == ["Here, and in SCIM", "Okta", "JumpCloud", "Entra ID"]
    for label, names in {
        "Username": "userName userName username userPrincipalName",
        "First name": "name.givenName firstName firstname givenName",
        "Last name": "name.familyName lastName lastname surname",
        "Mobile number": "mobilePhone mobile mobilePhone",
        "Work number": "– not sent by default phone businessPhones",
        "Position": "title title jobTitle jobTitle",
        "State": "state address.region state",
        "Status": "active active activated accountEnabled",
    }.items():
        assert names in rows[label], label
    assert "email email mail" in rows["E-mail address"]
    assert page.html.xpath("//td//a[@href='#source']")
    [footnote] = page.html.xpath("//*[@id='source']")
    assert "leaves the cell of the e-mail address empty" in footnote.text_content()


async def test_notes_are_written_beside_attributes_and_shown_wherever_they_are_looked_at(
    admin: Person, scim: Scim
) -> None:
    """R085."""
    page = await admin.page(at(scim, "?tab=attributes"))
    saved = await admin.submit(page, "/attributes", **{"note title": f"Rank {HOSTILE}"})
    assert "The attributes are saved." in saved
    assert saved.html.xpath("//input[@name='note title']/@value") == [f"Rank {HOSTILE}"]
    step = await admin.page(at(scim, "/setup?step=attributes"))
    assert f"Rank {HOSTILE}" in rows_of(step)["Position"]
    assert not step.html.xpath("//img[@onerror] | //script[not(@src)]")
    endless = await admin.submit(saved, "/attributes", **{"note title": "x" * 301, "note active": "Called live"})
    assert endless.status == 422
    assert "The note of Position is longer than 300 letters" in endless
    assert endless.html.xpath("//input[@name='note active']/@value") == ["Called live"]
    assert "Called live" not in rows_of(await admin.page(at(scim, "/setup?step=attributes")))["Status"]


async def test_what_is_left_out_is_told_and_who_somebody_is_cannot_be(admin: Person, scim: Scim) -> None:
    """R089."""
    page = await admin.page(at(scim, "?tab=attributes"))
    boxes = page.html.xpath("//input[@name='kept']/@value")
    assert len(boxes) == 8
    assert not [each for each in boxes if each.startswith(("userName", "name", "emails", "active"))]
    saved = await admin.submit(page, "/attributes", kept=[each for each in boxes if each != "title"])
    assert saved.html.xpath("//input[@name='kept'][not(@checked)]/@value") == ["title"]
    assert "title" not in await scim.make_user("bo@example.com", title="Boss")
    assert "Left out" in rows_of(await admin.page(at(scim, "/setup?step=attributes")))["Position"]


async def test_whoever_may_not_manage_writes_no_notes(viewer: Person, admin: Person, scim: Scim) -> None:
    page = await admin.page(at(scim, "?tab=attributes"))
    token = page.html.xpath("//input[@name='form_token']/@value")[0]
    answer = await viewer.http.post(f"{admin.base}/{at(scim, '/attributes')}", data={"form_token": token})
    assert (answer.status_code, "organization.manage" in answer.text) == (403, True)
