"""Contacts, asking for help, and what is left of mails when people are erased."""

from __future__ import annotations

import pytest

from api.provisioning import clock, contacts, erasures, help_requests, invitations, notices, plans
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import AlreadyTaken, BadAddress, BadSetting, Forbidden, NotFound, Refused
from api.provisioning.grounds import Grounds
from api.provisioning.invitations import Guest
from api.provisioning.notice_facts import RemovalsHeld
from api.provisioning.plan_catalogue import Contact
from db import sql
from db.enums import ContactKind, MailKind
from db.ids import new_id
from tests.conftest import SUCCESS
from tests.factories import ContactFactory
from tests.members.acting import an_admin, history_of
from tests.scim.conversation import Json, Scim
from tests.scim.deleting import later
from tests.scim.governing import governor, member_of
from tests.scim.test_erasures import everything

from .carrying import deliver, facts, stored
from .servers import Office

pytestmark = pytest.mark.usefixtures("database")
BILLING, TECHNICAL = ContactKind.BILLING, ContactKind.TECHNICAL


async def test_contacts_are_added_changed_and_removed_and_history_knows(scim: Scim) -> None:
    actor = an_admin(scim)
    made = await contacts.add(actor, BILLING, " Money@Example.com ", name="Ledger")
    assert (made.email, made.email_key, made.wants_digest) == ("Money@Example.com", "money@example.com", False)
    assert (await contacts.change(actor, made.id, wants_digest=True)).name == "Ledger"
    await contacts.change(actor, made.id, wants_digest=True)
    assert [each.wants_digest for each in await contacts.all_of_them(actor)] == [True]
    await contacts.remove(actor, made.id)
    assert await contacts.all_of_them(actor) == []
    told = [(each["action"], each["actor_kind"]) for each in await history_of(made.id)]
    assert told == [(f"contact_{act}", "ADMIN") for act in ("added", "changed", "removed")]


async def test_an_address_is_a_contact_of_a_kind_once(scim: Scim, stranger: Scim) -> None:
    await contacts.add(governor(scim), BILLING, "money@example.com")
    with pytest.raises(AlreadyTaken, match="is a billing contact already"):
        await contacts.add(governor(scim), BILLING, "MONEY@example.com")
    await contacts.add(governor(scim), TECHNICAL, "money@example.com")
    await contacts.add(governor(stranger), BILLING, "money@example.com")


@pytest.mark.parametrize("email", ["", "money", "money@", "a b@example.com", "a@b\r\nBcc: c@d.example"])
async def test_what_is_no_address_is_no_contact(scim: Scim, email: str) -> None:
    with pytest.raises(BadAddress):
        await contacts.add(governor(scim), BILLING, email)


async def test_names_are_one_short_line_and_contacts_are_few(scim: Scim) -> None:
    for name in ("a\nb", "x" * 201):
        with pytest.raises(BadSetting):
            await contacts.add(governor(scim), BILLING, "money@example.com", name=name)
    for _ in range(20):
        await ContactFactory.make(organization=scim.access.organization_id)
    with pytest.raises(BadSetting, match="There are 20 billing contacts"):
        await contacts.add(governor(scim), BILLING, "money@example.com")


async def test_contacts_of_others_are_as_if_they_had_never_been(scim: Scim, stranger: Scim) -> None:
    theirs = await contacts.add(governor(stranger), BILLING, "money@example.com")
    for id in (theirs.id, new_id()):
        with pytest.raises(NotFound, match="There is no such contact"):
            await contacts.change(governor(scim), id, wants_digest=True)
        with pytest.raises(NotFound, match="There is no such contact"):
            await contacts.remove(governor(scim), id)
    assert await contacts.all_of_them(governor(scim)) == []


async def test_who_may_only_read_changes_no_contact(scim: Scim) -> None:
    reader = Actor(governor(scim).kind, scim.access.organization_id, None, frozenset({Right.ORGANIZATION_READ}))
    assert await contacts.all_of_them(reader) == []
    with pytest.raises(Forbidden):
        await contacts.add(reader, BILLING, "money@example.com")


# Whom an organization asks


async def test_an_organization_asks_its_own_contact_or_that_of_its_plan(scim: Scim, vendor: object) -> None:
    """R020."""
    actor = governor(scim)
    await plans.choose(actor, "ENTERPRISE")
    assert await plans.contact(actor) == SUCCESS
    await plans.set_contact(actor, Contact("Ida", "ida@example.com"))
    assert await plans.contact(actor) == Contact("Ida", "ida@example.com")
    await plans.set_contact(actor, None)
    assert await plans.contact(actor) == SUCCESS
    chosen = [each for each in await history_of(scim.access.organization_id) if each["action"] == "contact_chosen"]
    assert len(chosen) == 2


