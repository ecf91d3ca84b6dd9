"""How costs grow with the organization: the same requests to one of a tenth of the size, one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from . import measuring
from .measuring import Effort, Side
from .operations import Operation

NAMES = (
    "read",
    "filter-user-name",
    "filter-external-id",
    "filter-email",
    "filter-family-name",
    "list-first",
    "list-deep",
    "cursor-first",
    "cursor-deep",
)


@dataclass(frozen=True, slots=True)
class Growth:
    """How long an answer takes in the middle, in milliseconds, for the small and for the large organization."""

    operation: Operation
    small: float
    large: float


def measure(
    generator: Executor,
    operations: Sequence[Operation],
    port: int,
    small: Mapping[str, Sequence[bytes]],
    large: Mapping[str, Sequence[bytes]],
    seconds: float,
) -> list[Growth]:
    """One line for each operation whose costs could grow, over one connection, in turns."""
    effort = Effort(seconds, turns=3, connections=1)
    sides = Side(port, small), Side(port, large)
    found = []
    for operation in operations:
        if operation.name in NAMES:
            first, second = measuring.measure(generator, operation, sides, effort, lambda: None)
            found.append(Growth(operation, first.p50, second.p50))
    return found
