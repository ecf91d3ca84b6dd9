"""Activity, who is missing, held removals and what needs a decision, as pages."""

from __future__ import annotations

import uuid

import httpx
import pytest

from api.provisioning import policies, seat_pools
from api.provisioning.actor import operator
from dashboard import activity_words
from db.enums import SeatType
from tests.conftest import NewDirectory
from tests.scim.conftest import second_directory
from tests.scim.conversation import Scim
from tests.scim.governing import choose, own

from .conftest import NewPerson, Page, Person

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'
HTMX = {"hx-request": "true"}


async def off(scim: Scim, id: str) -> None:
    """The directory sets somebody to inactive."""
    answer = await scim.patch(f"/Users/{id}", {"op": "replace", "value": {"active": False}})
    assert answer.status_code == 200


async def people(scim: Scim, count: int) -> list[str]:
    """So many people, where one may be removed at a time."""
    made = [(await scim.make_user(f"p{n}@example.com", displayName=f"P {n}"))["id"] for n in range(count)]
    await policies.change(operator(scim.access.organization_id), {"breaker_people": 1, "breaker_percent": 1})
    return made


def rows(page: Page) -> list[str]:
    """The rows of the first table."""
    return [" ".join(each.text_content().split()) for each in page.html.xpath("(//table)[1]/tbody/tr")]


