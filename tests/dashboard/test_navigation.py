"""Where pages lead: the navigation, its keys, and links, of which none leads nowhere and which lead everywhere."""

from __future__ import annotations

import re
from typing import Any

from litestar import Litestar

from dashboard import here
from tests.scim.conversation import USER, Scim

from .conftest import NewPerson, Page, Person
from .test_operating import running

__all__ = ["running"]

ORDER = [
    "Overview", "People", "Groups", "Roles", "Seats", "Provisioning", "Activity", "Domains", "Security", "Developers",
    "Audit",
]  # fmt: skip
NO_PAGES = re.compile(r"\.(csv|jsonl)$|/(news|sso)$|/graphiql$")
"""Files, parts of pages, and ways to somewhere else."""


FOR_READERS = {
    "", "/people", "/people/jobs", "/groups", "/roles", "/roles/explain", "/seats", "/seats/ledger", "/seats/purchases",
    "/seats/settings", "/activity", "/activity/decisions", "/activity/held", "/activity/person", "/help",
}  # fmt: skip
"""Pages for whoever may only read; all others are refused."""


def links(page: Page) -> set[str]:
    """Where a page leads within Rollcall."""
    found = {each.split("#")[0].split("?")[0] for each in page.html.xpath("//a/@href")}
    return {each for each in found if each.startswith("/") and not each.startswith(("/static/", "/scim/"))}


async def followed(person: Person, start: str) -> set[str]:
    """Every page to which links lead from one on."""
    seen, left = set[str](), {start}
    while left:
        path = left.pop()
        seen.add(path)
        answer = await person.http.get(path, headers={"accept": "text/html"})
        assert answer.status_code == 200, path
        if answer.headers["content-type"].startswith("text/html"):
            left |= links(await person.page(path)) - seen
    return seen


def pages(app: Litestar, below: str) -> set[str]:
    """The pages that need nothing but what is in `below`."""
    found = {route.path for route in app.routes if "GET" in getattr(route, "methods", ())}
    own = {each.removeprefix(below) for each in found if each == below or each.startswith(f"{below}/")}
    return {each for each in own if "{" not in each and not NO_PAGES.search(each)}


def app_of(person: Person) -> Litestar:
    """The application that somebody's browser asks."""
    transport: Any = person.http._transport
    found = transport.app
    while not isinstance(found, Litestar):
        found = found.app
    return found


async def test_links_lead_to_every_page_of_an_organization_and_none_nowhere(admin: Person, scim: Scim) -> None:
    user = await scim.make_user("ann@example.com")
    await scim.post("/Groups", {"displayName": "Sales", "members": [{"value": user["id"]}]})
    await scim.post("/Users", {"schemas": [USER], "userName": "ann@example.com"})
    await admin.submit(await admin.page("domains"), "/domains", name="example.org")
    seen = {each.removeprefix(admin.base) for each in await followed(admin, admin.base) if each.startswith(admin.base)}
    assert len(seen) > 30
    assert pages(app_of(admin), "/o/{organization:str}") <= seen


async def test_links_lead_whoever_runs_the_installation_to_all_that_is_theirs(running: Person) -> None:
    seen = await followed(running, "/orgs")
    for name in ("/orgs", "/events", "/jobs", "/settings", "/platform-audit"):
        assert {name + rest for rest in pages(app_of(running), name)} <= seen
    page = await running.page("/jobs")
    assert page.html.xpath("//nav[@aria-label='Main']//a[@aria-current='page']/@href") == ["/jobs"]


async def test_the_navigation_shows_every_page_in_order_and_where_one_is(admin: Person) -> None:
    first = await admin.page()
    entries = first.html.xpath("//nav[@aria-label='Main']//a")
    assert [each.xpath("text()[normalize-space()]")[0].strip() for each in entries] == ORDER
    for each in entries:
        page = await admin.page(each.get("href"))
        [now] = page.html.xpath("//nav[@aria-label='Main']//a[@aria-current='page']/@href")
        assert now == each.get("href")


async def test_whoever_may_only_read_has_no_entry_for_what_they_cannot_do(
    admin: Person, scim: Scim, new_person: NewPerson
) -> None:
    roles = await admin.page("roles")
    [path] = roles.html.xpath("//tbody//a[text()='Account Manager']/@href")
    await admin.submit(await admin.page(path), path.rpartition("/")[2], own=["organization.read"])
    reader = await new_person(scim, "rae", "account-manager")
    entries = (await reader.page()).html.xpath("//nav[@aria-label='Main']//a/text()[normalize-space()]")
    assert [each.strip() for each in entries] == ["Overview", "People", "Groups", "Roles", "Seats", "Activity"]
    answers = {name: await reader.page(reader.base + name) for name in pages(app_of(reader), "/o/{organization:str}")}
    assert {name for name, answer in answers.items() if answer.status == 200} == FOR_READERS
    for name in answers.keys() - FOR_READERS:
        assert answers[name].status == 403, name
        assert "permission" in answers[name], name


async def test_a_letter_leads_to_one_page_and_keys_can_be_turned_off(admin: Person) -> None:
    page = await admin.page()
    keys = page.html.xpath("//nav[@aria-label='Main']//a/@data-key")
    assert len(set(keys)) == len(keys) == len(ORDER)
    operators = [each.key for each in here.platform("jobs").links]
    assert len(set(operators)) == len(operators)
    assert page.html.get("data-keys") is None
    await admin.submit(await admin.page("/account"), "/account/keys", keys="off")
    assert (await admin.page()).html.get("data-keys") == "off"
    await admin.submit(await admin.page("/account"), "/account/keys", keys="on")
    assert (await admin.page()).html.get("data-keys") is None
