"""Rows by whose they are."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import TypeVar

Row = TypeVar("Row")


def by_owner(
    owners: Iterable[uuid.UUID], rows: Iterable[Row], owner: Callable[[Row], uuid.UUID]
) -> dict[uuid.UUID, list[Row]]:
    """The rows of each owner, in their order; whoever has none has an empty list."""
    found: dict[uuid.UUID, list[Row]] = {each: [] for each in owners}
    for row in rows:
        found[owner(row)].append(row)
    return found
