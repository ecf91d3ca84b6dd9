"""Which permission a field needs, written into the schema; the services behind the fields check it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry.schema_directive import Location

from api.provisioning.actor import Right

from . import enums  # noqa: F401  # registers Right


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="permission",
    description="What the caller needs for this field and for what is below it, unless that says something else.",
)
class Needs:
    needs: list[Right]


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="cost",
    description="How many points this costs besides one for each object.",
)
class Costs:
    weight: int


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="listSize",
    description="How many objects a list without pages is taken to have; ten where this does not say it.",
)
class ListSize:
    assumed_size: int


def field(
    *,
    needs: Right | None = None,
    weight: int = 0,
    assumed: int | None = None,
    description: str | None = None,
    deprecation_reason: str | None = None,
) -> Callable[[Callable[..., Any]], Any]:
    """A field with a resolver that needs a permission and costs so many points, see `Needs`, `Costs`, `ListSize`."""
    made: Callable[[Callable[..., Any]], Any] = strawberry.field(
        description=description,
        deprecation_reason=deprecation_reason,
        directives=_directives(needs, weight, assumed),
    )
    return made


def mutation(*, needs: Right, weight: int = 10, description: str | None = None) -> Callable[[Callable[..., Any]], Any]:
    """A mutation that needs a permission."""
    made: Callable[[Callable[..., Any]], Any] = strawberry.mutation(
        description=description, directives=_directives(needs, weight, None)
    )
    return made


def _directives(needs: Right | None, weight: int, assumed: int | None) -> list[object]:
    found: list[object] = [Needs(needs=[needs])] if needs else []
    if weight:
        found.append(Costs(weight=weight))
    if assumed is not None:
        found.append(ListSize(assumed_size=assumed))
    return found
