"""Single values by type: what fits, what is refused, and what tolerant reading puts right."""

from __future__ import annotations

import pytest

from api.scim.language import resources
from api.scim.language.definitions import ENTERPRISE_URN
from api.scim.language.errors import InvalidValue
from api.scim.language.schemas import Document

from .resource_samples import OWN_URN, SEAT_URN, USER_TYPE, USER_URN, kept, user

BARE: Document = {"schemas": [USER_URN], "userName": "bj"}
MINIMUM: Document = {"schemas": [USER_URN], "userName": "bj", "active": True}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"title": 5}, "title"),
        ({"title": ["Boss"]}, "title"),
        ({"title": {"value": "Boss"}}, "title"),
        ({"active": "true"}, "active"),
        ({"active": 1}, "active"),
        ({"name": "Barbara"}, "name"),
        ({"name": {"givenName": 5}}, "name.givenName"),
        ({"emails": {"value": "b@example.com"}}, "emails"),
        ({"emails": ["b@example.com"]}, "emails"),
        ({"emails": [{"value": 5}]}, "emails.value"),
        ({"emails": [{"primary": "yes"}]}, "emails.primary"),
        ({"emails": [[]]}, "emails"),
        ({"profileUrl": 5}, "profileUrl"),
        ({"x509Certificates": [{"value": "not base64!"}]}, "x509Certificates.value"),
        ({"x509Certificates": [{"value": "abcde"}]}, "x509Certificates.value"),
        ({"x509Certificates": [{"value": "abc=="}]}, "x509Certificates.value"),
        ({ENTERPRISE_URN: "Sales"}, ENTERPRISE_URN),
        ({ENTERPRISE_URN: {"department": 5}}, f"{ENTERPRISE_URN}:department"),
        ({ENTERPRISE_URN: {"manager": "26"}}, f"{ENTERPRISE_URN}:manager"),
        ({ENTERPRISE_URN: {"manager": {"value": 26}}}, f"{ENTERPRISE_URN}:manager.value"),
        ({OWN_URN: {"count": 1.5}}, f"{OWN_URN}:count"),
        ({OWN_URN: {"count": True}}, f"{OWN_URN}:count"),
        ({OWN_URN: {"count": 2**63}}, f"{OWN_URN}:count"),
        ({OWN_URN: {"count": 10**5000}}, f"{OWN_URN}:count"),
        ({OWN_URN: {"ratio": float("nan")}}, f"{OWN_URN}:ratio"),
        ({OWN_URN: {"ratio": "1.5"}}, f"{OWN_URN}:ratio"),
        ({OWN_URN: {"since": "31.01.2026"}}, f"{OWN_URN}:since"),
        ({OWN_URN: {"since": "2026-02-30T00:00:00Z"}}, f"{OWN_URN}:since"),
        ({OWN_URN: {"contract": {"signed": True}}}, f"{OWN_URN}:contract.kind"),
        ({"emails": [{"value": "a", "primary": True}, {"value": "b", "primary": True}]}, "emails"),
        ({"userName": "x", "username": "y"}, "userName"),
        ({"userName": "x" * 501}, "userName"),
        ({"externalId": "x" * 501}, "externalId"),
        ({"emails": [{"value": str(number)} for number in range(1_001)]}, "emails"),
        ({"title": "a\0b"}, "title"),
        ({"unknown": {"deep": ["\0"]}}, "unknown.deep"),
        ({"title": "\ud800"}, "title"),
        ({"unknown": {"na\0me": 1}}, "unknown"),
        ({"title": "x" * 262_145}, "title"),
        ({SEAT_URN: {"seat_type": 1}}, f"{SEAT_URN}:seat_type"),
        ({SEAT_URN: {"seat_type": "premium"}}, f"{SEAT_URN}:seat_type"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_the_full_name_of_its_attribute(body: Document, where: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        kept(BARE | body)
    assert f"`{where}`" in caught.value.detail


@pytest.mark.parametrize(
    "own",
    [
        {"count": -(2**63), "ratio": 1, "flag": False, "since": "2026-01-31T08:00:00Z", "page": "ROQHEOEENWTS"},
        {"ratio": -1.5e10, "since": "2026-01-31T08:00:00.123+01:00", "blob": "YQ==", "tags": ["a", "b"]},
        {
            "biography": "x" * 10_000,
            "blob": "YQ",
            "contract": {"kind": "fixed", "signed": True, "clauses": ["x"]},
            "note": "",
        },
    ],
)
def test_values_of_every_type_are_kept_verbatim(own: Document) -> None:
    assert user(own=own)[OWN_URN] == own


@pytest.mark.parametrize(
    ("sent", "seat"),
    [("full", "full"), ("LITE", "lite"), ("Free", "free"), (" full ", "full")],
)
def test_seat_types_are_kept_in_lower_case(sent: str, seat: str) -> None:
    assert user(seat={"seat_type": sent})[SEAT_URN] == {"seat_type": seat}


@pytest.mark.parametrize("sent", ["", "  ", None])
def test_an_empty_seat_type_is_no_seat_type(sent: object) -> None:
    assert user(seat={"seat_type": sent}) == MINIMUM


def test_a_wrong_seat_type_is_answered_with_the_three_there_are() -> None:
    with pytest.raises(InvalidValue, match=r"`full`, `lite` or `free`, not the text `premium`\.$"):
        user(seat={"seat_type": "premium"})
    with pytest.raises(InvalidValue, match="Guest seats are called `free`"):
        user(seat={"seat_type": "Guest"})


def test_equal_values_are_kept_once() -> None:
    emails = [
        {"value": "a@example.com", "type": "work"},
        {"value": "a@example.com", "type": "home"},
        {"value": "a@example.com", "type": "work", "primary": True, "display": "A"},
    ]
    assert user(emails=emails)["emails"] == [
        {"value": "a@example.com", "type": "work", "primary": True, "display": "A"},
        {"value": "a@example.com", "type": "home"},
    ]
    assert user(addresses=[{"locality": "A"}, {"locality": "B"}, {"locality": "A"}])["addresses"] == [
        {"locality": "A"},
        {"locality": "B"},
    ]
    assert user(own={"tags": ["a", "b", "a"]})[OWN_URN] == {"tags": ["a", "b"]}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param({"active": "False"}, {"active": False}, id="Entra: boolean as text"),
        pytest.param({"active": " TRUE "}, {"active": True}, id="boolean as text in any case"),
        pytest.param({"active": ""}, {}, id="empty text for a boolean"),
        pytest.param({"title": 5}, {"title": "5"}, id="number for text"),
        pytest.param({"title": True}, {"title": "true"}, id="boolean for text"),
        pytest.param({"title": ["Boss"]}, {"title": "Boss"}, id="array of one for one"),
        pytest.param({"emails": {"value": "b@example.com"}}, {"emails": [{"value": "b@example.com"}]}, id="OneLogin"),
        pytest.param({"emails": "b@example.com"}, {"emails": [{"value": "b@example.com"}]}, id="bare value"),
        pytest.param({"emails": ["b@example.com"]}, {"emails": [{"value": "b@example.com"}]}, id="bare values"),
        pytest.param(
            {"roles": [{"primary": "True", "value": "r"}]},
            {"roles": [{"primary": True, "value": "r"}]},
            id="Microsoft's validator",
        ),
        pytest.param(
            {"emails": [{"value": "a", "primary": True}, {"value": "b", "primary": True}]},
            {"emails": [{"value": "a", "primary": True}, {"value": "b", "primary": False}]},
            id="Ping: two primary values",
        ),
        pytest.param({"userName": "x", "username": "bj"}, {}, id="one name twice"),
        pytest.param({"manager": "26"}, {ENTERPRISE_URN: {"manager": {"value": "26"}}}, id="manager as text"),
        pytest.param(
            {"manager": [{"value": "26", "$ref": "x"}]},
            {ENTERPRISE_URN: {"manager": {"value": "26", "$ref": "x"}}},
            id="Entra: manager in an array",
        ),
        pytest.param({ENTERPRISE_URN: {"manager": {"value": ""}}}, {}, id="Microsoft's validator: no manager"),
        pytest.param({ENTERPRISE_URN: {"manager": {"value": None, "$ref": "x"}}}, {}, id="manager null"),
        pytest.param({OWN_URN: {"count": "5"}}, {OWN_URN: {"count": 5}}, id="text for an integer"),
        pytest.param({OWN_URN: {"count": 5.0}}, {OWN_URN: {"count": 5}}, id="decimal for an integer"),
        pytest.param({OWN_URN: {"ratio": "-1.5"}}, {OWN_URN: {"ratio": -1.5}}, id="text for a decimal"),
        pytest.param({OWN_URN: {"since": ""}}, {}, id="empty text for a time"),
        pytest.param({OWN_URN: {"blob": "YW\nJj"}}, {OWN_URN: {"blob": "YWJj"}}, id="base64 in lines"),
        pytest.param({OWN_URN: {"tags": "a"}}, {OWN_URN: {"tags": ["a"]}}, id="one of several texts"),
    ],
)
def test_tolerant_reading_puts_right_and_tells(sent: Document, expected: Document) -> None:
    reading = resources.read(BARE | sent, USER_TYPE, tolerant=True)
    extensions = [urn for urn in expected if urn.startswith("urn:")]
    assert reading.document == MINIMUM | expected | {"schemas": [USER_URN, *extensions]}
    assert reading.ignored == ()
    assert reading.repaired


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"department": "Sales"}, {ENTERPRISE_URN: {"department": "Sales"}}),
        ({"seat_type": "Lite"}, {f"{SEAT_URN}:User": {"seat_type": "lite"}}),
    ],
)
def test_tolerant_reading_finds_an_extensions_attribute_by_its_bare_name(sent: Document, expected: Document) -> None:
    assert kept(BARE | sent, tolerant=True) == MINIMUM | expected | {"schemas": [USER_URN, *expected]}


