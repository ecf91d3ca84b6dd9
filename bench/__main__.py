"""`python -m bench`: measures Rollcall beside its floor and prints the tables of bench/README.md."""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import pickle
import sys
import tempfile
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from . import (
    asking,
    database,
    growth,
    measuring,
    memory,
    operations,
    pages,
    preparing,
    readme,
    report,
    rules,
    serving,
    tasks,
    webhooks,
)
from .asking import Asked, Turned
from .growth import Growth
from .measuring import Effort, Line, Side
from .memory import Held
from .operations import OPERATIONS, Operation, World
from .pages import PAGES, Paged
from .populations import Sizes
from .preparing import Prepared
from .questions import QUESTIONS
from .report import Results

QUICK = {"users": 200, "organizations": 3, "seconds": 0.05, "turns": 1, "connections": 4, "samples": 10, "tasks": 200}
TASK_WORKERS = (1, 4)
_NAMED = (*OPERATIONS, *QUESTIONS, *PAGES)
PARTS = [*(operation.name for operation in _NAMED), "growth", "memory", "rules", "tasks", "webhooks"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured."""

    url: str
    sizes: Sizes
    effort: Effort
    only: list[str]
    workers: list[int]
    samples: int
    tasks: int
    is_quick: bool

    def wants(self, part: str) -> bool:
        """Whether a part was asked for, or nothing in particular."""
        return not self.only or part in self.only


def main() -> int:
    """Run what the command line asks for; 1 when a target was missed."""
    arguments = _arguments()
    sizes = Sizes(arguments.users, arguments.organizations)
    effort = Effort(arguments.seconds, arguments.turns, arguments.connections)
    with (
        database.at_hand(arguments.database) as url,
        ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as generator,
    ):
        results = _run(
            Plan(
                url,
                sizes,
                effort,
                arguments.only,
                arguments.workers,
                arguments.samples,
                arguments.tasks,
                is_quick=arguments.quick,
            ),
            generator,
        )
    text = report.markdown(results)
    print(text)
    if arguments.write:
        readme.write(text)
    return 0 if arguments.quick or all(is_met for _, _, is_met in report.targets(results)) else 1


def _run(plan: Plan, generator: Executor) -> Results:
    url, sizes = plan.url, plan.sizes
    _say(f"Filling the database with {sizes.users:,} users and {sizes.organizations:,} organizations …")
    asyncio.run(database.prepare(url, sizes))
    chosen = [operation for operation in OPERATIONS if plan.wants(operation.name)]
    _say("Taking down what the application asks of the database …")
    prepared = asyncio.run(preparing.prepare(url, sizes, chosen, plan.samples))
    lines = [line for count in plan.workers for line in _compare(plan, prepared, generator, count)] if chosen else []
    grown, held = _alone(plan, prepared, generator) if plan.wants("growth") or plan.wants("memory") else ([], [])
    answers: tuple[list[Asked], list[Turned]] = [], []
    if questions := [question for question in QUESTIONS if plan.wants(question.name)]:
        _say("Asking over GraphQL …")
        answers = asking.measure(url, sizes.large, plan.samples, plan.effort, generator, questions)
    ruled = asyncio.run(rules.measure(url, sizes.large)) if plan.wants("rules") else []
    carried = asyncio.run(tasks.measure(url, plan.tasks, TASK_WORKERS)) if plan.wants("tasks") else []
    told = webhooks.measure(url, prepared, sizes, plan.effort, generator) if plan.wants("webhooks") else []
    looked = _look(plan, generator)
    version = database.version(url)
    return Results(sizes, plan.effort, version, lines, grown, held, ruled, *answers, carried, told, looked)


def _look(plan: Plan, generator: Executor) -> list[Paged]:
    # A quick run is part of the tests, and pages take a minute and more: there they are looked at when they are named.
    chosen = [page for page in PAGES if plan.wants(page.name)] if plan.only or not plan.is_quick else []
    if not chosen:
        return []
    _say("Looking at pages …")
    return pages.measure(plan.url, plan.sizes.large, plan.effort, generator, chosen)


def _compare(plan: Plan, prepared: Prepared, generator: Executor, workers: int) -> list[Line]:
    lines = []
    with tempfile.TemporaryDirectory(prefix="rollcall-bench-") as folder:
        recording = Path(folder) / "recording"
        recording.write_bytes(pickle.dumps(prepared.recorded))
        with (
            serving.application(plan.url, workers=workers) as application,
            serving.floor(plan.url, recording, workers=workers) as floor,
        ):
            sides = Side(application, prepared.application), Side(floor, prepared.floor)
            for name in prepared.recorded:
                (operation,) = operations.named([name])
                effort = replace(plan.effort, connections=operation.connections or plan.effort.connections)
                found = measuring.measure(generator, operation, sides, effort, partial(_restore, plan, operation))
                lines.append(Line(operation, workers, *found))
                _say(f"{operation.title} by {workers}: {found[0].rate:,.0f}/s, floor {found[1].rate:,.0f}/s")
    return lines


def _alone(plan: Plan, prepared: Prepared, generator: Executor) -> tuple[list[Growth], list[Held]]:
    """Growth and memory, of one process that nothing else uses; memory first, while the process is young."""
    grown, held = list[Growth](), list[Held]()
    with serving.application(plan.url, workers=1) as server:
        if plan.wants("memory"):
            _say("How much the largest group takes …")
            held = memory.measure(server, prepared.key, plan.sizes.large)
        if plan.wants("growth"):
            _say("How costs grow …")
            seconds = plan.effort.seconds / 2
            grown = growth.measure(generator, server, prepared.small, prepared.application, seconds)
    return grown, held


def _restore(plan: Plan, operation: Operation) -> None:
    population = operation.of(plan.sizes)
    if operation.undo:
        numbers = World(population, 0, plan.samples).everybody()
        asyncio.run(database.undo(plan.url, population, operation.undo, numbers))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measures Rollcall beside its floor: the same SQL by asyncpg alone, under a bare ASGI application.",
        epilog="Ends with 1 when a target was missed, except with --quick. Parts: " + ", ".join(PARTS) + ".",
    )
    parser.add_argument("--users", type=int, default=100_000, help="in the organization that is measured")
    parser.add_argument("--organizations", type=int, default=1000, help="small ones beside it")
    parser.add_argument("--seconds", type=float, default=8.0, help="for each operation, and again for its floor")
    parser.add_argument("--turns", type=int, default=10, help="into how many turns these are divided")
    parser.add_argument("--samples", type=int, default=1000, help="different users that requests are about")
    parser.add_argument("--connections", type=int, default=8, help="at once, each with one request at a time")
    parser.add_argument("--workers", type=_numbers, default=[1, 2], metavar="1,2", help="processes, one run for each")
    parser.add_argument("--tasks", type=int, default=20_000, help="that workers carry out")
    parser.add_argument("--only", action="append", default=[], metavar="PART", choices=PARTS, help="may be repeated")
    parser.add_argument("--database", metavar="URL", help="a PostgreSQL database to use, and to leave filled")
    parser.add_argument("--quick", action="store_true", help="tiny numbers, to see that everything works")
    parser.add_argument("--write", action="store_true", help="keep the tables in bench/README.md")
    arguments = parser.parse_args()
    if arguments.quick:
        vars(arguments).update(QUICK)
    return arguments


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
