"""Whether a directory is alive, by a table of cases (R062, R145, R149)."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.provisioning.health import EXPECTED, SCIM_PATH, Condition, Health, judge, right_path
from db.enums import Provider
from db.rule_rows import CallsRow, MisdirectedRow

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
DIRECTORY = uuid.uuid4()


def condition(*misdirected: MisdirectedRow, ago: timedelta | None = timedelta(0), **given: Any) -> Condition:
    """The condition of an Entra directory that called so long ago."""
    last = None if ago is None else AT - ago
    usual: dict[str, Any] = {"provider": Provider.ENTRA_ID, "is_paused": False, "deleted_at": None}
    facts = usual | {"recent": 20, "refused": 0} | given
    calls = CallsRow(DIRECTORY, "Entra", last_request_at=last, **facts)
    return judge(calls, misdirected, AT, "https://rollcall.example.com/scim/v2")


@pytest.mark.parametrize(
    ("given", "health"),
    [
        ({}, Health.HEALTHY),
        ({"ago": timedelta(hours=2)}, Health.HEALTHY),
        ({"ago": timedelta(hours=2, seconds=1)}, Health.STALE),
        ({"ago": timedelta(days=3), "provider": Provider.OKTA}, Health.HEALTHY),
        ({"ago": timedelta(days=3, seconds=1), "provider": Provider.OKTA}, Health.STALE),
        ({"ago": None, "recent": 0}, Health.NEVER_CALLED),
        ({"refused": 10}, Health.HEALTHY),
        ({"refused": 11}, Health.FAILING),
        ({"recent": 2, "refused": 2}, Health.HEALTHY),
        ({"recent": 3, "refused": 2}, Health.FAILING),
        ({"ago": timedelta(days=9), "refused": 20}, Health.STALE),
        ({"ago": timedelta(days=9), "is_paused": True}, Health.PAUSED),
        ({"is_paused": True, "deleted_at": AT}, Health.DELETED),
    ],
)
def test_health_is_the_first_that_applies(given: dict[str, Any], health: Health) -> None:
    assert condition(**given).health is health


def test_the_next_request_is_expected_by_the_habits_of_the_provider() -> None:
    """R062: Entra about every forty minutes."""
    found = condition(ago=timedelta(minutes=30))
    assert found.next_expected_at == AT + timedelta(minutes=10)
    assert "microsoft" in found.expected_source
    assert condition(ago=None).next_expected_at is None
    assert condition(is_paused=True).next_expected_at is None


def test_every_provider_has_an_interval_and_says_who_says_so() -> None:
    assert set(EXPECTED) == set(Provider)
    assert all(each.source and each.every >= timedelta(minutes=1) for each in EXPECTED.values())


def test_silence_is_told_with_the_choices_for_whom_it_abandoned() -> None:
    """R145: the same three as for deleting the directory."""
    found = condition(ago=timedelta(hours=3))
    silent = "Nothing from “Entra” for 3 hours. It usually calls every 40 minutes; check the app's provisioning tab."
    assert found.text == silent
    for choice in ("keep access", "lose it", "are removed with it"):
        assert choice in found.next_step


def test_a_wrong_path_is_named_with_the_right_url() -> None:
    """R149."""
    wrong = [MisdirectedRow(DIRECTORY, None, path, 2) for path in ("/scim/Users", "/scim/Groups")]
    [hint] = condition(*wrong).hints
    assert "“Entra” called /scim/Users and found nothing there, 4 times" in hint
    assert (
        "is https://rollcall.example.com/scim/v2; this would have been https://rollcall.example.com/scim/v2/Users."
        in hint
    )


def test_a_key_that_has_ended_is_named() -> None:
    [hint] = condition(MisdirectedRow(DIRECTORY, "a1b2", None, 1)).hints
    assert "came once in the last day with the key …a1b2, which has ended" in hint


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("/scim/Users", "/Users"),
        ("/scim/v2/scim/v2/users/7", "/Users/7"),
        ("/scim/v1/Groups/7", "/Groups/7"),
        ("/scim/v2/people", ""),
        ("/scim", ""),
    ],
)
def test_what_was_meant_by_a_path(path: str, right: str) -> None:
    assert right_path(path) == right


def test_a_path_that_is_right_is_no_wrong_one_although_nothing_is_there() -> None:
    path = f"{SCIM_PATH}/Schemas/urn:x"
    assert condition(MisdirectedRow(DIRECTORY, None, path, 1)).hints == ()
