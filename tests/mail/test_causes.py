"""Mails and what causes them: each is there after its cause, once, to the right people, and not otherwise."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.mail import rendering
from api.provisioning import clock, contacts, invitations, mails, notices, organizations, plans, seat_pools, sign_ins
from api.provisioning.actor import operator
from api.provisioning.caller import the_operator
from api.provisioning.errors import AlreadyMember, CapReached
from api.provisioning.invitations import Guest
from api.provisioning.notice_facts import DirectoryRecovered
from api.provisioning.plan_catalogue import Contact
from api.provisioning.sign_ins import SignIn
from db import sql
from db.enums import ContactKind, MailKind, SeatType
from db.ids import OrganizationId, new_id
from tests.scim.conversation import Json, Scim, bulk, patch
from tests.scim.deleting import later
from tests.scim.governing import active, choose, governor, own, person, team
from tests.scim.test_seats import asks_for, limit, sold

from .carrying import facts, stored
from .conftest import URL

pytestmark = pytest.mark.usefixtures("database")
APRIL = datetime(2026, 4, 11, 12, tzinfo=UTC)


async def told(kind: MailKind) -> list[Any]:
    """To whom mails of a kind go, and what they tell."""
    return [(row["recipient"], facts(row)) for row in await stored(kind)]


async def contact(scim: Scim, kind: ContactKind, email: str) -> None:
    """Give the organization a contact."""
    await contacts.add(governor(scim), kind, email)


# Who is told


async def test_contacts_of_the_kind_are_told_else_admins_else_the_operator(
    scim: Scim, ann: Json, stranger: Scim
) -> None:
    organization = scim.access.organization_id

    async def whom() -> list[str | None]:
        await sql.rows("DELETE FROM mail_message")
        await notices.domain_lapsed(organization, "example.com", at=clock.now())
        return [row["recipient"] for row in await stored()]

    assert await whom() == [None]
    await team(scim, "admin", ann["id"])
    assert await whom() == ["ann@example.com"]
    await contact(scim, ContactKind.BILLING, "money@example.com")
    await contact(stranger, ContactKind.TECHNICAL, "other@example.com")
    assert await whom() == ["ann@example.com"]
    for name in ("it", "ops"):
        await contact(scim, ContactKind.TECHNICAL, f"{name}@example.com")
    assert await whom() == ["it@example.com", "ops@example.com"]


async def test_admins_who_cannot_come_in_are_not_told(scim: Scim, ann: Json) -> None:
    bob = await scim.make_user("bob", emails=[{"value": "bob@example.com", "primary": True}])
    await team(scim, "admin", ann["id"], bob["id"])
    await scim.patch(f"/Users/{ann['id']}", active(False))
    await notices.domain_lapsed(scim.access.organization_id, "example.com", at=clock.now())
    assert [row["recipient"] for row in await stored()] == ["bob@example.com"]


# Seats


async def test_a_threshold_is_told_once_for_each_crossing(scim: Scim) -> None:
    """R135."""
    await contact(scim, ContactKind.BILLING, "money@example.com")
    await limit(scim, full=10)
    people = [await scim.make_user(f"p{number}") for number in range(9)]
    assert await told(MailKind.SEAT_THRESHOLD) == [
        ("money@example.com", {"seat_type": "full", "percent": percent, "used": used, "limit": 10, "policy": "BLOCK"})
        for percent, used in ((80, 8), (90, 9))
    ]
    await scim.delete(f"/Users/{people[0]['id']}")
    await scim.make_user("again")
    assert len(await told(MailKind.SEAT_THRESHOLD)) == 3
    await seat_pools.take_snapshot(scim.access.organization_id)
    assert len(await told(MailKind.SEAT_THRESHOLD)) == 3


async def test_thresholds_that_are_crossed_together_are_one_mail_about_the_highest(scim: Scim) -> None:
    for number in range(5):
        await scim.make_user(f"p{number}")
    await seat_pools.set_limit(governor(scim), SeatType.FULL, 5)
    [(_, told_of)] = await told(MailKind.SEAT_THRESHOLD)
    assert (told_of["percent"], told_of["used"]) == (100, 5)


async def test_seats_that_are_bought_one_after_the_other_cross_a_threshold_once(scim: Scim) -> None:
    """Or the summary of purchases would not be the only mail about them."""
    await limit(scim, full=2)
    await sold(scim)
    for number in range(6):
        await scim.make_user(f"p{number}")
    assert [told_of["percent"] for _, told_of in await told(MailKind.SEAT_THRESHOLD)] == [100]
    assert await sql.value("SELECT count(*) FROM seat_purchase") == 4


async def test_somebody_who_was_refused_crosses_nothing(scim: Scim) -> None:
    await limit(scim, full=1, lite=10)
    made = await scim.make_user("ann")
    before = len(await told(MailKind.SEAT_THRESHOLD))
    for number in range(3):
        answer = await scim.post("/Users", person(f"p{number}"))
        assert answer.status_code == 403
    await scim.patch(f"/Users/{made['id']}", asks_for("lite"))
    assert len(await told(MailKind.SEAT_THRESHOLD)) == before == 1


async def test_a_cap_that_keeps_people_out_is_told_once_a_month(scim: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: APRIL)
    await contact(scim, ContactKind.BILLING, "money@example.com")
    await limit(scim, full=0)
    await sold(scim, cap=1000)
    for number in range(3):
        assert (await scim.post("/Users", person(f"p{number}"))).status_code == 403
    await scim.post("/Bulk", bulk({"method": "POST", "path": "/Users", "bulkId": "a", "data": person("bulky")}))
    assert await told(MailKind.CAP_REACHED) == [
        (
            "money@example.com",
            {
                "seat_type": "full",
                "quantity": 1,
                "amount_minor": 2000,
                "currency": "EUR",
                "cap_minor": 1000,
                "spent_minor": 0,
            },
        )
    ]
    monkeypatch.setattr(clock, "now", lambda: APRIL + timedelta(days=25))
    await scim.post("/Users", person("p0"))
    assert len(await told(MailKind.CAP_REACHED)) == 2


async def test_a_cap_that_keeps_somebody_out_who_signs_in_is_told_as_well(scim: Scim) -> None:
    await own(scim, "example.com")
    await choose(scim, jit_enabled="true")
    await limit(scim, full=0)
    await sold(scim, cap=0)
    with pytest.raises(CapReached):
        await sign_ins.sign_in(governor(scim), SignIn("ann@example.com"))
    assert len(await told(MailKind.CAP_REACHED)) == 1


async def test_a_house_that_is_full_for_other_reasons_is_no_matter_of_the_cap(scim: Scim) -> None:
    await limit(scim, full=0)
    assert (await scim.post("/Users", person("ann"))).status_code == 403
    assert await told(MailKind.CAP_REACHED) == []


async def test_a_purchase_that_failed_is_told_once(scim: Scim) -> None:
    purchase = new_id()
    for _ in range(2):
        await notices.purchase_failed(
            scim.access.organization_id,
            purchase,
            seat_type=SeatType.FULL,
            quantity=2,
            amount_minor=4000,
            currency="EUR",
            reason="The card was declined.",
            at=clock.now(),
        )
    assert len(await told(MailKind.PURCHASE_FAILED)) == 1


# The last admin


async def test_who_would_have_locked_everybody_out_is_told_to_those_who_watch(
    scim: Scim, ann: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R125: with the trace id; once a day, since the directory tries again and again."""
    await contact(scim, ContactKind.SECURITY, "soc@example.com")
    await team(scim, "admin", ann["id"])
    answers = [await scim.patch(f"/Users/{ann['id']}", active(False)) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {403}
    trace = answers[0].headers["x-trace-id"]
    assert await told(MailKind.LAST_ADMIN_REFUSED) == [("soc@example.com", {"directory": "GENERIC", "trace": trace})]
    later(monkeypatch, days=1)
    await scim.post("/Bulk", bulk({"method": "PATCH", "path": f"/Users/{ann['id']}", "data": patch(active(False))}))
    assert len(await told(MailKind.LAST_ADMIN_REFUSED)) == 2


# Invitations


async def test_who_is_invited_is_told_and_told_again_with_the_token_that_counts(scim: Scim) -> None:
    tokens = [(await invitations.invite(governor(scim), Guest("guest@example.org"))).token for _ in range(2)]
    rows = await stored(MailKind.INVITATION)
    assert [row["recipient"] for row in rows] == ["guest@example.org"] * 2
    assert [secret(row) for row in rows] == tokens
    assert facts(rows[0])["by"] == "the operator"
    assert rows[0]["expires_at"] == (await invitations.open_ones(governor(scim)))[0].expires_at.replace(
        microsecond=rows[0]["expires_at"].microsecond
    )


async def test_who_is_told_by_the_application_gets_no_mail(scim: Scim) -> None:
    await invitations.invite(governor(scim), Guest("guest@example.org", is_told=False))
    assert await stored() == []


async def test_an_invitation_that_is_refused_is_no_mail(scim: Scim, ann: Json) -> None:
    with pytest.raises(AlreadyMember):
        await invitations.invite(governor(scim), Guest("ann@example.com"))
    assert await stored() == []


def secret(row: Any) -> str:
    """The token of a mail."""
    return str(bytes(row["secret"]).decode())


# What other rooms call


async def test_the_kinds_that_sign_in_will_need_carry_their_secret_beside_what_they_tell() -> None:
    at, until = clock.now(), clock.now() + timedelta(minutes=30)
    organization = await organizations.create("Acme")
    await notices.sign_in_code(None, "Ann@Example.com", "04071789", at=at, until=until)
    await notices.password_set(organization, "ann@example.com", "set-token", at=at, until=until)
    await notices.password_reset(organization, "ann@example.com", "reset-token", at=at, until=until)
    await notices.portal_link(organization, "it@example.com", "portal-token", by="Dana", at=at, until=until)
    rows = await stored()
    assert [secret(row) for row in rows] == ["04071789", "set-token", "reset-token", "portal-token"]
    assert [(row["organization_id"], row["expires_at"]) for row in rows] == [
        (None, until),
        *[(organization, until)] * 3,
    ]
    assert (rows[0]["recipient"], rows[0]["recipient_key"]) == ("Ann@Example.com", "ann@example.com")
    assert not any(secret(row) in row["data"] for row in rows)


async def test_webhooks_and_domains_are_told_with_what_is_theirs() -> None:
    organization, at = OrganizationId(await organizations.create("Acme")), clock.now()
    url, domain = "https://user:word@host.example.com/hooks?token=1", "example.com"
    for _ in range(2):
        await notices.webhook_disabled(organization, uuid.UUID(int=1), url=url, reason="It answers 410.", at=at)
        await notices.domain_warning(organization, domain, lapses_at=at + timedelta(days=14), at=at)
        await notices.domain_lapsed(organization, domain, at=at)
        await notices.domain_claimed(organization, domain, at=at)
    rows = await stored()
    assert [row["kind"] for row in rows] == ["WEBHOOK_DISABLED", "DOMAIN_WARNING", "DOMAIN_LAPSED", "DOMAIN_CLAIMED"]
    assert facts(rows[0]) == {"address": "host.example.com/hooks", "reason": "It answers 410."}


async def test_what_two_organizations_are_told_about_the_same_are_two_mails() -> None:
    at = clock.now()
    for name in ("Acme", "Other"):
        await notices.domain_lapsed(await organizations.create(name), "example.com", at=at)
    names = [row[0] for row in await sql.rows("SELECT data -> 'of' ->> 'name' FROM mail_message ORDER BY 1")]
    assert names == ["Acme", "Other"]


async def test_whom_an_organization_asks_stands_below_its_mails(vendor: object) -> None:
    """R136: the contact of its plan, or its own."""
    organization = await organizations.create("Acme")
    for own_contact in (None, Contact("Ida", link="https://example.com/ida")):
        await plans.set_contact(operator(organization), own_contact)
        await notices.directory_health(organization, DirectoryRecovered("Okta", was_stale=True), clock.now())
    ends = []
    for stored_row in await stored():
        words = rendering.words(await mails.find(the_operator(), stored_row["id"]), URL)
        assert words is not None
        ends.append(words.text.splitlines()[-2])
    assert ends == ["Questions? Ask Sales (sales@example.com).", "Questions? Ask Ida (https://example.com/ida)."]
