"""Who is let in by the address they have, and what becomes of a new one."""

from __future__ import annotations

from typing import Any

import pytest

from api.provisioning import domains, link_requests, organizations, policies
from api.provisioning.actor import operator
from api.provisioning.errors import AlreadyTaken, BadSetting, NotFound
from db import sql
from db.enums import LinkState

from .conversation import Scim, assert_error, document, user
from .governing import choose, everybody, governor, member_of, new_address, own, person

REFUSED = "joe@ext.example.com is outside the verified domains (example.com). Invite this person by hand or verify"


async def test_only_people_of_the_verified_domains_come_in(scim: Scim) -> None:
    """R073, R094, R095: the answer names the domains and what to do."""
    await own(scim, "example.com")
    await choose(scim, domain_rule="VERIFIED")
    assert (await scim.post("/Users", person())).status_code == 201
    assert REFUSED in assert_error(await scim.post("/Users", person("joe", "ext.example.com")), 403)
    assert [each["email"] for each in await everybody(scim)] == ["ann@example.com"]


async def test_subdomains_count_where_that_was_chosen(scim: Scim) -> None:
    """R095."""
    await own(scim, "example.com", include_subdomains=True)
    await choose(scim, domain_rule="VERIFIED")
    assert (await scim.post("/Users", person("joe", "ext.example.com"))).status_code == 201
    assert_error(await scim.post("/Users", person("joe2", "notexample.com")), 403)


async def test_a_registered_domain_is_enough_only_where_that_was_chosen(scim: Scim) -> None:
    """C3."""
    await domains.add(governor(scim), "example.com")
    await choose(scim, domain_rule="VERIFIED")
    assert "(there is none yet)" in assert_error(await scim.post("/Users", person()), 403)
    await choose(scim, domain_rule="REGISTERED")
    assert (await scim.post("/Users", person())).status_code == 201


async def test_somebody_without_an_address_is_told_which_field_to_map(scim: Scim) -> None:
    """R069."""
    assert (await scim.post("/Users", user("bot"))).status_code == 201
    await choose(scim, require_email=True)
    answer = await scim.post("/Users", user("ann"))
    assert "no e-mail address" in assert_error(answer, 400, "invalidValue")


async def test_an_address_may_change_within_the_domains_by_default(scim: Scim) -> None:
    """R072, C2: nothing else of a refused request is applied."""
    await own(scim, "example.com")
    await choose(scim, domain_rule="VERIFIED")
    made = document(await scim.post("/Users", person()))
    path = f"/Users/{made['id']}"
    assert (await scim.patch(path, new_address("anna@example.com"))).status_code == 200
    title = {"op": "replace", "path": "title", "value": "Boss"}
    answer = await scim.patch(path, title, new_address("anna@elsewhere.example.org"))
    assert "outside the verified domains" in assert_error(answer, 400, "invalidValue")
    assert "title" not in await scim.read(path)
    await choose(scim, email_change="SYNC")
    assert (await scim.patch(path, new_address("anna@elsewhere.example.org"))).status_code == 200


async def test_an_address_that_must_not_change_does_not(scim: Scim) -> None:
    """R071, R156."""
    await choose(scim, email_change="IMMUTABLE")
    made = document(await scim.post("/Users", person()))
    title = {"op": "replace", "path": "title", "value": "Boss"}
    answer = await scim.patch(f"/Users/{made['id']}", title, new_address("anna@example.com"))
    assert "cannot be changed" in assert_error(answer, 400, "mutability")
    assert "title" not in await scim.read(f"/Users/{made['id']}")
    assert (await scim.patch(f"/Users/{made['id']}", new_address("ANN@example.com"))).status_code == 200
    found = await sql.value("SELECT count(*) FROM request WHERE scim_type = 'mutability'")
    assert found == 1


