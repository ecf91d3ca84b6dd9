"""Money: whole minor units for programs, and a decimal text for people."""

from __future__ import annotations

from typing import NewType

import strawberry
from graphql import GraphQLError

from api.provisioning.currencies import decimal

MinorUnits = NewType("MinorUnits", int)

_LARGEST = 2**53 - 1


def _parsed(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
        raise GraphQLError(f"{value!r} is no amount in minor units: a whole number such as 3000 for 30.00 EUR.")
    return value


MINOR_UNITS = strawberry.scalar(
    name="MinorUnits",
    description="An amount in the smallest unit of its currency, a whole number: 3000 for 30.00 EUR.",
    serialize=int,
    parse_value=_parsed,
)


@strawberry.type(description="An amount of money.")
class Money:
    minor: MinorUnits
    amount: str = strawberry.field(description="The same as a decimal number, such as `30.00`.")
    currency: str | None = strawberry.field(description="ISO 4217, such as EUR; null before there are billing terms.")


def money(minor: int, currency: str | None) -> Money:
    """What the schema shows of an amount."""
    return Money(minor=MinorUnits(minor), amount=decimal(minor, currency), currency=currency)
