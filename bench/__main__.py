"""`python -m bench`: measures Rollcall beside its floor and prints the tables of bench/README.md."""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import pickle
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

from . import database, growth, measuring, memory, operations, preparing, readme, report, serving
from .database import Sizes
from .measuring import Effort, Line, Side
from .preparing import Prepared
from .report import Results

QUICK = Sizes(users=200, organizations=3), Effort(seconds=0.2, turns=1, connections=4)


def main() -> int:
    """Run what the command line asks for; 1 when a target was missed."""
    arguments = _arguments()
    chosen = operations.named(arguments.only)
    sizes = Sizes(arguments.users, arguments.organizations)
    effort = Effort(arguments.seconds, arguments.turns, arguments.connections)
    samples = arguments.samples
    if arguments.quick:
        (sizes, effort), samples = QUICK, 10
    spawning = multiprocessing.get_context("spawn")
    with database.at_hand(arguments.database) as url, ProcessPoolExecutor(1, mp_context=spawning) as generator:
        _say(f"Filling the database with {sizes.users:,} users and {sizes.organizations:,} organizations …")
        asyncio.run(database.prepare(url, sizes))
        _say("Taking down what the application asks of the database …")
        prepared = asyncio.run(preparing.prepare(url, sizes, chosen, samples))
        results = _run(url, sizes, effort, prepared, generator, arguments.workers, is_whole=not arguments.only)
    text = report.markdown(results)
    print(text)
    if arguments.write:
        readme.write(text)
    return 0 if arguments.quick or all(is_met for _, _, is_met in report.targets(results)) else 1


def _run(
    url: str,
    sizes: Sizes,
    effort: Effort,
    prepared: Prepared,
    generator: Executor,
    workers: Sequence[int],
    *,
    is_whole: bool,
) -> Results:
    lines: list[Line] = []
    for count in workers:
        lines += _compare(url, sizes, effort, prepared, generator, count)
    grown: Sequence[growth.Growth] = ()
    held: Sequence[memory.Held] = ()
    if is_whole:
        with serving.application(url, workers=1) as server:
            _say("growth …")
            grown = growth.measure(
                generator, prepared.operations, server.port, prepared.small, prepared.application, effort.seconds / 2
            )
        with serving.application(url, workers=1) as server:
            _say("memory …")
            held = memory.measure(server, prepared.key, sizes.large)
    return Results(sizes, effort, database.version(url), lines, grown, held)


def _compare(
    url: str, sizes: Sizes, effort: Effort, prepared: Prepared, generator: Executor, workers: int
) -> list[Line]:
    lines = []
    with tempfile.TemporaryDirectory(prefix="rollcall-bench-") as folder:
        recording = Path(folder) / "recording"
        recording.write_bytes(pickle.dumps(prepared.recorded))
        with (
            serving.application(url, workers=workers) as application,
            serving.floor(url, recording, workers=workers) as floor,
        ):
            sides = Side(application.port, prepared.application), Side(floor.port, prepared.floor)
            for operation in prepared.operations:
                found = measuring.measure(generator, operation, sides, effort, lambda: _restore(url, sizes))
                lines.append(Line(operation, workers, *found))
                _say(f"{operation.title} by {workers}: {found[0].rate:,.0f}/s, floor {found[1].rate:,.0f}/s")
    return lines


def _restore(url: str, sizes: Sizes) -> None:
    asyncio.run(database.restore(url, sizes.large))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measures Rollcall beside its floor: the same SQL by asyncpg alone, under a bare ASGI application.",
    )
    parser.add_argument("--users", type=int, default=100_000, help="in the organization that is measured")
    parser.add_argument("--organizations", type=int, default=1000, help="small ones beside it")
    parser.add_argument("--seconds", type=float, default=6.0, help="for each operation, and again for its floor")
    parser.add_argument("--turns", type=int, default=3, help="into how many turns these are divided")
    parser.add_argument("--samples", type=int, default=1000, help="different users that requests are about")
    parser.add_argument("--connections", type=int, default=8, help="at once, each with one request at a time")
    parser.add_argument("--workers", type=_numbers, default=[1, 2], metavar="1,2", help="processes, one run for each")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="measure this operation alone")
    parser.add_argument("--database", metavar="URL", help="a PostgreSQL database to use, and to leave filled")
    parser.add_argument("--quick", action="store_true", help="tiny numbers, to see that everything works")
    parser.add_argument("--write", action="store_true", help="keep the tables in bench/README.md")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
