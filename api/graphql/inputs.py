"""What inputs say."""

from __future__ import annotations

from typing import Any

import strawberry


def said(given: object) -> dict[str, Any]:
    """What an input says, by the names of its fields; those that may be absent and are, are left out."""
    told = {name: value for name, value in vars(given).items() if value is not None}
    return {name: value.value if isinstance(value, strawberry.Some) else value for name, value in told.items()}


@strawberry.input(description="A group and the role that it is mapped to, or null for none.")
class MappingInput:
    group_id: strawberry.ID
    role_id: strawberry.ID | None
