"""`pulls connect|show|change|now`: people whom Rollcall fetches from Google Workspace."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

from api.google.client import SCOPES, read_key_file
from api.provisioning import directories, pulls
from api.provisioning.pulls import OFTEN, SELDOM, Choice
from api.settings import Settings
from db.ids import DirectoryId
from db.pull_rows import PullRow

from .errors import CommandError
from .results import Result, listing, shown
from .verbs import Verbs, acting_in, an_id, noun, query, whole_number

_HOW = f"""\
Google Workspace sends people only to applications of its own catalogue, so Rollcall fetches them. In Google Cloud, make
a service account and a key for it, as a JSON file. In the Admin console, under Security › Access and data control › API
controls › Domain-wide delegation, allow its client ID these scopes:
  {f"{chr(10)}  ".join(SCOPES)}
The administrator is one who may read users and groups. Fields `seat_type` and `roles` of a custom schema `Rollcall`
choose the seat and name roles. The file is kept sealed, and not needed afterwards."""


def add(nouns: Verbs) -> None:
    """The verbs of directories whose people are fetched."""
    verbs = noun(nouns, "pulls", about="Fetch people from Google Workspace, which sends them to nobody")
    parser = query(
        verbs,
        "connect",
        connect,
        does="Connect Google Workspace",
        more=_HOW,
        example="python -m api pulls connect --key-file key.json --admin admin@example.com --organization $ORG",
    )
    parser.add_argument("--name", default="Google Workspace", help="what people call it")
    _choices(parser, is_new=True)
    parser = query(
        verbs,
        "change",
        change,
        does="Choose something else about fetching people, who are then fetched anew at once",
        example="python -m api pulls change $DIRECTORY --every 60 --organization $ORG",
    )
    parser.add_argument("directory", type=an_id, metavar="ID", help="see `directories list`")
    _choices(parser, is_new=False)
    for name, ask, does in (
        ("show", show, "Show how the people of a directory are fetched, and how that went"),
        ("now", now, "Fetch the people of a directory at once; a worker does it within a minute"),
    ):
        example = f"python -m api pulls {name} $DIRECTORY --organization $ORG"
        query(verbs, name, ask, does=does, example=example).add_argument(
            "directory", type=an_id, metavar="ID", help="see `directories list`"
        )


async def connect(arguments: Namespace, _: Settings) -> Result:
    """A directory whose people are fetched."""
    actor = await acting_in(arguments.organization)
    choice = _chosen(arguments, Choice("", "", b""))
    directory = await pulls.connect(actor, arguments.name, directories.Settings(), choice)
    text = f"Its people are fetched within a minute, if a worker runs. See `pulls show {directory}`."
    return Result({"directory_id": directory}, f"{listing({'Directory': directory})}\n\n{text}")


async def change(arguments: Namespace, _: Settings) -> Result:
    """Something else."""
    actor, directory = await acting_in(arguments.organization), DirectoryId(arguments.directory)
    before = pulls.choice_of(await pulls.find(actor, directory))
    await pulls.change(actor, directory, _chosen(arguments, before))
    return _told(await pulls.find(actor, directory))


async def show(arguments: Namespace, _: Settings) -> Result:
    """How it goes."""
    actor = await acting_in(arguments.organization)
    return _told(await pulls.find(actor, DirectoryId(arguments.directory)))


async def now(arguments: Namespace, _: Settings) -> Result:
    """At once."""
    actor, directory = await acting_in(arguments.organization), DirectoryId(arguments.directory)
    await pulls.hurry(actor, directory)
    return _told(await pulls.find(actor, directory))


def _choices(parser: ArgumentParser, *, is_new: bool) -> None:
    parser.add_argument("--key-file", type=Path, required=is_new, metavar="FILE", help="the service account's key")
    parser.add_argument("--admin", required=is_new, metavar="ADDRESS", help="in whose name the service account reads")
    parser.add_argument("--customer", metavar="ID", help="Google's id of the customer; my_customer if left out")
    parser.add_argument("--users", metavar="QUERY", help="which users, such as orgUnitPath=/Staff; all if left out")
    parser.add_argument("--groups", choices=("yes", "no"), help="whether groups are fetched; yes if left out")
    every = whole_number(OFTEN, SELDOM)
    parser.add_argument(
        "--every", type=every, metavar="MINUTES", help=f"how often, {OFTEN} to {SELDOM}; 20 if left out"
    )


def _chosen(arguments: Namespace, before: Choice) -> Choice:
    given = {
        "admin_email": arguments.admin,
        "customer": arguments.customer,
        "user_query": arguments.users,
        "takes_groups": None if arguments.groups is None else arguments.groups == "yes",
        "every_minutes": arguments.every,
    }
    if arguments.key_file is not None:
        text = _text(arguments.key_file)
        given |= {"credentials": text, "client_email": read_key_file(text).client_email}
    return replace(before, **{name: value for name, value in given.items() if value is not None})


def _told(row: PullRow) -> Result:
    facts = {
        "directory_id": row.directory_id,
        "admin_email": row.admin_email,
        "client_email": row.client_email,
        "customer": row.customer,
        "user_query": row.user_query,
        "takes_groups": row.takes_groups,
        "every_minutes": row.every_minutes,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
        "next_at": row.next_at,
        "failures": row.failures,
        "problem": row.problem,
    }
    lines = {
        "Directory": row.directory_id,
        "Administrator": row.admin_email,
        "Service account": row.client_email,
        "Customer": row.customer,
        "Users": row.user_query or "all",
        "Groups": "fetched" if row.takes_groups else "not fetched",
        "Every": f"{row.every_minutes} minutes",
        "Complete": shown(row.finished_at),
        "Next": shown(row.next_at),
        "Problem": row.problem or "none",
    }
    return Result(facts, listing(lines))


def _text(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