async def test_a_refused_request_is_found_and_says_why(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com")
    refused = await scim.post("/Users", {"userName": "bo@example.com"})
    trace = refused.headers["X-Trace-Id"]
    every = await admin.page("activity")
    assert "Create user" in every
    narrow = await admin.page("activity?outcome=REFUSED")
    assert len(rows(narrow)) == 1
    assert "Refused 409" in rows(narrow)[0]
    one = await admin.page(f"activity?trace={trace}")
    assert one.url.endswith(f"/activity/{trace}")
    assert "Another user of this directory has the userName" in one
    report = one.html.get_element_by_id("report").text_content()
    assert trace in report
    assert scim.access.key not in one.html.text_content()


async def test_filters_narrow_by_whom_kind_and_method(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com")
    await scim.make_group("Sales", [])
    assert all("Create group" in each for each in rows(await admin.page("activity?resource=Group")))
    assert len(rows(await admin.page("activity?query=BO@example.com"))) == 1
    assert "No request fits Delete" in await admin.page("activity?method=DELETE")


async def test_what_is_new_is_announced_and_not_put_under_the_reader(admin: Person, scim: Scim) -> None:
    page = await admin.page("activity")
    ask = page.html.get_element_by_id("news").get("hx-get")
    assert (await admin.page(ask, **HTMX)).status == 204
    await scim.make_user("bo@example.com")
    told = await admin.page(ask, **HTMX)
    assert "1 new request" in told.text
    assert (await admin.page(told.html.get_element_by_id("news").get("hx-get"), **HTMX)).status == 204


@pytest.mark.parametrize("asked", ["activity?trace=nonsense", "activity?outcome=READ&from=2020-01-01&to=2026-01-01"])
async def test_what_makes_no_sense_is_told_and_stays_in_the_form(admin: Person, asked: str) -> None:
    page = await admin.page(asked)
    assert page.status == 422
    assert page.html.get_element_by_id("problems") is not None
    assert "nonsense" in asked or page.html.xpath("//input[@name='from']/@value") == ["2020-01-01"]


async def test_a_request_shows_bodies_only_to_whoever_manages_people(admin: Person, scim: Scim, viewer: Person) -> None:
    await scim.make_user("bo@example.com", title="Chief of Everything")
    link = (await admin.page("activity?query=bo@example.com")).html.xpath("//tbody//a/@href")[0]
    assert "Chief of Everything" in await admin.page(link)
    refused = await viewer.page(link)
    assert refused.status == 403
    assert "organization.read" in refused


async def test_a_trace_of_another_organization_is_as_one_that_never_was(
    admin: Person, scim: Scim, new_directory: NewDirectory, new_person: NewPerson
) -> None:
    answer = await scim.get("/Users")
    other = await new_person(Scim(scim.http, await new_directory()), "eve", "admin")
    trace, never = answer.headers["X-Trace-Id"], str(uuid.uuid4())
    theirs, nobodys = await other.page(f"activity/{trace}"), await other.page(f"activity/{never}")
    assert theirs.status == nobodys.status == 404
    assert theirs.text.replace(trace, "") == nobodys.text.replace(never, "")


async def test_hostile_texts_are_shown_and_do_nothing(admin: Person, scim: Scim) -> None:
    await scim.make_group(HOSTILE, [])
    list_ = await admin.page("activity")
    one = await admin.page(list_.html.xpath("//tbody//a/@href")[0])
    asked = await admin.page(f"activity/person?name={httpx.QueryParams({'n': HOSTILE})['n']}")
    for page in (list_, one, asked):
        assert page.status == 200
        assert not page.html.xpath("//img[@onerror] | //script[not(@src)]")
    assert HOSTILE.lower() in one.text.lower()


async def test_whoever_is_missing_is_explained_with_what_to_do(admin: Person, scim: Scim) -> None:
    never = await admin.page("activity/person?name=zoe@example.com")
    assert "No directory ever sent zoe@example.com" in never
    assert "Next:" in never
    await scim.make_user("bo@example.com", active=False)
    assert "is not active" in await admin.page("activity/person?name=bo@example.com")


async def test_each_reason_why_somebody_is_missing_leads_on(admin: Person, scim: Scim) -> None:
    """R152, R155: never received, refused, held, deactivated, and whoever is elsewhere is as never received."""
    made = await people(scim, 4)
    for each in made[:2]:
        await off(scim, each)
    await seat_pools.set_limit(operator(scim.access.organization_id), SeatType.FULL, 4)
    refused = await scim.post("/Users", {"userName": "zed@example.com", "emails": [{"value": "zed@example.com"}]})
    trace = refused.headers["X-Trace-Id"]
    expected = {
        "zoe@example.com": ("No directory ever sent zoe@example.com", "Invite the person", "/people/invite"),
        "zed@example.com": ("tried to bring them on", "Show the request", f"/activity/{trace}"),
        "p0@example.com": ("is deactivated", "Show the person", "/people?query=p0%40example.com"),
        "p1@example.com": ("Their removal is on hold", "Decide about the removal", "/activity/held"),
        "p2@example.com": ("is a member with the role", "Show the person", "/people?query=p2%40example.com"),
    }
    for name, (text, link, path) in expected.items():
        page = await admin.page(f"activity/person?name={name}")
        assert text in page, name
        assert page.html.xpath(f"//main//a[text()='{link}']/@href")[0] == admin.base + path
        assert (await admin.page(admin.base + path)).status == 200


async def test_the_report_about_somebody_has_what_support_needs(admin: Person, scim: Scim) -> None:
    """R153: with trace ids, and nothing of people but the address; what is said twice is told once."""
    await own(scim, f"{uuid.uuid4().hex}.example.org")
    await choose(scim, domain_rule="VERIFIED")
    refused = await scim.post("/Users", {"userName": "zed@outside.example.com", "displayName": "Zed Zulu"})
    page = await admin.page("activity/person?name=zed@outside.example.com")
    report = page.html.get_element_by_id("report").text_content()
    assert refused.headers["X-Trace-Id"] in report
    assert "Zed Zulu" not in report
    assert scim.access.key not in report
    [told] = page.html.xpath("//section[@aria-labelledby='findings']//li")
    assert [each.text_content() for each in told.xpath(".//strong")] == ["Next:", "Or:"]
    assert [*told.xpath(".//a/text()")] == ["Look at domains", "Show the request"]


def test_what_is_said_for_programs_is_left_out() -> None:
    assert activity_words.plainly("They keep access (KEEP_LOCAL), or lose it (DEACTIVATE_ALL). (OK)") == (
        "They keep access, or lose it. (OK)"
    )


async def test_held_removals_are_approved_after_a_look_at_how_many(admin: Person, scim: Scim) -> None:
    made = await people(scim, 4)
    await scim.make_group("All-Sales", made)
    for each in made:
        await off(scim, each)
    page = await admin.page("activity/held")
    assert "asked to remove 4 of 5 people" in page
    assert "The first 1 were removed, 3 are on hold" in page
    assert "All of them are in the group “All-Sales”" in page
    none = await admin.submit(page, "/activity/held", removal=None, act="approve")
    assert none.status == 422
    sure = await admin.submit(page, "/activity/held", act="approve")
    assert "Remove 3 people?" in sure
    assert "3 are on hold" in await admin.page("activity/held")
    moved = await admin.submit(sure, "/activity/held", act="approve", sure="2")
    assert moved.status == 422
    assert "Access has ended for 3 people." in await admin.submit(moved, "/activity/held", act="approve")
    assert "No removal is on hold" in await admin.page("activity/held")


async def test_held_removals_are_kept_and_those_before_undone(admin: Person, scim: Scim) -> None:
    made = await people(scim, 3)
    for each in made:
        await off(scim, each)
    page = await admin.page("activity/held")
    assert "2 people keep access." in await admin.submit(page, "/activity/held", act="keep-all")
    page = await admin.page("activity/held")
    removed = page.html.xpath("//form[.//button[@value='undo']]//input[@name='removal']/@value")
    assert len(removed) == 1
    undone = await admin.submit(page, "/activity/held", act="undo", removal=removed)
    assert "1 person may use the organization again." in undone


async def test_a_directory_that_wants_a_member_is_answered(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com", displayName=HOSTILE, emails=[{"value": "bo@example.com", "primary": True}])
    await policies.change(operator(scim.access.organization_id), {"existing_member": "ASK"})
    other = await second_directory(scim)
    wants = {"userName": "bo@example.com", "emails": [{"value": "bo@example.com", "primary": True}]}
    assert (await other.post("/Users", wants)).status_code == 409
    page = await admin.page("activity/decisions")
    assert "Is bo@example.com this member?" in page
    assert not page.html.xpath("//img[@onerror] | //script[not(@src)]")
    action = page.html.xpath("//form[.//button[@value='LINK']]/@action")[0]
    assert "Linked" in await admin.submit(page, action, decision="LINK")
    assert "Nothing needs a decision" in await admin.page("activity/decisions")
    assert (await other.post("/Users", wants)).status_code == 201


async def test_whoever_may_only_read_is_offered_no_decision_and_refused_one(
    admin: Person, scim: Scim, new_person: NewPerson
) -> None:
    member = await new_person(scim, "rea")
    assert (await member.page("activity/held")).status == 403
    token = (await member.page("/account")).html.xpath("//input[@name='form_token']/@value")[0]
    answer = await member.http.post(
        f"{member.base}/activity/held",
        data={"form_token": token, "act": "keep", "removal": "x"},
        headers={"accept": "text/html"},
    )
    assert answer.status_code in (403, 422)
    assert "members.manage" in answer.text or "organization.read" in answer.text
