"""`demo`: something to try, from nothing, in one command."""

from __future__ import annotations

import shlex
import sys
from argparse import Namespace
from pathlib import Path

from api import logs
from api.settings import Settings
from db import migrations

from . import database, demo_directory, demo_people
from .demo_client import Client
from .demo_directory import Access, key_file
from .results import listing
from .serve import add_address, with_address
from .verbs import Verbs, command

_MORE = """\
Makes the organization Acme with a directory for Okta, and lets a few made-up people and groups arrive in it through
SCIM. Running it again makes nothing twice and prints the same key, which is kept in a file that only you can read."""


def add(verbs: Verbs) -> None:
    """The command `demo`."""
    parser = command(
        verbs, "demo", demo, does="Prepare something to try, and serve it", more=_MORE, example="python -m api demo"
    )
    parser.add_argument("--no-serve", action="store_true", help="only prepare it")
    add_address(parser)


def demo(arguments: Namespace, _: Settings) -> None:
    """Prepare the demo, say how to reach it, and serve it."""
    from . import server  # see serve

    chosen = with_address(arguments)
    logs.configure(chosen)
    address = None if arguments.no_serve else server.free_address(chosen)
    with database.at_hand(chosen) as embedded:
        access = database.run(lambda: _prepare(chosen))
        print(_text(chosen, access, is_embedded=embedded is not None), flush=True)
        if address is None:
            print(f"Serve it with\n\n  {_ourselves()} serve\n")
        else:
            server.run(chosen, address)


async def _prepare(chosen: Settings) -> Access:
    from api.app import create_app  # see serve

    await migrations.migrate()
    application = create_app(chosen)
    async with application.lifespan():
        access = await demo_directory.access(chosen)
        await _fill(Client(application, access.key), chosen.seat_type_urn)
    return access


async def _fill(client: Client, seat_type_urn: str) -> None:
    """Send everybody who is not there yet."""
    ids: dict[str, str] = {}
    for number, person in enumerate(demo_people.PEOPLE, start=1):
        found = await client.find("Users", "userName", person.user_name)
        sent = demo_people.user(person, number, seat_type_urn)
        ids[person.user_name] = found or await client.create("Users", sent)
    for name, members in demo_people.GROUPS:
        if await client.find("Groups", "displayName", name) is None:
            await client.create("Groups", demo_people.group(name, [ids[member] for member in members]))


def _text(chosen: Settings, access: Access, *, is_embedded: bool) -> str:
    facts = {
        "Organization": f"{demo_directory.ORGANIZATION}, {access.organization}",
        "Directory": f"{demo_directory.DIRECTORY}, {access.directory}",
        "SCIM URL": chosen.scim_url,
        "Key": access.key,
        "Health": f"{chosen.public_url}/readyz",
        "Database": "embedded PostgreSQL" if is_embedded else "the one that DATABASE_URL names",
    }
    curl = f"curl -H 'Authorization: Bearer {access.key}' '{chosen.scim_url}/Users?count=2'"
    lines = [
        "",
        "Rollcall is ready to be tried.",
        "",
        *(f"  {line}" for line in listing(facts).splitlines()),
        "",
        f"The key is kept in {key_file(chosen)} for the next time.",
        *([access.note] if access.note else []),
        "",
        "See who is there:",
        "",
        f"  {curl}",
        "",
        "See what was asked and why it was decided so:",
        "",
        f"  {_ourselves()} requests list --organization {access.organization}",
        "",
        "This release has the SCIM edge and these commands; the dashboard and GraphQL come next.",
        "",
    ]
    return "\n".join(lines)


def _ourselves() -> str:
    """The command that this is, by the shortest path that works from here."""
    program = Path(sys.executable)
    here = Path.cwd()
    path = program.relative_to(here) if program.is_relative_to(here) else program
    return f"{shlex.quote(str(path))} -m api"
