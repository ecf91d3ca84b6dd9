"""What is believed of claims: an address only if it is said to be verified, nothing about groups and roles."""

from __future__ import annotations

from typing import Any

import pytest

from api.identity.landing import Word
from api.identity.oidc.words import GOOGLE, word

ANN = {"iss": "https://login.example.com", "sub": "1", "email": "ann@example.com"}
TRUE, ABSENT = {"email_verified": True}, dict[str, Any]()


@pytest.mark.parametrize(
    ("claims", "trusts", "is_sure"),
    [
        (TRUE, False, True),
        (TRUE, True, True),
        (ABSENT, False, False),
        (ABSENT, True, True),
        ({"email_verified": False}, True, False),
        ({"email_verified": None}, True, False),
        ({"email_verified": "true"}, True, False),
        ({"email_verified": 1}, False, False),
        ({**TRUE, "email": None}, True, False),
        ({**TRUE, "email": ""}, True, False),
        ({**TRUE, "email": ["ann@example.com"]}, True, False),
        ({**TRUE, "iss": GOOGLE}, True, False),
        ({**TRUE, "iss": GOOGLE, "hd": ""}, False, False),
        ({**TRUE, "iss": GOOGLE, "hd": "example.com"}, False, True),
    ],
)
def test_an_address_is_sure_or_not(claims: dict[str, Any], trusts: bool, is_sure: bool) -> None:
    assert word({**ANN, **claims}, trusts_address=trusts).is_address_sure is is_sure


def test_names_are_taken_and_groups_are_named_as_ignored() -> None:
    """R006, R012."""
    said = {"given_name": "Ann", "family_name": "Lee", "name": "Dr. Lee", "groups": ["admins"], "seat_type": "lite"}
    assert word({**ANN, **said, **TRUE}, trusts_address=False) == Word(
        "1", "ann@example.com", True, "Ann", "Lee", "Dr. Lee", ("groups", "seat_type")
    )
