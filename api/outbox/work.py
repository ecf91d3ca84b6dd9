"""What a worker can do, as rooms declare it: handlers of tasks, schedules, loops. The worker collects and runs them.

Every handler may run twice for the same task, even at once: when a worker is killed after the effect and before it was
noted, or when the database was away meanwhile. So it locks and looks at its own row first, and what it tells others
carries an id by which they know it again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


class Later(Exception):
    """A handler raises it to be called again with the same task at `when` (UTC). It may do so as often as it likes.

    `because` is shown to people beside the task.
    """

    def __init__(self, when: datetime, because: str = "") -> None:
        super().__init__(because)
        self.when = when
        self.because = because


@dataclass(frozen=True, slots=True)
class Handler(Generic[T]):
    """Carries out the tasks of an entrypoint; `takes` is what their payload is decoded to.

    `at_once` is how many of them each worker does side by side (two or more), apart from all others; None shares the
    worker's common places with the other handlers. Anything but Later that `run` raises is tried again, see
    `api.worker.retries`.
    """

    entrypoint: str
    takes: type[T]
    run: Callable[[T], Awaitable[None]]
    at_once: int | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something done again and again by one of the workers, at the times of a cron expression (UTC).

    What it raises is logged, and it is done again at the next time. What was missed while no worker ran is done once.
    """

    name: str
    cron: str
    run: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Loop:
    """Something that every worker does all the time: again at once as long as it returns more than 0.

    Otherwise after half a second. It must lock what it takes, such as by SKIP LOCKED.
    """

    name: str
    run: Callable[[], Awaitable[int]]