async def test_a_member_is_linked_by_address_within_the_verified_domains(scim: Scim, sibling: Scim) -> None:
    """R015, C11: no second member."""
    await own(scim, "example.com")
    await choose(scim, domain_rule="VERIFIED")
    await scim.post("/Users", person())
    assert (await sibling.post("/Users", person("ann.lee", emails=[{"value": "ANN@example.com"}]))).status_code == 201
    assert len(await everybody(scim)) == 1


async def test_a_member_is_not_linked_where_that_is_a_conflict(scim: Scim, sibling: Scim) -> None:
    """C11."""
    await choose(scim, existing_member="CONFLICT")
    await scim.post("/Users", person())
    assert "existing_member is CONFLICT" in assert_error(await sibling.post("/Users", person()), 409, "uniqueness")


async def test_a_member_is_not_linked_by_an_address_that_nobody_has_verified(scim: Scim, sibling: Scim) -> None:
    """C11: silent linking outside of the organization's own domains would be a way to take people over; ask."""
    await domains.add(governor(scim), "example.com")
    await choose(scim, domain_rule="REGISTERED")
    await scim.post("/Users", person())
    assert "not verified here" in assert_error(await sibling.post("/Users", person()), 409, "uniqueness")
    [question] = await link_requests.page(governor(scim))
    assert (question["state"], question["email"], question["directory"]) == ("OPEN", "ann@example.com", "Second")
    assert await sql.value("SELECT count(*) FROM directory_user") == 1
    await domains.attest(governor(scim), "example.com")
    assert "before an admin has decided" in assert_error(await sibling.post("/Users", person()), 409, "uniqueness")


@pytest.mark.parametrize(("decided", "status", "users"), [("LINK", 201, 2), ("KEEP_APART", 409, 1)])
async def test_somebody_is_asked_before_a_member_is_linked(
    scim: Scim, sibling: Scim, stranger: Scim, decided: str, status: int, users: int
) -> None:
    """C11: ASK; each attempt is answered 409 until it is decided, and asks no second time."""
    await choose(scim, existing_member="ASK")
    await scim.post("/Users", person())
    for _ in range(2):
        assert "policy existing_member is ASK" in assert_error(
            await sibling.post("/Users", person()), 409, "uniqueness"
        )
    [question] = await link_requests.page(governor(scim))
    id: Any = question["id"]
    with pytest.raises(NotFound):
        await link_requests.decide(governor(stranger), id, LinkState.LINK, by="eve")
    await link_requests.decide(governor(scim), id, LinkState(decided), by="dana")
    assert (await sibling.post("/Users", person())).status_code == status
    assert len(await everybody(scim)) == 1
    assert await sql.value("SELECT count(*) FROM directory_user") == users


async def test_the_same_person_comes_back_also_where_linking_is_not_automatic(scim: Scim) -> None:
    """R057: whom the directory itself brought is known by externalId or userName."""
    await choose(scim, existing_member="CONFLICT")
    made = document(await scim.post("/Users", person()))
    await scim.delete(f"/Users/{made['id']}")
    assert (await scim.post("/Users", person())).status_code == 201
    assert len(await everybody(scim)) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [("EXAMPLE.com.", "example.com"), (" bücher.example ", "xn--bcher-kva.example"), ("a.co.uk", "a.co.uk")],
)
async def test_a_domain_has_one_spelling(scim: Scim, given: str, kept: str) -> None:
    """R093."""
    assert (await domains.add(governor(scim), given)).name == kept
    with pytest.raises(AlreadyTaken, match="already"):
        await domains.add(governor(scim), kept)


@pytest.mark.parametrize("given", ["gmail.com", "GMail.com.", "co.uk", "com", "ann@example.com", "https://x.org", ""])
async def test_what_nobody_owns_is_no_domain(scim: Scim, given: str) -> None:
    """R093."""
    with pytest.raises(BadSetting):
        await domains.add(governor(scim), given)


