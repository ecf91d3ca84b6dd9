"""`demo`: something to try, from nothing, in one command."""

from __future__ import annotations

import json
import os
import shlex
import sys
import uuid
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from api import logs
from api.provisioning import mappings, members
from api.provisioning.actor import Actor, operator
from api.settings import VARIABLES, Settings
from db import migrations

from . import database, demo_directory, demo_people, worker
from .demo_client import Client
from .demo_directory import Access, key_file
from .results import listing
from .serve import add_address, with_address
from .verbs import Verbs, command

_MORE = """\
Makes the organization Acme with a directory for Okta, lets a few made-up people and groups arrive in it through SCIM,
and maps the groups to roles. Running it again makes nothing twice and prints the same key, which is kept in a file
that only you can read."""


_QUESTION = (
    "{ organization { name members(first: 3) { nodes { email effectiveRole { name } roleExplanation { text } } } } }"
)


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

    for each in ("mailbox", "graphiql"):
        os.environ.setdefault(VARIABLES[each].name, "yes")
    chosen = with_address(arguments)
    logs.configure(chosen)
    address = None if arguments.no_serve else server.free_address(chosen)
    with database.at_hand(chosen) as embedded:
        access, token = database.run(lambda: _prepare(with_address(arguments)))  # with the keys that are there now
        print(_text(chosen, access, token, is_embedded=embedded is not None), flush=True)
        if address is None:
            print(f"Serve it with\n\n  {_ourselves()} serve\n")
        else:
            with worker.beside(chosen):
                server.run(chosen, address)


async def _prepare(chosen: Settings) -> tuple[Access, str]:
    from api.app import create_app  # see serve

    await migrations.migrate()
    application = create_app(chosen)
    async with application.lifespan():
        access = await demo_directory.access(chosen)
        made = await _fill(Client(application, access.key), chosen.seat_type_urn)
        await _give_roles(operator(access.organization), made)
        return access, await demo_directory.token(chosen, access.organization)


async def _fill(client: Client, seat_type_urn: str) -> list[uuid.UUID]:
    """Send everybody who is not there yet; the groups that are new."""
    ids: dict[str, str] = {}
    made = []
    for number, person in enumerate(demo_people.PEOPLE, start=1):
        found = await client.find("Users", "userName", person.user_name)
        sent = demo_people.user(person, number, seat_type_urn)
        ids[person.user_name] = found or await client.create("Users", sent)
    for name, people in demo_people.GROUPS:
        if await client.find("Groups", "displayName", name) is None:
            sent = demo_people.group(name, [ids[person] for person in people])
            made.append(uuid.UUID(await client.create("Groups", sent)))
    return made


async def _give_roles(actor: Actor, made: Sequence[uuid.UUID]) -> None:
    """Map groups that are new to roles, and choose an admin with them; later runs leave that to whoever tries it."""
    for group in await mappings.overview(actor):
        key = demo_people.ROLES.get(str(group["display_name"]))
        if key and group["id"] in made:
            await mappings.map_group(actor, uuid.UUID(str(group["id"])), key)
    for member in await members.page(actor) if made else []:
        if member["email"] == demo_people.ADMIN:
            chosen, because = uuid.UUID(str(member["id"])), demo_people.ADMIN_BECAUSE
            await members.override_role(actor, chosen, "admin", reason=because, by="the demo")


def _text(chosen: Settings, access: Access, token: str, *, is_embedded: bool) -> str:
    facts = {
        "Organization": f"{demo_directory.ORGANIZATION}, {access.organization}",
        "Directory": f"{demo_directory.DIRECTORY}, {access.directory}",
        "SCIM URL": chosen.scim_url,
        "Key": access.key,
        "GraphQL URL": f"{chosen.public_url}/graphql",
        "API token": token,
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
        f"Key and token are kept beside {key_file(chosen)} for the next time.",
        *([access.note] if access.note else []),
        "",
        "See who is there:",
        "",
        f"  {curl}",
        "",
        "Ask over GraphQL who has which role, and why:",
        "",
        f"  curl -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' {chosen.public_url}/graphql \\",
        f"    -d '{json.dumps({'query': _QUESTION})}'",
        "",
        "See who has which role, and why somebody is here or not:",
        "",
        f"  {_ourselves()} members list --organization {access.organization}",
        f"  {_ourselves()} members why {demo_people.ADMIN} --organization {access.organization}",
        "",
        "See what was asked and why it was decided so:",
        "",
        f"  {_ourselves()} requests list --organization {access.organization}",
        "",
        f"Or sign in as {demo_people.ADMIN} at {chosen.public_url}; the code is in the mailbox,"
        f" {chosen.public_url}/mailbox.",
        "",
    ]
    return "\n".join(lines)


def _ourselves() -> str:
    """The command that this is, by the shortest path that works from here."""
    program = Path(sys.executable)
    here = Path.cwd()
    path = program.relative_to(here) if program.is_relative_to(here) else program
    return f"{shlex.quote(str(path))} -m api"
