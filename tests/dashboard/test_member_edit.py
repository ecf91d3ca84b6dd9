"""Changing somebody by hand whom a directory manages: badges, the hint, locks (R053, R077 to R084)."""

from __future__ import annotations

from api.provisioning.policy_values import ControlPlane
from tests.scim.conversation import Scim
from tests.scim.governing import choose

from .conftest import Page, Person
from .test_people import HOSTILE
from .test_provisioning import path_of

BADGE = "//*[contains(@class, 'badge')][normalize-space()='Managed by directory']"


async def found(admin: Person, name: str, tab: str = "profile") -> Page:
    """A page about somebody by their name."""
    [link] = set((await admin.page(f"people?query={name}")).html.xpath("//tbody//a[contains(@href, '/people/')]/@href"))
    return await admin.page(f"{link}?tab={tab}")


async def test_whom_a_directory_manages_wears_a_badge_and_so_do_their_fields(admin: Person, scim: Scim) -> None:
    """R053."""
    await scim.make_user("bo@example.com", displayName="Bo Berg")
    page = await found(admin, "berg")
    assert len(page.html.xpath(f"//header{BADGE}")) == 1
    rows = page.html.xpath("//table[caption[contains(., 'who said it')]]/tbody/tr")
    badges = {row.xpath("string(td[1])"): len(row.xpath(f".{BADGE}")) for row in rows}
    assert badges
    assert set(badges.values()) == {1}
    [edit] = page.html.xpath("//a[contains(@href, '/edit')]/@href")
    form = await admin.page(edit)
    assert form.html.xpath(f"//header{BADGE}")
    [described] = form.html.xpath("//form[contains(@action, '/edit')]/@aria-describedby")
    hint = " ".join(form.html.get_element_by_id(described).text_content().split())
    assert "GENERIC manages this person. What you change here stays until the directory says something else" in hint


async def test_nobody_says_so_of_whom_no_directory_manages(admin: Person) -> None:
    invited = await admin.submit(
        await admin.page("people/invite"), "/people/invite", email="guest@elsewhere.example", name="Gil Guest"
    )
    assert invited.status == 200
    page = await found(admin, "gil")
    assert page.html.xpath(BADGE) == []
    [edit] = page.html.xpath("//a[contains(@href, '/edit')]/@href")
    form = await admin.page(edit)
    assert form.html.xpath(BADGE) == []
    assert "manages this person" not in form
    assert form.html.xpath("//input[@name='locked']") == []


async def test_an_edit_stays_until_the_directory_says_something_else_and_a_lock_longer(
    admin: Person, scim: Scim
) -> None:
    bo = await scim.make_user("bo@example.com", displayName="Bo Berg")
    page = await found(admin, "berg")
    edit = f"{path_of(page)}/edit"
    saved = await admin.submit(await admin.page(edit), "/edit", display_name="Bo B.", reason="asked for it")
    assert "The changes are saved." in saved
    assert "the directory says: Bo Berg" in saved
    form = await admin.page(edit)
    assert "The directory says: Bo Berg." in form
    await admin.submit(form, "/edit", locked=["display_name"])
    await scim.patch(f"/Users/{bo['id']}", {"op": "replace", "path": "displayName", "value": "Bo Borg"})
    kept = await admin.page(edit)
    assert kept.html.xpath("//input[@name='display_name']/@value") == ["Bo B."]
    assert kept.html.xpath("//input[@name='locked'][@checked]/@value") == ["display_name"]
    await admin.submit(kept, "/edit", locked=None)
    await scim.patch(f"/Users/{bo['id']}", {"op": "replace", "path": "displayName", "value": "Bo Bergson"})
    assert (await admin.page(edit)).html.xpath("//input[@name='display_name']/@value") == ["Bo Bergson"]


async def test_what_is_wrong_is_told_and_what_was_typed_stays(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com", displayName="Bo Berg")
    edit = f"{path_of(await found(admin, 'berg'))}/edit"
    wrong = await admin.submit(await admin.page(edit), "/edit", email="nonsense", display_name=HOSTILE)
    assert wrong.status == 422
    assert wrong.html.xpath("//input[@name='email']/@value") == ["nonsense"]
    assert wrong.html.xpath("//input[@name='display_name']/@value") == [HOSTILE]
    assert not wrong.html.xpath("//img[@onerror] | //script[not(@src)]")
    first, second = [await admin.page(edit) for _ in range(2)]
    await admin.submit(first, "/edit", display_name="Bo One")
    late = await admin.submit(second, "/edit", display_name="Bo Two")
    assert late.status == 422
    assert "has changed since" in late


async def test_where_only_the_directory_changes_people_the_glass_has_to_be_broken(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com", displayName="Bo Berg")
    await choose(scim, control_plane=ControlPlane.IDP_EXCLUSIVE)
    edit = f"{path_of(await found(admin, 'berg'))}/edit"
    form = await admin.page(edit)
    assert "GENERIC manages this person, and nobody else may (policy)." in form
    refused = await admin.submit(form, "/edit", display_name="Bo B.", reason="at once")
    assert (refused.status, "break the glass" in refused) == (422, True)
    assert "saved" in await admin.submit(refused, "/edit", break_glass="yes")


async def test_without_the_permission_there_is_no_form(admin: Person, viewer: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com", displayName="Bo Berg")
    edit = f"{path_of(await found(admin, 'berg'))}/edit"
    assert (await viewer.page(edit)).status == 403
    token = (await admin.page(edit)).html.xpath("//input[@name='form_token']/@value")[0]
    assert (await viewer.http.post(edit, data={"form_token": token})).status_code == 403


async def test_each_attribute_shows_under_its_label_as_it_was_sent(admin: Person, scim: Scim) -> None:
    """R077, R078, R080, R082 to R084."""
    address = {"streetAddress": "1 High St", "locality": "Leeds", "region": "W Yorks", "postalCode": "LS1 1AA"}
    bo = await scim.make_user(
        "bo@example.com",
        name={"givenName": "Bo", "familyName": "Berg"},
        emails=[{"type": "work", "value": "bo@example.com"}],
        phoneNumbers=[{"type": "mobile", "value": "55555555555"}, {"type": "work", "value": "+44 (0)20-7946 0018"}],
        title="Boss",
        addresses=[{"type": "work", "country": "GB", **address}],
    )
    said = await came(admin)
    assert said == {
        "Username": "bo@example.com",
        "First name": "Bo",
        "Last name": "Berg",
        "E-mail address": "bo@example.com",
        "Mobile number": "55555555555",
        "Work number": "+44 (0)20-7946 0018",
        "Position": "Boss",
        "Street address": "1 High St",
        "City": "Leeds",
        "State": "W Yorks",
        "Postal code": "LS1 1AA",
        "Country": "GB",
        "Status": "Active",
    }
    path = 'addresses[type eq "work"].locality'
    await scim.patch(f"/Users/{bo['id']}", {"op": "replace", "path": path, "value": "York"})
    assert await came(admin) == {**said, "City": "York"}
    await scim.patch(f"/Users/{bo['id']}", {"op": "replace", "path": "active", "value": False})
    assert (await came(admin))["Status"] == "Inactive"


async def came(admin: Person) -> dict[str, str]:
    """What a directory sent of Bo, by its labels."""
    page = await found(admin, "bo@example.com")
    [section] = page.html.xpath("//section[h2[text()='As GENERIC sent it']]")
    labels, values = (section.xpath(f".//{tag}") for tag in ("dt", "dd"))
    return {label.text_content(): value.text_content() for label, value in zip(labels, values, strict=True)}