async def test_a_domain_is_verified_by_one_organization_only(scim: Scim, stranger: Scim) -> None:
    """R102."""
    await domains.add(governor(stranger), "example.com")
    await own(scim, "example.com")
    with pytest.raises(AlreadyTaken, match="Another organization"):
        await domains.attest(governor(stranger), "example.com")
    await domains.remove(governor(stranger), "example.com")
    with pytest.raises(AlreadyTaken, match="Another organization"):
        await domains.add(governor(stranger), "example.com")
    with pytest.raises(NotFound):
        await domains.attest(governor(stranger), "example.com")


async def test_people_are_recognised_in_the_order_that_was_chosen(scim: Scim) -> None:
    """C13: here, an address says more than an externalId that was given to somebody else."""
    for name, external_id in (("ann", "1"), ("bob", "2")):
        made = document(await scim.post("/Users", person(name, externalId=external_id)))
        await scim.delete(f"/Users/{made['id']}")
    await choose(scim, match_order="emails,externalId")
    await scim.post("/Users", person("ann", externalId="2"))
    assert (await member_of(scim))["status"] == "ACTIVE"
    assert (await member_of(scim, "bob@example.com"))["status"] == "DEPROVISIONED"


async def test_an_international_address_belongs_to_its_domain(scim: Scim) -> None:
    await own(scim, "bücher.example")
    await choose(scim, domain_rule="VERIFIED")
    assert (await scim.post("/Users", person("ann", "bücher.example"))).status_code == 201
    assert (await scim.post("/Users", person("bob", "xn--bcher-kva.example"))).status_code == 201


async def test_a_new_organization_lets_in_whom_its_operator_vouched_for(database: None) -> None:
    """D3: with a domain the rule is on from the first day, without one it is off, and both can be seen."""
    guarded = await organizations.create("Guarded", domains=["example.com", "EXAMPLE.com"])
    assert (await policies.show(operator(guarded))).domain_rule == "VERIFIED"
    assert [each.state for each in await domains.all_of_them(operator(guarded))] == ["VERIFIED"]
    open_to_all = await organizations.create("Open")
    assert (await policies.show(operator(open_to_all))).domain_rule == "OFF"
    with pytest.raises(AlreadyTaken):
        await organizations.create("Other", domains=["example.org", "example.com"])
    assert await sql.value("SELECT count(*) FROM organization") == 2


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"domain_rule": "MAYBE"}, "OFF, REGISTERED, VERIFIED"),
    ({"colour": "red"}, "There are: email_change"),
    ({"existing_member": ""}, "LINK, ASK, CONFLICT"),
    ({"match_order": "userName,userName"}, "at most once"),
    ({"require_email": "perhaps"}, "true or false"),
    ({"grace_days": "366"}, "a whole number from 0 to 365"),
    ({"seat_thresholds": "80,101"}, "whole numbers from 1 to 100"),
]


@pytest.mark.parametrize(("values", "text"), WRONG)
async def test_a_policy_that_cannot_be_chosen_is_refused_with_what_can(
    scim: Scim, values: dict[str, Any], text: str
) -> None:
    with pytest.raises(BadSetting, match=text):
        await choose(scim, email_change="SYNC", **values)
    assert (await policies.show(governor(scim))).email_change == "SYNC_WITHIN_DOMAINS"


async def test_every_version_of_the_policies_is_kept(scim: Scim) -> None:
    await choose(scim, email_change="SYNC", match_order="emails, userName")
    await choose(scim, email_change="SYNC")
    await choose(scim, email_change="IMMUTABLE")
    found = await policies.history(governor(scim))
    assert [(each["actor_kind"], each["after"]) for each in found] == [
        ("OPERATOR", '{"email_change": "IMMUTABLE"}'),
        ("OPERATOR", '{"match_order": ["emails", "userName"], "email_change": "SYNC"}'),
    ]


async def test_a_domain_that_is_removed_keeps_its_people(scim: Scim) -> None:
    await own(scim, "example.com")
    await choose(scim, domain_rule="VERIFIED")
    await scim.post("/Users", person())
    await domains.remove(governor(scim), "example.com")
    assert (await member_of(scim))["status"] == "ACTIVE"
    assert_error(await scim.post("/Users", person("bob")), 403)
