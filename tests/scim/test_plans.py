"""Directories of organizations whose plan has no SCIM are refused, and say who has it (R018 to R022)."""

from __future__ import annotations

import pytest

from api.provisioning import directories, organizations, plans, policies, request_log, sso
from api.provisioning.actor import Actor, Right, operator
from api.provisioning.caller import the_operator
from api.provisioning.errors import BadSetting, Forbidden, InTheWay, NotFound, PlanRequired, SsoRequired
from api.provisioning.plan_catalogue import UNLIMITED, Catalogue
from api.provisioning.policy_values import RequireSso
from api.provisioning.sso import SsoState
from db.enums import Provider
from db.ids import OrganizationId, new_id
from db.queries import log
from tests.conftest import SALES, SUCCESS

from .conversation import Scim, assert_error, bulk, user
from .governing import choose, governor

WHO_HAS_IT = "SCIM is part of the plans Premium and Enterprise, or an add-on to Growth; this organization has {} "


@pytest.fixture
async def acme(vendor: Catalogue, database: None) -> Actor:
    """The operator in a new organization of a vendor with plans."""
    return operator(await organizations.create("Acme"))


async def connect(actor: Actor) -> None:
    """Connect some directory."""
    await directories.connect(actor, name="Okta", provider=Provider.OKTA, settings=directories.Settings())


async def test_a_directory_needs_a_plan_that_has_scim(acme: Actor) -> None:
    """R018."""
    assert (await plans.show(acme)).plan == "FREE"
    with pytest.raises(PlanRequired) as refusal:
        await connect(acme)
    assert str(refusal.value) == WHO_HAS_IT.format("Free") + "without it. Ask Sales (sales@example.com)."
    assert await directories.overview(acme.organization) == []
    await plans.choose(acme, "PREMIUM")
    await connect(acme)


async def test_growth_needs_the_add_on_that_the_operator_grants(acme: Actor) -> None:
    """R019."""
    await plans.choose(acme, "GROWTH")
    with pytest.raises(PlanRequired, match="has Growth without it"):
        await connect(acme)
    assert (await plans.grant(acme, "scim")).add_ons == ("scim",)
    await connect(acme)


async def test_every_request_of_an_organization_without_scim_is_refused(scim: Scim, vendor: Catalogue) -> None:
    """R018: 403 naming the plans, whatever is asked."""
    await plans.choose(governor(scim), "FREE")
    answers = [
        await scim.get("/Users"),
        await scim.get("/ServiceProviderConfig"),
        await scim.post("/Users", user("ann")),
        await scim.delete("/Groups/x"),
        await scim.post("/Bulk", bulk({"method": "POST", "path": "/Users", "bulkId": "a", "data": user("ann")})),
        await scim.get("/Nothing"),
    ]
    assert all(WHO_HAS_IT.format("Free") in assert_error(answer, 403) for answer in answers)
    await plans.choose(governor(scim), "ENTERPRISE")
    assert (await scim.read("/Users"))["totalResults"] == 0


async def test_a_refusal_for_the_plan_is_recorded_like_any_other(scim: Scim, vendor: Catalogue) -> None:
    await plans.choose(governor(scim), "FREE")
    await scim.post("/Users", user("ann"))
    await request_log.flush()
    [recorded] = await log.requests(scim.access.organization_id, limit=10)
    assert (recorded["status"], recorded["method"]) == (403, "POST")
    assert WHO_HAS_IT.format("Free") in str(recorded["detail"])


async def test_a_wrong_key_hears_nothing_of_plans(scim: Scim, vendor: Catalogue) -> None:
    await plans.choose(governor(scim), "FREE")
    assert "plan" not in assert_error(await scim.using(scim.access.key[:-1] + "!").get("/Users"), 401)


async def test_an_add_on_taken_back_is_missed_at_once(scim: Scim, vendor: Catalogue) -> None:
    await plans.choose(governor(scim), "GROWTH")
    await plans.grant(governor(scim), "scim")
    assert (await scim.get("/Users")).status_code == 200
    await plans.withdraw(governor(scim), "scim")
    assert_error(await scim.get("/Users"), 403)


async def test_a_plan_that_is_not_offered_any_more_lets_nobody_in(scim: Scim, vendor: Catalogue) -> None:
    """The organization was made with the plan of another catalogue."""
    detail = assert_error(await scim.get("/Users"), 403)
    assert "has the plan UNLIMITED, which is not offered here" in detail
    assert "FREE, GROWTH, PREMIUM and ENTERPRISE" in detail
    with pytest.raises(PlanRequired, match="not offered here"):
        await connect(governor(scim))
    assert await plans.contact(governor(scim)) == SALES
    with pytest.raises(BadSetting, match="no plan 'UNLIMITED'"):
        await plans.grant(governor(scim), "scim")
    [unknown] = [each for each in await plans.all_of_them(the_operator()) if each.name is None]
    assert (unknown.key, unknown.organizations) == ("UNLIMITED", 1)


