"""How a noun adds its verbs to the command line."""

from __future__ import annotations

import argparse
import logging
import sys
import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

from api import logs
from api.provisioning import organizations
from api.provisioning.actor import Actor, operator
from api.settings import Settings
from db.ids import OrganizationId

from . import database
from .results import Result, printable

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""Where parsers of sub-commands are added; argparse has no public name for it."""

IN_ORGANIZATION = "--organization 019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c11"
"""Where the commands of examples happen."""

Run = Callable[[argparse.Namespace, Settings], None]
"""A command that does everything itself, such as serving."""

Query = Callable[[argparse.Namespace, Settings], Awaitable[Result]]
"""A command that asks or changes something and has a result."""


def noun(nouns: Verbs, name: str, *, about: str) -> Verbs:
    """A noun with room for its verbs."""
    parser = nouns.add_parser(name, help=about, description=f"{about}.")
    return parser.add_subparsers(dest="verb", metavar="VERB", required=True, title="verbs")


def command(verbs: Verbs, name: str, run: Run, *, does: str, more: str, example: str) -> argparse.ArgumentParser:
    """A command that does everything itself."""
    parser = verbs.add_parser(
        name,
        help=does,
        description=f"{does}.\n\n{more}".rstrip(),
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def query(
    verbs: Verbs, name: str, ask: Query, *, does: str, example: str, more: str = "", in_organization: bool = True
) -> argparse.ArgumentParser:
    """A command with a result, printed for people or, with `--json`, for programs."""
    parser = command(verbs, name, partial(_ask_and_print, ask), does=does, more=more, example=example)
    parser.set_defaults(ask=ask)
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    if in_organization:
        parser.add_argument("--organization", required=True, type=an_id, metavar="ID", help="the organization's id")
    return parser


def an_id(text: str) -> uuid.UUID:
    """An id from the command line."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no id; ids look like {uuid.UUID(int=0)}") from None


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number between two others, both included."""

    def parse(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else -1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} to {most}")
        return number

    return parse


async def acting_in(organization: uuid.UUID) -> Actor:
    """The operator, acting in an organization; raises NotFound when there is none with that id."""
    await organizations.find(organization)
    return operator(OrganizationId(organization))


def _ask_and_print(ask: Query, arguments: argparse.Namespace, chosen: Settings) -> None:
    logs.configure(chosen)
    if chosen.log_level == "info":
        # That an embedded server came and went with the command is of no interest to who asked something else.
        logging.getLogger("rollcall.database").setLevel(logging.WARNING)
    with database.at_hand(chosen):
        result = database.run(lambda: database.pooled(lambda: ask(arguments, chosen)))
    print(result.as_json() if arguments.json else printable(result.text))
    if result.exit_code:
        sys.exit(result.exit_code)
