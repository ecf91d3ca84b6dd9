"""Help on pages: by the policies in force, with whom to ask, and asking them; and what the overview says to do."""

from __future__ import annotations

import typing
import uuid
from enum import Enum
from pathlib import Path

import msgspec
import pytest

from api.provisioning import plans
from api.provisioning.plan_catalogue import Catalogue, Contact
from api.provisioning.policy_values import DEFAULTS, Policies
from dashboard import help_words
from db import sql
from db.enums import DomainState, MailKind
from tests.factories import DomainFactory, MemberFactory, RemovalFactory
from tests.mail.carrying import stored
from tests.scim.conversation import Scim
from tests.scim.governing import choose, governor

from .conftest import NewPerson, Page, Person

FRAGMENT = (Path(help_words.__file__).parent / "documents" / "here.fragment.graphql").read_text()


def camel(name: str) -> str:
    """A name as GraphQL has it."""
    first, *rest = name.split("_")
    return first + "".join(each.title() for each in rest)


def texts(**chosen: object) -> tuple[str, ...]:
    """All answers where the breaker holds people, with these policies and else the usual ones."""
    values = msgspec.structs.asdict(msgspec.structs.replace(DEFAULTS, **chosen))
    asked = {camel(name): value.name if isinstance(value, Enum) else value for name, value in values.items()}
    return tuple(each.answer for each in help_words.of("help", asked))


def helped(page: Page) -> str:
    """The text of a page's help."""
    [found] = page.html.xpath("//details[@class='help']")
    return " ".join("".join(map(str, found.itertext())).split())


def entries(page: Page) -> list[str]:
    """What the navigation leads to."""
    return [each.strip() for each in page.html.xpath("//nav[@aria-label='Main']//a/text()[normalize-space()]")]


@pytest.mark.parametrize(
    ("where", "policy", "before", "after"),
    [
        ("people", {"delete_action": "REMOVE_MEMBER", "grace_days": 5}, "nobody is erased", "is erased 5 days later"),
        ("people", {"email_change": "IMMUTABLE"}, "it changes here", "cannot be changed by a directory"),
        ("people", {"control_plane": "IDP_EXCLUSIVE"}, "can be changed here, too", "the only source"),
        ("roles", {"on_no_mapped_group": "NO_ROLE"}, "has the default role", "has no role"),
        ("seats", {"seat_limit": "HOLD"}, "is refused", "get the next seat"),
        ("seats", {"default_seat_type": "lite"}, "a full seat", "a lite seat"),
        ("provisioning", {"breaker_response": "OFF"}, "more than", "Nothing is held back"),
        ("provisioning", {"jit_enabled": True}, "Just in time is off", "Just in time is on"),
        ("domains", {"domain_rule": "REGISTERED"}, "people of any domain", "the domains in your list"),
    ],
)  # fmt: skip
async def test_help_tells_of_the_policies_in_force(
    admin: Person, scim: Scim, where: str, policy: dict[str, object], before: str, after: str
) -> None:
    """R154."""
    page = await admin.page(where)
    assert before in helped(page)
    assert after not in helped(page)
    await choose(scim, **policy)
    page = await admin.page(where)
    assert after in helped(page)
    assert after in await admin.page("help")


CHOICES = {
    name: kind
    for name, kind in typing.get_type_hints(Policies).items()
    if isinstance(kind, type) and issubclass(kind, Enum) and f" {camel(name)}" in FRAGMENT
}


@pytest.mark.parametrize("name", CHOICES)
def test_help_tells_another_thing_for_every_choice(name: str) -> None:
    told = [texts(**{name: value}) for value in CHOICES[name]]
    assert len(set(told)) == len(told)


