"""What plans have, what is told where they lack it, and which catalogues make no sense (C16)."""

from __future__ import annotations

import pytest

from api.commands.plans import _MORE
from api.provisioning import plan_catalogue
from api.provisioning.errors import BadSetting
from api.provisioning.plan_catalogue import UNLIMITED, Access, Catalogue, Contact, Feature, Plan
from tests.conftest import SALES, SUCCESS, VENDOR

SCIM, AUTO_PURCHASE = Feature
GRANTED = frozenset({"scim"})


@pytest.mark.parametrize(
    ("plan", "add_ons", "feature", "expected"),
    [
        ("FREE", (), SCIM, False),
        ("FREE", GRANTED, SCIM, False),  # what is no add-on to a plan cannot be had with it
        ("GROWTH", (), SCIM, False),
        ("GROWTH", GRANTED, SCIM, True),
        ("GROWTH", GRANTED, AUTO_PURCHASE, False),
        ("PREMIUM", (), SCIM, True),
        ("PREMIUM", GRANTED, AUTO_PURCHASE, False),
        ("ENTERPRISE", (), AUTO_PURCHASE, True),
        ("GOLD", GRANTED, SCIM, False),
        ("UNLIMITED", GRANTED, SCIM, False),
    ],
)
def test_a_feature_is_part_of_the_plan_or_granted_where_it_is_an_add_on(
    plan: str, add_ons: frozenset[str], feature: Feature, expected: bool
) -> None:
    """R018, R019."""
    assert VENDOR.has(plan, add_ons, feature) is expected


def test_without_a_catalogue_everything_is_part_of_the_one_plan() -> None:
    assert all(UNLIMITED.has("UNLIMITED", (), feature) for feature in Feature)


def catalogue(*scim: str) -> Catalogue:
    """Plans A, B, … that have SCIM like this, and nobody to ask."""
    plans = {key: Plan(key, Access(access)) for key, access in zip("ABCD", scim, strict=False)}
    return Catalogue(plans, default="A")


@pytest.mark.parametrize(
    ("sold", "plan", "told"),
    [
        (
            VENDOR,
            "FREE",
            "SCIM is part of the plans Premium and Enterprise, or an add-on to Growth; this organization has Free"
            " without it. Ask Sales (sales@example.com).",
        ),
        (catalogue("none"), "A", "SCIM is part of no plan; this organization has A without it. Ask whoever runs"),
        (catalogue("none", "included"), "A", "SCIM is part of the plan B; this organization"),
        (catalogue("add_on", "add_on"), "A", "SCIM is an add-on to A and B; this organization has A"),
        (catalogue("none", "included", "included", "included"), "A", "part of the plans B, C and D;"),
        (
            VENDOR,
            "GOLD",
            "This organization has the plan GOLD, which is not offered here, and so has nothing of any plan."
            " There are FREE, GROWTH, PREMIUM and ENTERPRISE. Ask Sales (sales@example.com) to choose one.",
        ),
    ],
)
def test_who_lacks_a_feature_is_told_who_has_it_and_whom_to_ask(sold: Catalogue, plan: str, told: str) -> None:
    """R018: naming the plans."""
    assert told in sold.why_not(plan, SCIM)


@pytest.mark.parametrize(
    ("contact", "text"),
    [
        (SALES, "Sales (sales@example.com)"),
        (SUCCESS, "Customer Success (success@example.com, https://example.com/success)"),
        (Contact("Sam"), "Sam"),
    ],
)
def test_a_contact_is_a_name_and_how_to_reach_them(contact: Contact, text: str) -> None:
    assert contact.text == text


@pytest.mark.parametrize(("plan", "contact"), [("ENTERPRISE", SUCCESS), ("FREE", SALES), ("GOLD", SALES)])
def test_a_plan_has_the_contact_of_the_catalogue_unless_it_names_one(plan: str, contact: Contact) -> None:
    """R020."""
    assert VENDOR.contact_of(plan) == contact


def test_the_example_that_the_help_shows_is_a_catalogue() -> None:
    read = plan_catalogue.parse(_MORE[_MORE.index("{") : _MORE.rindex("}") + 1].encode())
    assert read.default == "FREE"
    assert read.plans["GROWTH"] == Plan("Growth", Access.ADD_ON, Access.NONE)
    assert read.plans["ENTERPRISE"].contact == Contact("Customer Success", link="https://example.com/success")
    assert read.contact == SALES


FREE = '{"default": "FREE", "plans": {"FREE": {"name": "Free"%s}}%s}'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "truncated"),
        ("[]", "A catalogue has `plans`"),
        ('{"default": "FREE"}', "`plans`"),
        ('{"default": "FREE", "plans": {}}', "none of the plans: none"),
        ('{"default": "GOLD", "plans": {"FREE": {"name": "Free"}}}', "'GOLD', which is none of the plans: FREE"),
        (FREE % ("", ', "planes": {}'), "unknown field `planes`"),
        ('{"default": "free", "plans": {"free": {"name": "Free"}}}', "'free' is no key"),
        ('{"default": "FREE", "plans": {"FREE": {}}}', "Plan FREE: .*`name`"),
        ('{"default": "FREE", "plans": {"FREE": {"name": " "}}}', "Plan FREE: .*name"),
        ('{"default": "FREE", "plans": {"FREE": {"name": "X"}, "GOLD": {"name": "X"}}}', "the same name"),
        (FREE % (', "scim": "maybe"', ""), "Plan FREE: .*'maybe'.*included, add_on or none"),
        (FREE % (', "skim": "none"', ""), "Plan FREE: .*unknown field `skim`"),
        (FREE % (', "contact": {"name": "Sales", "mail": "sales"}', ""), "Plan FREE: .*contact.mail"),
        (FREE % ("", ', "contact": {"name": "Sales", "link": "javascript:alert(1)"}'), "contact.link"),
        (FREE % ("", ', "contact": {"mail": "sales@example.com"}'), "contact"),
    ],
)
def test_a_catalogue_that_makes_no_sense_is_refused_by_what_is_wrong(text: str, told: str) -> None:
    with pytest.raises(BadSetting, match=told):
        plan_catalogue.parse(text.encode())
