"""How costs grow with the organization: the same requests to one of a tenth of the size, one at a time."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

from . import measuring, operations
from .measuring import Effort, Script, Side
from .operations import Operation
from .serving import Server

GROWING = operations.named(
    (
        *("read", "filter-user-name", "filter-external-id", "filter-email", "filter-family-name"),
        *("list-first", "list-deep", "cursor-first", "cursor-deep"),
    )
)
"""Operations whose costs could grow."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How long an answer takes in the middle, in milliseconds, for the small and for the large organization."""

    operation: Operation
    small: float
    large: float


def measure(
    generator: Executor,
    server: Server,
    small: Script,
    large: Script,
    seconds: float,
) -> list[Growth]:
    """One line for each growing operation, over one connection, in turns."""
    effort = Effort(seconds, turns=3, connections=1)
    sides = Side(server, small), Side(server, large)
    found = []
    for operation in GROWING:
        first, second, _ = measuring.measure(generator, operation, sides, effort, lambda: None)
        found.append(Growth(operation, first.p50, second.p50))
    return found