@pytest.mark.parametrize(
    "contact",
    [
        Contact(" "),
        Contact("Ida", "ida"),
        Contact("Ida", link="javascript:alert(1)"),
        Contact("I\nda", "a@example.com"),
    ],
)
async def test_a_contact_that_nobody_could_reach_is_refused(scim: Scim, contact: Contact) -> None:
    with pytest.raises(BadSetting):
        await plans.set_contact(governor(scim), contact)


async def test_admins_do_not_choose_whom_they_ask(scim: Scim) -> None:
    with pytest.raises(Forbidden):
        await plans.set_contact(an_admin(scim), Contact("Ida", "ida@example.com"))


# Asking for help


async def test_a_request_for_help_reaches_the_operator_with_the_organizations_name(scim: Scim, office: Office) -> None:
    """R027."""
    await help_requests.ask(an_admin(scim), "Our identity provider\nis not listed.", reply_to="dana@example.com")
    await deliver()
    [mail] = office.mails
    assert (mail["To"], mail["Subject"], mail["Reply-To"]) == (
        "operator@example.com",
        "Acme asks for help",
        "dana@example.com",
    )
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    assert text.splitlines()[2:4] == ["> Our identity provider", "> is not listed."]


async def test_nobody_asks_more_than_five_times_an_hour(
    scim: Scim, stranger: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        await help_requests.ask(governor(scim), "Help")
    with pytest.raises(Refused, match="Wait for an answer"):
        await help_requests.ask(governor(scim), "Help")
    await help_requests.ask(governor(stranger), "Help")
    later(monkeypatch, minutes=61)
    await help_requests.ask(governor(scim), "Help")
    assert len(await stored(MailKind.HELP_REQUEST)) == 7


@pytest.mark.parametrize(("message", "reply_to"), [(" ", None), ("x" * 5001, None), ("a\x00b", None)])
async def test_a_request_that_says_nothing_is_refused(scim: Scim, message: str, reply_to: str | None) -> None:
    with pytest.raises(BadSetting):
        await help_requests.ask(governor(scim), message, reply_to=reply_to)


async def test_an_answer_needs_an_address(scim: Scim) -> None:
    with pytest.raises(BadAddress):
        await help_requests.ask(governor(scim), "Help", reply_to="dana")


# Erasing people


async def test_nothing_of_somebody_who_was_erased_is_left_in_mails_and_contacts(
    scim: Scim, ann: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R059: neither what they were sent, nor what others were told of them, nor that they were a contact."""
    organization, at = scim.access.organization_id, clock.now()
    await invitations.invite(governor(scim), Guest("guest@example.org", "Greta Guest"))
    contact = await contacts.add(governor(scim), BILLING, "Guest@example.org", name="Greta Guest")
    await contacts.change(governor(scim), contact.id, name="Greta G. Guest")
    await notices.removals_held(organization, RemovalsHeld("Greta Guest's", 1, None, is_kept=True), at)
    await notices.last_admin_refused(organization, new_id(), "Okta", trace=new_id(), at=at)
    await invitations.withdraw(governor(scim), (await member_of(scim, "guest@example.org"))["id"])
    assert "guest@example.org" in (await everything(scim)).lower()
    await erasures.erase_now(
        governor(scim), (await member_of(scim, "guest@example.org"))["id"], Grounds("asked for it")
    )
    left = [
        line for line in (await everything(scim)).splitlines() if "greta" in line.lower() or "guest" in line.lower()
    ]
    assert left == []
    rows = await stored()
    assert [(row["kind"], row["state"], row["data"] is None) for row in rows] == [
        (MailKind.REMOVALS_HELD, "EXPIRED", True),
        (MailKind.LAST_ADMIN_REFUSED, "QUEUED", False),
    ]
    assert facts(rows[1])["directory"] == "Okta"


async def test_somebody_without_a_name_takes_nothing_of_others_along(scim: Scim, ann: Json) -> None:
    await notices.last_admin_refused(scim.access.organization_id, new_id(), "Okta", trace=new_id(), at=clock.now())
    await invitations.invite(governor(scim), Guest("guest@example.org", is_told=False))
    await sql.rows("UPDATE member SET display_name = '' WHERE email = 'guest@example.org'")
    guest = (await member_of(scim, "guest@example.org"))["id"]
    await invitations.withdraw(governor(scim), guest)
    await erasures.erase_now(governor(scim), guest, Grounds("asked for it"))
    assert [row["data"] is None for row in await stored()] == [False]
