"""The catalogue of attributes: its thirteen rows, where values stand in documents, and what can be left out."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from api.provisioning.attribute_catalogue import CATALOGUE, by_name, without
from api.provisioning.directories import Settings, parse_settings
from api.provisioning.errors import BadSetting
from db.enums import Provider

WORK = 'addresses[type eq "work"].'
ROWS = {
    "userName": ("Username", "userName", "username", "userPrincipalName"),
    "name.givenName": ("First name", "firstName", "firstname", "givenName"),
    "name.familyName": ("Last name", "lastName", "lastname", "surname"),
    'emails[type eq "work"].value': ("E-mail address", "email", "email", "mail"),
    'phoneNumbers[type eq "mobile"].value': ("Mobile number", "mobilePhone", "mobile", "mobilePhone"),
    'phoneNumbers[type eq "work"].value': ("Work number", None, "phone", "businessPhones"),
    "title": ("Position", "title", "jobTitle", "jobTitle"),
    f"{WORK}streetAddress": ("Street address", "streetAddress", "address.streetAddress", "streetAddress"),
    f"{WORK}locality": ("City", "city", "address.locality", "city"),
    f"{WORK}region": ("State", "state", "address.region", "state"),
    f"{WORK}postalCode": ("Postal code", "zipCode", "address.postalCode", "postalCode"),
    f"{WORK}country": ("Country", "countryCode", "address.country", "country"),
    "active": ("Status", "active", "activated", "accountEnabled"),
}
"""The rows as the page of the product has them (R076 to R084), and the address, which is empty there (R079)."""

ANN: dict[str, Any] = {
    "userName": "ann",
    "active": False,
    "title": "Boss",
    "name": {"givenName": "Ann", "familyName": ""},
    "emails": [{"type": "Work", "value": "ann@example.com"}, {"type": "home", "value": "ann@home.example.com"}],
    "phoneNumbers": [{"type": "mobile", "value": "55555555555", "primary": True}, {"type": "work", "value": "1"}],
    "addresses": [
        {"type": "work", "streetAddress": "1 High St", "locality": "Leeds", "formatted": "1 High St\nLeeds"},
        {"type": "home", "locality": "York"},
    ],
}


def test_the_catalogue_has_the_rows_of_the_product() -> None:
    """R076 to R084."""
    consoles = (Provider.OKTA, Provider.JUMPCLOUD, Provider.ENTRA_ID)
    assert {each.name: (each.label, *(each.consoles[of] for of in consoles)) for each in CATALOGUE} == ROWS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("userName", "ann"),
        ("active", "false"),
        ("title", "Boss"),
        ("name.givenName", "Ann"),
        ("name.familyName", None),
        ('emails[type eq "work"].value', "ann@example.com"),
        ('phoneNumbers[type eq "mobile"].value', "55555555555"),
        (f"{WORK}locality", "Leeds"),
        (f"{WORK}country", None),
    ],
)
def test_a_value_is_found_where_its_name_says(name: str, value: str | None) -> None:
    assert by_name()[name].value_in(ANN) == value
    assert by_name()[name].value_in({}) is None


def test_what_is_left_out_is_gone_with_what_repeats_it_and_nothing_else_is() -> None:
    before = copy.deepcopy(ANN)
    kept, labels = without(ANN, [f"{WORK}streetAddress", 'phoneNumbers[type eq "mobile"].value', f"{WORK}country"])
    assert labels == ["Street address", "Mobile number"]
    assert kept["addresses"] == [{"type": "work", "locality": "Leeds"}, {"type": "home", "locality": "York"}]
    assert kept["phoneNumbers"] == [{"type": "work", "value": "1"}]
    assert before == ANN
    assert {name: kept[name] for name in ("userName", "emails", "title")} == {
        name: ANN[name] for name in ("userName", "emails", "title")
    }


def test_nothing_is_left_where_everything_is_left_out() -> None:
    both = [f'phoneNumbers[type eq "{kind}"].value' for kind in ("work", "mobile")]
    kept, labels = without(ANN, [*both, "title"])
    assert labels == ["Work number", "Mobile number", "Position"]
    assert kept.keys() == ANN.keys() - {"phoneNumbers", "title"}


@pytest.mark.parametrize("name", [each.name for each in CATALOGUE if each.is_needed])
def test_who_somebody_is_and_whether_they_come_in_is_never_left_out(name: str) -> None:
    """R089, also for what a row of settings holds from elsewhere."""
    with pytest.raises(BadSetting, match=r"cannot be left out\. Username, First name, .* are always taken"):
        parse_settings({"left_out": [name]})
    assert without(ANN, [name]) == (ANN, [])


def test_attributes_to_leave_out_are_named_as_the_catalogue_has_them() -> None:
    assert parse_settings({"left_out": 'title, addresses[type eq "work"].region'}).left_out == (
        "title",
        f"{WORK}region",
    )
    assert parse_settings({"left_out": ""}, Settings(left_out=("title",))).left_out == ()
    with pytest.raises(BadSetting, match="no attribute 'nickName' that can be left out"):
        parse_settings({"left_out": ["nickName"]})
