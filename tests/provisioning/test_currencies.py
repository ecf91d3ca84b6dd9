"""Amounts in minor units, as people read them."""

from __future__ import annotations

import pytest

from api.provisioning.currencies import money


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (3000, "EUR", "30.00 EUR"),
        (5, "EUR", "0.05 EUR"),
        (0, "EUR", "0.00 EUR"),
        (-364, "USD", "-3.64 USD"),
        (-64, "USD", "-0.64 USD"),
        (3000, "JPY", "3000 JPY"),
        (-1, "JPY", "-1 JPY"),
        (3005, "KWD", "3.005 KWD"),
    ],
)
def test_minor_units_are_those_of_the_currency(minor: int, currency: str, text: str) -> None:
    assert money(minor, currency) == text
