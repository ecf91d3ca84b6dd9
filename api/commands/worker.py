"""`worker`: what is to be done besides answering requests."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from api import logs, settings
from api.billing import adapters as billing
from api.provisioning import plans
from api.secrets import at_hand as secret_keys
from api.settings import Settings
from db import migrations
from db.engine import DB

from . import children, database
from .errors import EXPECTED, CommandError
from .verbs import Verbs, command, whole_number

_MORE = """\
Carries out tasks (what is owed to others after a change) and schedules (what time brings). Run one or several, on any
machines: what one has taken the others leave alone. `serve` runs one beside it unless told otherwise, so this is for
machines of their own. Ends on SIGTERM and Ctrl-C: it takes nothing new, finishes what it does, and gives back what
takes longer than 20 seconds."""

_SECONDS_TO_END = 25
_SECONDS_BETWEEN_LOOKS = 0.5
_SECONDS_TO_RESTART = 5.0

_logger = logging.getLogger("rollcall.worker")


def add(verbs: Verbs) -> None:
    """The command `worker`."""
    parser = command(
        verbs,
        "worker",
        worker,
        does="Carry out tasks and schedules",
        more=_MORE,
        example="python -m api worker --concurrency 50",
    )
    parser.add_argument("--concurrency", type=whole_number(2, 1000), metavar="N", help=_CONCURRENCY)


_CONCURRENCY = "how many tasks side by side, instead of ROLLCALL_WORKER_CONCURRENCY"


def worker(arguments: Namespace, chosen: Settings) -> None:
    """Work until told to end."""
    logs.configure(chosen)
    at_once = arguments.concurrency or chosen.worker_concurrency
    with database.at_hand(chosen) as embedded:
        if embedded is not None:
            _logger.info("DATABASE_URL is not set. %s", embedded.describe())
        database.run(lambda: _work(chosen, at_once))


@contextmanager
def beside(chosen: Settings) -> Iterator[None]:
    """A worker in a process of its own for the length of the block, if one is wanted; started again when it breaks.

    Not in the processes that serve: what it computes would keep requests waiting.
    """
    if not chosen.with_worker:
        yield
        return
    over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(over,), name="keep a worker", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _keep(over: threading.Event) -> None:
    while not over.is_set():
        process = multiprocessing.get_context("spawn").Process(target=_beside, name="worker")
        process.start()
        while process.is_alive() and not over.wait(_SECONDS_BETWEEN_LOOKS):
            pass
        if process.is_alive():
            process.terminate()
            process.join(_SECONDS_TO_END)
            process.kill()
        elif not over.wait(_SECONDS_TO_RESTART):
            _logger.error("The worker ended with %s; it is started again", process.exitcode)


def _beside() -> None:
    """A worker in a process that was started for it; the parent has named the database in the environment."""
    children.end_with_parent()
    chosen = settings.read()
    logs.configure(chosen)
    try:
        plans.load(chosen.plans)
        secret_keys.load(chosen.secret_keys)
        billing.load(chosen)
        with database.at_hand(chosen):
            database.run(lambda: _work(chosen, chosen.worker_concurrency))
    except EXPECTED as error:
        _logger.error("%s", error)
        sys.exit(1)


async def _work(chosen: Settings, at_once: int) -> None:
    """Work until a signal says to end."""
    from api.worker import registry, running  # PgQueuer takes a while to load, for which other commands need not wait

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await DB.open(connections=chosen.connections)
    try:
        if not await migrations.is_current():
            raise CommandError("The database has not been migrated. Run `python -m api migrate` first.")
        _logger.info("Working, with %d tasks side by side", at_once)
        await running.run(registry.WORK, stop, running.Pace(at_once))
    finally:
        await DB.close()
    _logger.info("Stopped working")
