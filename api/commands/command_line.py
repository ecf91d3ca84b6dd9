"""The whole command line: its parser, and running one command."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from api import settings
from api.billing.adapters import load as load_billing
from api.provisioning.plans import load as load_plans
from api.secrets import at_hand as secret_keys

from . import (
    audit,
    billing,
    break_glass,
    contacts,
    demo,
    directories,
    domains,
    drift,
    extensions,
    groups,
    invitations,
    jobs,
    keys,
    links,
    mails,
    maintain,
    members,
    migrate,
    oauth_clients,
    operators,
    organizations,
    plans,
    policies,
    pulls,
    removals,
    requests,
    roles,
    seats,
    secrets,
    serve,
    sign_ins,
    tasks,
    tokens,
    webhooks,
    worker,
)
from .errors import EXPECTED
from .verbs import Run

DESCRIPTION = """\
Rollcall: identity providers send people and groups to /scim/v2; Rollcall keeps them and says why.

Commands find the database by DATABASE_URL. Without it they share an embedded PostgreSQL, whose data lies in
.rollcall/postgres; it is started when the first of them comes and stopped when the last has gone."""

EPILOG = """\
begin with:
  python -m api demo                            something to try: an organization, its directory, a few people
  python -m api organizations create "Acme"     then: directories create, serve

Each command has a --help of its own, with an example. Most print JSON with --json."""


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    whole = argparse.ArgumentParser(
        prog="python -m api",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", required=True, title="commands")
    nouns = (
        organizations,
        plans,
        policies,
        domains,
        directories,
        pulls,
        keys,
        oauth_clients,
        members,
        groups,
        invitations,
        sign_ins,
        jobs,
        roles,
        seats,
        billing,
        removals,
        links,
        drift,
        extensions,
        requests,
        audit,
        tasks,
        webhooks,
        tokens,
        operators,
        break_glass,
        secrets,
        contacts,
        mails,
    )
    for each in (serve, worker, migrate, maintain, demo, *nouns):
        each.add(commands)
    return whole


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of one command: 0, 1 for expected trouble (told in one line), 2 for wrong usage, 130 for Ctrl-C."""
    arguments = parser().parse_args(argv)
    run: Run = arguments.run
    signal.signal(signal.SIGTERM, _end)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal may lack letters that names have
    try:
        chosen = settings.read()
        load_plans(chosen.plans)
        secret_keys.load(chosen.secret_keys)
        load_billing(chosen)
        run(arguments, chosen)
        sys.stdout.flush()
    except EXPECTED as error:
        print(f"rollcall: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read us, such as `head`, has enough. Nothing may be flushed into the pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return 0


def _end(number: int, _: FrameType | None) -> None:
    """End by way of everybody's clean-up, such as stopping the embedded PostgreSQL."""
    sys.exit(128 + number)
