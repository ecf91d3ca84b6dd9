"""The comparison refuses what it should refuse; one that accepted everything would make every recording pass."""

import pytest

from tests.idp.matching import ABSENT, BadExpectation, at, check, differences, matches

ACCEPTED = [
    ("anything", "@present"),
    (ABSENT, "@absent"),
    (ABSENT, "@unset"),
    (None, "@unset"),
    ([], "@unset"),
    ({}, "@unset"),
    (0, "@integer"),
    ("x", "@text"),
    (False, "@boolean"),
    ([], "@list"),
    ({}, "@object"),
    ({"value": "x", "more": 1}, {"value": "x"}),
    ([1, 2], [1, 2]),
    ([{"v": 1}, {"v": 2}], {"@has": {"v": 2}}),
    ([{"v": 1}], {"@lacks": {"v": 2}}),
    (ABSENT, {"@lacks": {"v": 2}}),
    ([1, 2], {"@size": 2}),
    ([{"v": 2, "w": 1}, {"v": 1}], {"@same": [{"v": 1}, {"v": 2}]}),
    # the first entry matches both wishes; it must be left for the second
    ([{"v": 1, "w": 1}, {"v": 1}], {"@same": [{"v": 1}, {"v": 1, "w": 1}]}),
    (2, {"@either": [1, 2]}),
    (2, {"@not": 1}),
    ("application/scim+json", {"@like": "^application/"}),
    (3, {"@least": 3}),
    (3, {"@most": 3}),
    ([{"p": True}, {"p": False}], {"@count": {"of": {"p": True}, "is": 1}}),
    ({"a": [{"b": 1}]}, {"@nowhere": None}),
]

REFUSED = [
    (ABSENT, "@present"),
    (None, "@present"),
    (None, "@absent"),
    ("", "@unset"),
    (False, "@unset"),
    (True, "@integer"),
    (1.0, "@integer"),
    ("", "@text"),
    ("true", "@boolean"),
    ({}, "@list"),
    ([], "@object"),
    (True, "true"),
    (1, True),
    (1.0, 1),
    (ABSENT, None),
    ({"more": 1}, {"value": "x"}),
    ([1, 2], [2, 1]),
    ([1, 2], [1]),
    ({"v": 1}, [{"v": 1}]),
    ([{"v": 1}], {"@has": {"v": 2}}),
    (ABSENT, {"@has": {"v": 2}}),
    ([{"v": 2}], {"@lacks": {"v": 2}}),
    ([1], {"@size": 2}),
    (ABSENT, {"@size": 0}),
    ([{"v": 1}, {"v": 1}], {"@same": [{"v": 1}, {"v": 2}]}),
    ([{"v": 1}, {"v": 2}, {"v": 3}], {"@same": [{"v": 1}, {"v": 2}]}),
    (ABSENT, {"@same": []}),
    (3, {"@either": [1, 2]}),
    (1, {"@not": 1}),
    ("text/html", {"@like": "^application/"}),
    (2, {"@least": 3}),
    (4, {"@most": 3}),
    ([{"p": True}, {"p": True}], {"@count": {"of": {"p": True}, "is": 1}}),
    ({"a": [{"b": None}]}, {"@nowhere": None}),
]


@pytest.mark.parametrize(("found", "wanted"), ACCEPTED)
def test_what_fits_is_accepted(found: object, wanted: object) -> None:
    assert matches(found, wanted)


@pytest.mark.parametrize(("found", "wanted"), REFUSED)
def test_what_does_not_fit_is_refused(found: object, wanted: object) -> None:
    assert not matches(found, wanted)


def test_a_difference_says_where_it_is_and_what_was_found() -> None:
    lines = differences({"emails": [{"value": "a"}], "active": "False"}, {"emails": [{"value": "b"}], "active": False})
    assert lines == ['/emails/0/value: wanted "b", found "a"', '/active: wanted false, found "False"']


@pytest.mark.parametrize("wanted", ["@abscent", {"@sizes": 1}, {"@size": 1, "@has": 1}, [{"a": {"@nothing": 1}}]])
def test_a_misspelt_expectation_is_an_error_not_a_comparison(wanted: object) -> None:
    with pytest.raises(BadExpectation):
        check(wanted)


def test_a_pointer_reaches_into_lists_and_names_with_slashes() -> None:
    document = {"Resources": [{"a/b": {"c~d": 1}}]}
    assert at(document, "/Resources/0/a~1b/c~0d") == 1
    assert at(document, "") == document
    assert at(document, "/Resources/1") is ABSENT
    assert at(document, "/Resources/first") is ABSENT