async def test_whom_to_ask_stands_where_somebody_is_stuck(admin: Person, viewer: Person, scim: Scim) -> None:
    """R020, R136: while something is set up, where nothing is found, and where a page fails."""
    stuck = [(admin, "provisioning/new"), (admin, "people?query=nobody"), (admin, f"people/{uuid.uuid4()}"),
             (admin, "seats"), (viewer, "people")]  # fmt: skip
    for person, path in stuck:
        assert "Cora" not in await person.page(path)
    await plans.set_contact(governor(scim), Contact("Cora", "cora@example.com", "https://example.com/help"))
    for person, path in stuck:
        page = await person.page(path)
        assert "Cora" in page, path
        assert page.html.xpath("//main//a[@href='mailto:cora@example.com']"), path
    assert (await admin.page(f"people/{uuid.uuid4()}")).status == 404
    assert (await viewer.page("people")).status == 403


async def test_a_request_for_help_reaches_whoever_runs_this(admin: Person, scim: Scim) -> None:
    """R027, with what a directory needs in three items."""
    page = await admin.page("help")
    assert len(page.html.xpath("//section[@aria-labelledby='needs']//li")) == 3
    refused = await admin.submit(page, "/help", message="Why so slow?", reply_to="ada")
    assert refused.status == 422
    assert refused.html.xpath("//textarea/text()") == ["Why so slow?"]
    assert await stored(MailKind.HELP_REQUEST) == []
    done = await admin.submit(refused, "/help", reply_to="ada@example.com")
    assert "on its way" in done
    [mail] = await stored(MailKind.HELP_REQUEST)
    assert "Why so slow?" in str(mail)
    assert "Acme" in str(mail)


async def test_pages_of_directories_begin_with_a_plan_that_has_them(
    admin: Person, scim: Scim, vendor: Catalogue
) -> None:
    """R026: no entry, and no page; after the operator's change, which stays in the audit, both."""
    await plans.choose(governor(scim), "FREE")
    assert "Provisioning" in entries(await admin.page())  # what there is can still be ended
    await sql.rows("UPDATE directory SET deleted_at = now()")
    assert "Provisioning" not in entries(await admin.page())
    assert "Policies" in entries(await admin.page())
    for path in ("provisioning", "provisioning/new"):
        assert (await admin.page(path)).status == 404
    assert (await admin.page("provisioning/policies")).status == 200
    await plans.choose(governor(scim), "ENTERPRISE")
    assert "Provisioning" in entries(await admin.page())
    for path in ("provisioning", "provisioning/new"):
        assert (await admin.page(path)).status == 200
    assert "ENTERPRISE" in (await admin.page("audit")).text


async def test_the_overview_leads_to_what_waits_and_the_navigation_counts_it(
    admin: Person, scim: Scim, new_person: NewPerson
) -> None:
    assert not (await admin.page()).html.xpath("//nav//*[@class='count']")
    organization = scim.access.organization_id
    await RemovalFactory.make(organization=organization, directory=scim.access.directory_id)
    await DomainFactory.make(organization=organization, state=DomainState.LAPSED)
    page = await admin.page("roles")
    [counted] = page.html.xpath("//nav//*[@class='count']")
    assert counted.text_content() == "2 things need attention"
    places = (await admin.page()).html.xpath("//section[@aria-labelledby='todo']//a/@href")
    assert places == [f"{admin.base}/activity/held", f"{admin.base}/domains"]
    for place in places:
        assert (await admin.page(place)).status == 200


async def test_a_suggestion_is_shown_until_it_is_dismissed(admin: Person, scim: Scim) -> None:
    """R164, and R163: how people came, each number with the list that it counts."""
    organization = scim.access.organization_id
    await DomainFactory.make(organization=organization)
    for _ in range(51):
        await MemberFactory.make(organization=organization, seat=None, source="INVITATION")
    await sql.rows("UPDATE directory SET deleted_at = now()")
    page = await admin.page()
    assert "connect a directory" in page
    [counted] = page.html.xpath("//section[@aria-labelledby='came']//a[contains(@href, 'INVITATION')]")
    assert counted.text_content() == "51"
    after = await admin.submit(page, "/suggestions/SCIM/dismissal")
    assert "does not come again" in after
    assert "connect a directory" not in await admin.page()
