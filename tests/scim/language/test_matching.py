"""Which resources, and which values of an attribute, a filter matches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.scim.language import filters, paths
from api.scim.language.definitions import ENTERPRISE_URN
from api.scim.language.filters import And, Comparison, Filter, Not, Operator, Or, ValueFilter
from api.scim.language.folding import fold
from api.scim.language.matching import element_matches, matches
from api.scim.language.schemas import Attribute, Document

from .filter_strategies import EVERY_TYPE, USER_TYPE, documents, element_filters, values_of
from .filter_strategies import filters as filters_of

OWN = EVERY_TYPE.id
ANN: Document = {
    "id": "2819c223",
    "externalId": "Ext-1",
    "userName": "Ann@Example.com",
    "name": {"familyName": "Ånström", "givenName": ""},
    "title": "Chief 100%",
    "active": True,
    "emails": [
        {"type": "work", "value": "Ann@Example.com", "primary": True},
        {"type": "home", "value": "ann@home.example", "primary": False},
        {"type": "other"},
    ],
    "meta": {"created": "2026-01-31T08:00:00Z", "resourceType": "User"},
    ENTERPRISE_URN: {"department": "R&D", "manager": {"value": "m-1"}},
    OWN: {
        "count": 5,
        "ratio": 0.5,
        "tags": ["Red", "blue", ""],
        "numbers": [1, 20],
        "contacts": [{"value": "c", "labels": ["One", "two"], "rank": 3}, {"value": "d"}],
        "blob": "eA==",
    },
}


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "ANN@EXAMPLE.COM"',
        'userName ne "bob"',
        'userName sw "ANN"',
        'userName ew ".COM"',
        'userName co "@"',
        'userName co ""',
        'userName gt "Ann"',
        'userName ge "ann@example.com"',
        'userName le "ann@example.com"',
        'userName lt "b"',
        'externalId eq "Ext-1"',
        'not (externalId eq "ext-1")',
        'id eq "2819c223"',
        'title ew "100%"',
        'name.familyName eq "a\u030aNSTRÖM"',
        "name pr",
        "not (name.givenName pr)",
        'name.givenName eq ""',
        "not (name.middleName pr)",
        'name.middleName ne "x"',
        'not (name.middleName eq "x")',
        'not (name.middleName co "")',
        "active eq true",
        "active ne false",
        "active pr",
        'emails eq "ann@home.example"',
        'emails.value ew "home.example"',
        'emails[type eq "home" and value co "home"]',
        'not (emails[type eq "work" and value co "home"])',
        'emails[type eq "work" and not (primary eq false)]',
        "emails[not (value pr)]",
        'emails[type eq "other" and value ne "x"]',
        'emails.type ne "fax"',
        'not (emails.type ne "work")',
        "emails.primary eq false",
        "not (phoneNumbers pr)",
        'phoneNumbers ne "1"',
        "not (phoneNumbers[not (value pr)])",
        'meta.created eq "2026-01-31T09:00:00+01:00"',
        'meta.created gt "2026-01-31T07:59:59.999Z"',
        f'{ENTERPRISE_URN}:department eq "r&d"',
        f'{ENTERPRISE_URN}:manager eq "m-1"',
        f"{ENTERPRISE_URN}:manager pr",
        f"not ({ENTERPRISE_URN}:manager.displayName pr)",
        f'schemas eq "{ENTERPRISE_URN}"',
        f'not (schemas eq "{ENTERPRISE_URN.lower()}")',
        f'schemas[value ew "{ENTERPRISE_URN}"]',
        f"{OWN}:count eq 5.0",
        f"{OWN}:count gt 4",
        f"{OWN}:ratio le 0.5",
        f'{OWN}:tags eq "BLUE"',
        f'{OWN}:tags[value sw "r"]',
        f'not ({OWN}:tags[value sw "r" and value sw "b"])',
        f"{OWN}:tags pr",
        f"{OWN}:numbers ge 20",
        f'{OWN}:contacts.labels eq "ONE"',
        f'{OWN}:contacts[labels eq "one" and labels eq "two"]',
        f'{OWN}:contacts[value eq "d" and labels ne "one"]',
        f'{OWN}:blob eq "eA=="',
        'title pr and (userName eq "x" or active eq true)',
        'userName eq "x" and userName eq "y" or active eq true',
    ],
)
def test_ann_matches(text: str) -> None:
    parsed = filters.parse(text, USER_TYPE)
    assert matches(parsed, fold(ANN, USER_TYPE))
    assert not matches(Not(parsed), fold(ANN, USER_TYPE))


@pytest.mark.parametrize(
    ("text", "element", "matched"),
    [
        ('emails[type eq "WORK"]', {"type": "Work", "value": "x"}, True),
        ('emails[type eq "work"]', {"Type": "work"}, True),
        ('emails[type eq "work"]', {"type": "home"}, False),
        ('emails[type eq "work"]', {}, False),
        ('emails[type ne "work"]', {}, True),
        ("emails[primary eq true]", {"primary": True}, True),
        ('emails[value eq "a"]', "a", False),
        ('schemas[value eq "urn:x"]', "urn:x", True),
        ('schemas[value eq "urn:x"]', None, False),
        ('schemas[value ne "urn:x"]', 5, True),
    ],
)
def test_a_value_path_chooses_elements_as_json_has_them(text: str, element: object, matched: bool) -> None:
    path = paths.parse(text, USER_TYPE)
    assert path.value_filter is not None
    assert element_matches(path.value_filter, element, path.leaf) is matched


@given(document=documents(USER_TYPE), filter=filters_of(USER_TYPE))
def test_ne_is_the_opposite_of_eq(document: Document, filter: Filter) -> None:
    search = fold(document, USER_TYPE)
    assert matches(_without_ne(filter), search) == matches(filter, search)


def _without_ne(filter: Filter) -> Filter:
    match filter:
        case And(terms):
            return And(tuple(_without_ne(term) for term in terms))
        case Or(terms):
            return Or(tuple(_without_ne(term) for term in terms))
        case Not(inner):
            return Not(_without_ne(inner))
        case ValueFilter(path, inner):
            return ValueFilter(path, _without_ne(inner))
        case Comparison(path, Operator.NE, value):
            return Not(Comparison(path, Operator.EQ, value))
    return filter


EMAILS = USER_TYPE.attribute("emails") or Attribute("emails")


@given(elements=st.lists(values_of(EMAILS), max_size=3), filter=element_filters(EMAILS))
def test_a_value_filter_matches_when_one_element_does(elements: list[object], filter: Filter) -> None:
    path = paths.parse("emails", USER_TYPE)
    assigned = [each for each in elements if fold({"emails": [each]}, USER_TYPE).get("emails")]
    found = matches(ValueFilter(path, filter), fold({"emails": elements}, USER_TYPE))
    assert found == any(element_matches(filter, each, EMAILS) for each in assigned)
