"""`serve`: the application in one or several processes."""

from __future__ import annotations

import logging
import os
from argparse import ArgumentParser, Namespace

from api import logs, settings
from api.settings import Settings
from db import migrations

from . import database, worker
from .verbs import Verbs, command

_logger = logging.getLogger("rollcall.serve")

_MORE = """\
Migrates the database first. Without DATABASE_URL it runs a PostgreSQL of its own, which ends with it. A worker runs
beside it, in a process of its own, unless ROLLCALL_WITH_WORKER is no. Ends on SIGTERM and Ctrl-C, after the requests
under way. Every setting comes from the environment; README.md has them all."""


def add(verbs: Verbs) -> None:
    """The command `serve`."""
    parser = command(
        verbs, "serve", serve, does="Serve SCIM over HTTP", more=_MORE, example="python -m api serve --workers 2"
    )
    parser.add_argument("--no-migrate", action="store_true", help="leave the database as it is")
    add_address(parser)


def add_address(parser: ArgumentParser) -> None:
    """The options that stand for settings of the same names."""
    parser.add_argument("--host", metavar="ADDRESS", help="instead of ROLLCALL_HOST")
    parser.add_argument("--port", metavar="N", help="instead of ROLLCALL_PORT")
    parser.add_argument("--workers", metavar="N", help="how many processes, instead of ROLLCALL_WORKERS")
    parser.add_argument(
        "--with-worker", metavar="yes|no", help="whether to run a worker beside it, instead of ROLLCALL_WITH_WORKER"
    )


def with_address(arguments: Namespace) -> Settings:
    """The settings with those options, also for the processes that are started from here."""
    given = {
        "ROLLCALL_HOST": arguments.host,
        "ROLLCALL_PORT": arguments.port,
        "ROLLCALL_WORKERS": arguments.workers,
        "ROLLCALL_WITH_WORKER": arguments.with_worker,
    }
    os.environ.update({name: text for name, text in given.items() if text is not None})
    return settings.read()


def serve(arguments: Namespace, _: Settings) -> None:
    """Serve until told to end."""
    from . import server  # the web framework takes a second to load, for which other commands need not wait

    chosen = with_address(arguments)
    logs.configure(chosen)
    address = server.free_address(chosen)
    with database.at_hand(chosen) as embedded:
        if embedded is not None:
            _logger.info("DATABASE_URL is not set. %s", embedded.describe())
        for step in database.run(database.reach if arguments.no_migrate else migrations.migrate):
            _logger.info("Migrated the database: %s", step)
        with worker.beside(chosen):
            server.run(chosen, address)
