"""What filters say, how they print, and how they are refused."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.scim.language import filters
from api.scim.language.definitions import ENTERPRISE_URN, GROUP_TYPE
from api.scim.language.errors import InvalidFilter, ScimError, TooMany
from api.scim.language.filters import And, Comparison, Filter, Not, Operator, Or, Present

from .filter_strategies import EVERY_TYPE, SEAT_URN, USER_TYPE
from .filter_strategies import filters as filters_of

OWN = EVERY_TYPE.id


@given(filter=filters_of(USER_TYPE))
def test_a_printed_filter_reads_back_as_the_same_filter(filter: Filter) -> None:
    assert filters.parse(str(filter), USER_TYPE) == filter


@given(filter=filters_of(GROUP_TYPE))
def test_a_tolerant_parser_reads_canonical_text_as_a_strict_one(filter: Filter) -> None:
    assert filters.parse(str(filter), GROUP_TYPE, tolerant=True) == filter


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ('userName eq "bjensen"', 'userName eq "bjensen"'),
        ('USERNAME Eq "bjensen"', 'userName eq "bjensen"'),
        ('urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"', 'userName sw "J"'),
        (f'{ENTERPRISE_URN.lower()}:Department eq "x"', f'{ENTERPRISE_URN}:department eq "x"'),
        (f'{SEAT_URN}:seat_type eq "full"', f'{SEAT_URN}:seat_type eq "full"'),
        (f'{SEAT_URN}:User:seat_type eq "full"', f'{SEAT_URN}:User:seat_type eq "full"'),
        ("title PR", "title pr"),
        ('title pr and userType eq "E"', 'title pr and userType eq "E"'),
        ("title pr or title pr and title pr", "title pr or title pr and title pr"),
        ("(title pr or title pr) and title pr", "(title pr or title pr) and title pr"),
        ("title pr and (title pr and title pr)", "title pr and (title pr and title pr)"),
        ("title pr or (title pr and title pr)", "title pr or title pr and title pr"),
        ("not(title pr)", "not (title pr)"),
        ("not (title pr) and title pr", "not (title pr) and title pr"),
        ("NOT ( title pr OR title pr )", "not (title pr or title pr)"),
        ("((title pr))", "title pr"),
        ('emails[type eq "work" and value co "@x"]', 'emails[type eq "work" and value co "@x"]'),
        ('emails[not (type eq "work")]', 'emails[not (type eq "work")]'),
        ('emails [ type eq "work" ] ', 'emails[type eq "work"]'),
        ('schemas[value eq "urn:x"]', 'schemas[value eq "urn:x"]'),
        (f"{OWN}:contacts[primary eq true]", f"{OWN}:contacts[primary eq true]"),
        ('emails eq "x"', 'emails.value eq "x"'),
        ('emails co "x" or emails.value co "y"', 'emails.value co "x" or emails.value co "y"'),
        (f'{ENTERPRISE_URN}:manager eq "x"', f'{ENTERPRISE_URN}:manager.value eq "x"'),
        ("title eq null", "not (title pr)"),
        ("emails ne null", "emails pr"),
        ("name eq null", "not (name pr)"),
        ('title eq "null"', 'title eq "null"'),
        (r'title eq "\u00e9\n\"\\\/\ud83d\ude00"', 'title eq "é\\n\\"\\\\/😀"'),
        (f"{OWN}:count gt -5", f"{OWN}:count gt -5"),
        (f"{OWN}:count eq 1e2", f"{OWN}:count eq 100.0"),
        (f"{OWN}:ratio le 0.5E-3", f"{OWN}:ratio le 0.0005"),
        ('meta.created gt "2011-05-13T04:42:34Z"', 'meta.created gt "2011-05-13T04:42:34Z"'),
        ('userName eq"x"and(title pr)', 'userName eq "x" and title pr'),
        ('title\teq\n"x"', 'title eq "x"'),
        ('title eq ""', 'title eq ""'),
    ],
)
def test_a_filter_prints_as_its_canonical_text(text: str, canonical: str) -> None:
    assert str(filters.parse(text, USER_TYPE)) == canonical


def test_not_binds_closer_than_and_and_and_closer_than_or() -> None:
    parsed = filters.parse("title pr or not (title pr) and active eq true", USER_TYPE)
    assert isinstance(parsed, Or)
    title, both = parsed.terms
    assert isinstance(title, Present)
    assert isinstance(both, And)
    assert [type(term) for term in both.terms] == [Not, Comparison]


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "An attribute name is missing before the end."),
        ("   ", "An attribute name is missing before the end."),
        ("userName", "An operator such as `eq` is missing behind `userName`"),
        ("userName eqq", "there is `eqq`."),
        ("userName eq", "A value to compare with is missing before the end."),
        ("userName eq )", "A value to compare with is missing before `)`."),
        ('userName eq "x" title pr', "Nothing was expected any more at `title pr`."),
        ('userName eq "x" and', "An attribute name is missing before the end."),
        ('and userName eq "x"', "User has no attribute `and`."),
        ('userName eq "x', "is no JSON string"),
        (r'userName eq "ACME\users"', "Inside quotation marks write"),
        ('userName eq "a\nb"', "is no JSON string"),
        (r'userName eq "\ud800"', "half of a surrogate pair"),
        (r'userName eq "\u0000"', "U+0000"),
        ("userName eq bjensen", "is compared with text in quotation marks"),
        ("userName eq 5", "is compared with text in quotation marks"),
        ("userName eq true", "is compared with text in quotation marks"),
        ("userName eq {}", "is compared with text in quotation marks"),
        ("userName gt null", "`null` can only be compared with `eq` and `ne`"),
        ('(userName eq "x"', "`and`, `or` or `)` is missing before the end."),
        ('userName eq "x")', "Nothing was expected any more at `)`."),
        ("not title pr", "`not` needs its expression in parentheses"),
        ("favouriteColour pr", "User has no attribute `favouriteColour`."),
        ('name eq "x"', "`name` is complex; compare one of its sub-attributes, such as `name.formatted`."),
        ("active gt true", "`active` is of type boolean and cannot be compared with `gt`."),
        ("active co true", "`active` is of type boolean and cannot be compared with `co`."),
        ('active eq "true"', "is compared with true or false"),
        ("active eq TRUE", "is compared with true or false"),
        ('x509Certificates lt "eA=="', "`value` is of type binary and cannot be compared with `lt`."),
        ('meta.created gt "yesterday"', "is compared with a time"),
        ('meta.created gt "2011-05-13"', "is compared with a time"),
        ('meta.created sw "2011"', "`created` is of type dateTime and cannot be compared with `sw`."),
        (f'{OWN}:count eq "5"', "is compared with a whole number"),
        (f"{OWN}:count eq 1.5", "is compared with a whole number"),
        (f"{OWN}:count co 5", "`count` is of type integer and cannot be compared with `co`."),
        (f"{OWN}:count eq 05", "is compared with a whole number"),
        (f"{OWN}:count eq true", "is compared with a whole number"),
        (f"{OWN}:ratio eq 1e999", "is compared with a number"),
        ('password eq "x"', "`password` is never returned and cannot be filtered by."),
        ("password pr", "`password` is never returned"),
        (f'{OWN}:secret eq "x"', "is never returned"),
        (SEAT_URN + " pr", "is a schema; name one of its attributes."),
        ('emails[type eq "work"].value eq "x"', "Write the test of `value` inside the brackets"),
        ('emails[emails[type eq "x"]]', "`emails` has no sub-attribute `emails`."),
        ('name[familyName eq "x"]', "`name` is not multi-valued"),
        (f'{OWN}:contacts[labels[value eq "x"]]', "An operator such as `eq` is missing behind `labels`; there is `["),
        ("emails[]", "An attribute name is missing before `]`."),
        ("manager pr", "User has no attribute `manager`."),
    ],
)
def test_a_filter_is_refused_naming_what_is_wrong(text: str, detail: str) -> None:
    with pytest.raises(InvalidFilter) as refused:
        filters.parse(text, USER_TYPE)
    assert detail in refused.value.detail


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("externalId eq jyoung", 'externalId eq "jyoung"'),
        ("userName eq 007", 'userName eq "007"'),
        ("userName eq true", 'userName eq "true"'),
        ("userName eq NULL", "not (userName pr)"),
        ("(name.FamilyName eq Employee)", 'name.familyName eq "Employee"'),
        ('emails[type eq work].value eq "x"', 'emails[type eq "work" and value eq "x"]'),
        ('emails[type eq "work"].value pr', 'emails[type eq "work" and value pr]'),
        ('emails[type eq "a" or type eq "b"].value sw "x"', 'emails[(type eq "a" or type eq "b") and value sw "x"]'),
        (
            'emails[type eq "work" and primary eq true].value eq x',
            'emails[type eq "work" and primary eq true and value eq "x"]',
        ),
        ('roles[primary eq "True"].value eq "x"', 'roles[primary eq true and value eq "x"]'),
        ("active eq TRUE", "active eq true"),
        ('active ne "False"', "active ne false"),
        ("not title pr and active eq true", "not (title pr) and active eq true"),
        ("not not title pr", "not (not (title pr))"),
        ("meta.created gt 2011-05-13T04:42:34Z", 'meta.created gt "2011-05-13T04:42:34Z"'),
        (
            "id eq 54D382A4-2050-4C03-94D1-E769F1D15682 and manager eq 2819c223-7f76-453a-919d-413861904646",
            'id eq "54D382A4-2050-4C03-94D1-E769F1D15682" and '
            f'{ENTERPRISE_URN}:manager.value eq "2819c223-7f76-453a-919d-413861904646"',
        ),
    ],
)
def test_a_tolerant_parser_reads_what_identity_providers_send(text: str, canonical: str) -> None:
    assert str(filters.parse(text, USER_TYPE, tolerant=True)) == canonical


@pytest.mark.parametrize(
    "text",
    ["displayName eq two words", "userName eq a) or (title pr", 'active eq "yes"', "meta.created gt soon", "x eq y"],
)
def test_a_tolerant_parser_still_refuses_what_it_cannot_read_whole(text: str) -> None:
    with pytest.raises(InvalidFilter):
        filters.parse(text, USER_TYPE, tolerant=True)


def test_values_keep_the_type_that_the_attribute_has() -> None:
    texts = ('userName eq "1"', f"{OWN}:count eq 1", f"{OWN}:ratio eq 1.5", f"{OWN}:flag eq true")
    parsed = [filters.parse(text, USER_TYPE) for text in texts]
    assert [each.value for each in parsed if isinstance(each, Comparison)] == ["1", 1, 1.5, True]


def test_every_operator_of_the_table_is_read() -> None:
    for operator in Operator:
        parsed = filters.parse(f'title {operator} "x"', USER_TYPE)
        assert isinstance(parsed, Comparison)
        assert parsed.operator is operator


@pytest.mark.parametrize("tolerant", [False, True])
def test_at_most_100_comparisons_are_read(tolerant: bool) -> None:
    filters.parse(" or ".join(["title pr"] * filters.MAX_COMPARISONS), USER_TYPE, tolerant=tolerant)
    with pytest.raises(TooMany, match="more than 100 comparisons"):
        filters.parse(" or ".join(["title pr"] * (filters.MAX_COMPARISONS + 1)), USER_TYPE, tolerant=tolerant)


@pytest.mark.parametrize(
    "nest",
    [
        lambda levels: "(" * levels + "title pr" + ")" * levels,
        lambda levels: "not (" * levels + "title pr" + ")" * levels,
        lambda levels: "not " * levels + "title pr",
        lambda levels: "title pr and (" * levels + "title pr" + ")" * levels,
        lambda levels: "emails[" + "(" * (levels - 1) + "value pr" + ")" * (levels - 1) + "]",
    ],
)
def test_at_most_20_levels_are_read(nest: Callable[[int], str]) -> None:
    filters.parse(nest(filters.MAX_DEPTH), USER_TYPE, tolerant=True)
    with pytest.raises(TooMany, match="deeper than 20 levels"):
        filters.parse(nest(filters.MAX_DEPTH + 1), USER_TYPE, tolerant=True)


def test_the_nesting_that_is_left_again_does_not_count() -> None:
    filters.parse(" and ".join(["not (title pr)", "(title pr)", "emails[(value pr)]"] * 30), USER_TYPE)


def test_at_most_4096_characters_are_read() -> None:
    with pytest.raises(TooMany, match="longer than 4096 characters"):
        filters.parse(f'title eq "{"x" * 4096}"', USER_TYPE)


PIECES = st.sampled_from(
    [
        *("userName", "emails", "value", "type", "active", f"{OWN}:count", "eq", "ne", "gt", "pr", "and", "or", "not"),
        *(
            " ",
            " ",
            "(",
            ")",
            "[",
            "]",
            ".",
            ":",
            '"',
            "\\",
            "-",
            "1",
            "1e",
            "true",
            "null",
            '"x"',
            "\0",
            "\ud800",
            "é",
        ),
    ]
)


@given(text=st.text(max_size=30) | st.lists(PIECES, max_size=25).map("".join), tolerant=st.booleans())
@example(text="(" * 4096, tolerant=False)
@example(text="not " * 1000, tolerant=True)
@example(text="emails[" * 500, tolerant=True)
@example(text='title eq "' + "\\" * 4000, tolerant=True)
@example(text=f"{OWN}:count eq " + "9" * 4000, tolerant=True)
@example(text="urn:" * 1000 + " pr", tolerant=True)
def test_any_text_is_a_filter_or_a_scim_error(text: str, tolerant: bool) -> None:
    try:
        parsed = filters.parse(text, USER_TYPE, tolerant=tolerant)
    except ScimError as error:
        error.detail.encode()
    else:
        assert filters.parse(str(parsed), USER_TYPE) == parsed


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_can_be_compared_with_when_it_is_quoted(text: str) -> None:
    parsed = filters.parse(f"title eq {json.dumps(text)}", USER_TYPE)
    assert isinstance(parsed, Comparison)
    assert parsed.value == text
