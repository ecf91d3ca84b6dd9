"""`migrate`."""

from __future__ import annotations

from argparse import Namespace

from api import logs
from api.settings import Settings
from db import migrations

from . import database
from .results import Result
from .verbs import Verbs, command


def add(verbs: Verbs) -> None:
    """The command `migrate`."""
    parser = command(
        verbs,
        "migrate",
        migrate,
        does="Bring the database to the state that this version needs",
        more="Safe to repeat, and to run from several machines at once: the second waits and finds nothing to do.",
        example="DATABASE_URL=postgresql://rollcall@db.example.com/rollcall python -m api migrate",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def migrate(arguments: Namespace, chosen: Settings) -> None:
    """Migrate, and say what was done."""
    logs.configure(chosen)
    with database.at_hand(chosen):
        done = database.run(migrations.migrate)
    steps = "\n".join(f"Done: {step}" for step in done)
    result = Result({"migrations": done}, steps or "The database is up to date.")
    print(result.as_json() if arguments.json else result.text)