async def test_without_a_catalogue_every_organization_may_use_scim(scim: Scim) -> None:
    assert plans.catalogue() is UNLIMITED
    assert (await scim.get("/Users")).status_code == 200


async def test_what_became_of_a_plan_is_remembered(acme: Actor) -> None:
    """R026: audited."""
    await plans.choose(acme, "GROWTH")
    await plans.choose(acme, "GROWTH")
    await plans.grant(acme, "scim")
    await plans.grant(acme, "scim")
    await plans.withdraw(acme, "scim")
    past = await log.changes_of(acme.organization, acme.organization)
    assert [(each["action"], each["before"], each["after"], each["actor_kind"]) for each in past] == [
        ("plan_chosen", '{"plan": "FREE"}', '{"plan": "GROWTH"}', "OPERATOR"),
        ("add_on_granted", '{"add_ons": []}', '{"add_ons": ["scim"]}', "OPERATOR"),
        ("add_on_withdrawn", '{"add_ons": ["scim"]}', '{"add_ons": []}', "OPERATOR"),
    ]


async def test_an_add_on_stays_granted_while_another_plan_cannot_have_it(acme: Actor) -> None:
    for plan in ("GROWTH", "FREE"):
        await plans.choose(acme, plan)
        if plan == "GROWTH":
            await plans.grant(acme, "scim")
    with pytest.raises(PlanRequired):
        await connect(acme)
    await plans.choose(acme, "GROWTH")
    await connect(acme)


@pytest.mark.parametrize(
    ("plan", "add_on", "error", "told"),
    [
        ("FREE", "scim", InTheWay, "no add-on to Free"),
        ("PREMIUM", "scim", InTheWay, "part of Premium anyway"),
        ("GROWTH", "sso", BadSetting, "scim, auto_purchase"),
    ],
)
async def test_only_what_is_an_add_on_to_the_plan_is_granted(
    acme: Actor, plan: str, add_on: str, error: type[Exception], told: str
) -> None:
    await plans.choose(acme, plan)
    with pytest.raises(error, match=told):
        await plans.grant(acme, add_on)
    with pytest.raises(NotFound, match=f"no add-on '{add_on}'"):
        await plans.withdraw(acme, add_on)
    assert (await plans.show(acme)).add_ons == ()


async def test_a_plan_that_does_not_exist_is_refused_with_those_that_do(acme: Actor) -> None:
    with pytest.raises(BadSetting, match=r"no plan 'GOLD'\. There are: FREE, GROWTH, PREMIUM, ENTERPRISE"):
        await plans.choose(acme, "GOLD")


async def test_there_are_no_plans_of_nobody(vendor: Catalogue, database: None) -> None:
    nobody = operator(OrganizationId(new_id()))
    for asked in (plans.show(nobody), plans.contact(nobody), plans.choose(nobody, "FREE"), connect(nobody)):
        with pytest.raises(NotFound, match="no organization"):
            await asked


async def test_only_the_operator_decides_about_plans(acme: Actor) -> None:
    admin = Actor(acme.kind, acme.organization, None, frozenset(Right) - {Right.PLATFORM_MANAGE})
    for asked in (plans.choose(admin, "PREMIUM"), plans.grant(admin, "scim"), plans.withdraw(admin, "scim")):
        with pytest.raises(Forbidden):
            await asked
    assert await plans.contact(admin) == SALES


async def test_the_contact_follows_the_plan(acme: Actor) -> None:
    """R020."""
    assert await plans.contact(acme) == SALES
    await plans.choose(acme, "ENTERPRISE")
    assert await plans.contact(acme) == SUCCESS


@pytest.mark.parametrize("required", ["CONFIGURED", "ENFORCED"])
async def test_an_organization_that_wants_single_sign_on_first_connects_no_directory(scim: Scim, required: str) -> None:
    """R021: refused, with the step that is missing; what is connected goes on."""
    await choose(scim, require_sso=required)
    with pytest.raises(SsoRequired, match=f"has to be {required.lower()}, and it is not set up"):
        await connect(governor(scim))
    assert (await scim.get("/Users")).status_code == 200
    await policies.change(governor(scim), {"require_sso": "OFF"})
    await connect(governor(scim))


@pytest.mark.parametrize(
    ("required", "found", "missing"),
    [
        ("OFF", "NONE", None),
        ("CONFIGURED", "NONE", "not set up"),
        ("CONFIGURED", "CONFIGURED", None),
        ("CONFIGURED", "ENFORCED", None),
        ("ENFORCED", "NONE", "not set up"),
        ("ENFORCED", "CONFIGURED", "not enforced"),
        ("ENFORCED", "ENFORCED", None),
    ],
)
def test_each_policy_says_how_far_single_sign_on_has_to_be(required: str, found: str, missing: str | None) -> None:
    """R021, R022."""
    if missing is None:
        sso.must_satisfy(RequireSso(required), SsoState(found))
        return
    with pytest.raises(SsoRequired, match=missing):
        sso.must_satisfy(RequireSso(required), SsoState(found))
