"""The form in which values are compared and resources are searched."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.scim.language.definitions import ENTERPRISE_URN, GROUP_TYPE
from api.scim.language.folding import comparable, fold, fold_date_time, fold_text
from api.scim.language.schemas import Attribute, Document, Type

from .filter_strategies import EVERY_TYPE, SEAT_URN, USER_TYPE, documents

OWN = EVERY_TYPE.id


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ann", "ann"),
        ("É", "é"),
        ("E\N{COMBINING ACUTE ACCENT}", "é"),
        ("ΣΟΦΟΣ", "σοφοσ"),
        ("σοφος", "σοφοσ"),
        ("Straße", "straße"),
        (" Ann ", " ann "),
    ],
)
def test_text_folds_to(text: str, folded: str) -> None:
    assert fold_text(text) == folded


@given(text=st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@given(words=st.lists(st.text(alphabet="ΑΣας aZé1"), min_size=2, max_size=2))
def test_the_fold_of_a_prefix_is_a_prefix_of_the_fold(words: list[str]) -> None:
    assert fold_text("".join(words)) == fold_text(words[0]) + fold_text(words[1])


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("2026-01-31T08:00:00Z", "2026-01-31T08:00:00.000000Z"),
        ("2026-01-31T09:30:00+01:30", "2026-01-31T08:00:00.000000Z"),
        ("2026-01-31T23:00:00-05:00", "2026-02-01T04:00:00.000000Z"),
        ("2026-01-31T08:00:00", "2026-01-31T08:00:00.000000Z"),
        ("2026-01-31t08:00:00z", "2026-01-31T08:00:00.000000Z"),
        ("2026-01-31T08:00:00.5Z", "2026-01-31T08:00:00.500000Z"),
        ("2026-01-31T08:00:00.1234567Z", "2026-01-31T08:00:00.123456Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
        ("0001-01-01T00:00:00+01:00", None),
        ("9999-12-31T23:59:60Z", None),
        ("2026-02-30T08:00:00Z", None),
        ("2026-01-31T25:00:00Z", None),
        ("2026-01-31T08:00:00+24:00", None),
        ("2026-01-31", None),
        ("2026-01-31 08:00:00Z", None),
        ("20260131T080000Z", None),
        ("2026-01-31T08:00:00,5Z", None),
        ("２026-01-31T08:00:00Z", None),
        ("", None),
    ],
)
def test_date_times_fold_to_utc_of_fixed_width(text: str, folded: str | None) -> None:
    assert fold_date_time(text) == folded


MOMENTS = st.datetimes(
    datetime(1, 1, 2),
    datetime(9999, 12, 30),
    timezones=st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@given(earlier=MOMENTS, later=MOMENTS)
def test_the_order_of_folded_texts_is_the_order_of_time(earlier: datetime, later: datetime) -> None:
    folded = [fold_date_time(moment.isoformat()) or "" for moment in (earlier, later)]
    assert (folded[0] < folded[1]) == (earlier < later)
    assert [datetime.fromisoformat(text) for text in folded] == [each.astimezone(UTC) for each in (earlier, later)]


@pytest.mark.parametrize(
    ("attribute", "value", "compared"),
    [
        (Attribute("a"), "X", "x"),
        (Attribute("a", case_exact=True), "E\N{COMBINING ACUTE ACCENT}", "E\N{COMBINING ACUTE ACCENT}"),
        (Attribute("a"), "", ""),
        (Attribute("a"), 1, None),
        (Attribute("a", Type.REFERENCE, case_exact=True), "https://X", "https://X"),
        (Attribute("a", Type.BINARY), "eA==", "eA=="),
        (Attribute("a", Type.BOOLEAN), False, False),
        (Attribute("a", Type.BOOLEAN), "false", None),
        (Attribute("a", Type.BOOLEAN), 0, None),
        (Attribute("a", Type.INTEGER), 5, 5),
        (Attribute("a", Type.INTEGER), 5.0, 5),
        (Attribute("a", Type.INTEGER), 5.5, None),
        (Attribute("a", Type.INTEGER), True, None),
        (Attribute("a", Type.DECIMAL), 5, 5.0),
        (Attribute("a", Type.DECIMAL), 10**400, None),
        (Attribute("a", Type.DECIMAL), float("inf"), None),
        (Attribute("a", Type.DATE_TIME), "2026-01-31T08:00:00Z", "2026-01-31T08:00:00.000000Z"),
        (Attribute("a", Type.DATE_TIME), "soon", None),
        (Attribute("a", Type.COMPLEX), {}, None),
    ],
)
def test_a_value_is_compared_as(attribute: Attribute, value: object, compared: object) -> None:
    found = comparable(attribute, value)
    assert (found, type(found)) == (compared, type(compared))


def test_names_are_lower_cased_and_extensions_stand_under_their_lower_cased_urn() -> None:
    document = {"USERNAME": "Ann", "externalId": "A-1", ENTERPRISE_URN: {"Department": "R&D"}}
    assert fold(document, USER_TYPE) == {
        "username": "ann",
        "externalid": "A-1",
        ENTERPRISE_URN.lower(): {"department": "r&d"},
        "schemas": [USER_TYPE.schema.id, ENTERPRISE_URN],
    }


def test_an_extension_is_found_whatever_the_case_of_its_urn() -> None:
    assert fold({SEAT_URN.upper(): {"seat_type": "Full"}}, USER_TYPE)[SEAT_URN] == {"seat_type": "full"}


def test_multi_valued_attributes_are_arrays_even_of_one() -> None:
    folded = fold({"emails": {"value": "A@x"}, OWN: {"tags": "B"}}, USER_TYPE)
    assert (folded["emails"], folded[OWN.lower()]) == ([{"value": "a@x"}], {"tags": ["b"]})


def test_unassigned_values_are_left_out_but_empty_text_is_a_value() -> None:
    document: Document = {
        "title": None,
        "emails": [],
        "name": {"familyName": None},
        "phoneNumbers": [{}, None],
        "nickName": "",
    }
    assert fold(document | {SEAT_URN: {"seat_type": None}}, USER_TYPE) == {
        "nickname": "",
        "schemas": [USER_TYPE.schema.id],
    }


def test_what_is_unknown_or_misfits_or_is_never_returned_is_left_out() -> None:
    document = {
        "colour": "red",
        "password": "secret",
        "active": "yes",
        "title": ["x"],
        "name": "Ann",
        OWN: {"secret": "x"},
    }
    assert fold(document, USER_TYPE) == {"schemas": [USER_TYPE.schema.id]}


def test_schemas_are_those_with_values_whatever_the_document_says() -> None:
    document = {"schemas": ["urn:example:Other", ENTERPRISE_URN], SEAT_URN: {"seat_type": "full"}}
    assert fold(document, USER_TYPE)["schemas"] == [USER_TYPE.schema.id, SEAT_URN]


@given(document=documents(USER_TYPE))
def test_a_search_document_is_json_without_unassigned_values(document: dict[str, object]) -> None:
    folded = fold(document, USER_TYPE)
    assert json.loads(json.dumps(folded, allow_nan=False)) == folded
    assert not _unassigned(folded)


@given(document=documents(GROUP_TYPE))
def test_folding_leaves_the_document_as_it_was(document: dict[str, object]) -> None:
    before = json.dumps(document)
    fold(document, GROUP_TYPE)
    assert json.dumps(document) == before


def _unassigned(value: object) -> bool:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return not value or any(_unassigned(each) for each in inner)
    return value is None