def test_text_that_looks_like_a_boolean_stays_text_where_text_belongs() -> None:
    reading = resources.read(BARE | {"displayName": "True"}, USER_TYPE, tolerant=True)
    assert reading == resources.Reading(MINIMUM | {"displayName": "True"}, (), ())


@pytest.mark.parametrize(
    "sent",
    [
        {"active": "maybe"},
        {"active": 1},
        {"title": ["Boss", "Chief"]},
        {"title": {"value": "Boss"}},
        {"name": "Barbara Jensen"},
        {"addresses": ["Hollywood"]},
        {"emails": [["b@example.com"]]},
        {"title": 2**64},
        {"title": float("inf")},
        {OWN_URN: {"count": "five"}},
        {OWN_URN: {"count": "5.5"}},
        {OWN_URN: {"ratio": "nan"}},
        {OWN_URN: {"since": "yesterday"}},
        {ENTERPRISE_URN: "Sales"},
    ],
)
def test_tolerant_reading_does_not_guess(sent: Document) -> None:
    with pytest.raises(InvalidValue):
        kept(BARE | sent, tolerant=True)


def test_a_repair_says_what_was_sent_and_what_became_of_it() -> None:
    reading = resources.read(BARE | {"active": "False"}, USER_TYPE, tolerant=True)
    assert reading.repaired == ("`active` was the text `False`; it was read as false.",)


def test_an_empty_value_is_a_value_unless_it_takes_a_manager_away_tolerantly() -> None:
    manager: Document = {ENTERPRISE_URN: {"manager": {"value": ""}}}
    assert kept(BARE | manager) == MINIMUM | manager | {"schemas": [USER_URN, ENTERPRISE_URN]}
    emails: Document = {"emails": [{"value": "", "type": "work"}]}
    assert kept(BARE | emails, tolerant=True) == MINIMUM | emails
