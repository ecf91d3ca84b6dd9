"""`demo`: something to try, from nothing, in one command."""

from __future__ import annotations

import os
from argparse import Namespace

from api import logs
from api.demo import access
from api.demo.access import Access
from api.demo.problems import DemoProblem
from api.provisioning.errors import ProvisioningError
from api.settings import VARIABLES, Settings
from db import migrations
from db.engine import DB

from . import database, demo_text, worker
from .errors import CommandError
from .serve import add_address, with_address
from .verbs import Verbs, command

_MORE = """\
Makes the organization Acme and fills it: about sixty made-up people, eight groups, three directories, and four months
in which they came, changed and went, all by the ways by which real ones do. That is done once, and takes some seconds;
running it again prints the same key and token, which are kept in files that only you can read. A run that was
interrupted is begun anew."""

_FILLING = "Filling the demo with four months of Acme; this takes some seconds, and is done once …"


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
    with database.at_hand(chosen, makes_secret_keys=True) as embedded:
        print(database.run(lambda: _prepare(with_address(arguments), is_embedded=embedded is not None)), flush=True)
        if address is None:
            print(f"Serve it with\n\n  {VARIABLES['mailbox'].name}=yes {demo_text.ourselves()} serve\n")
        else:
            with worker.beside(chosen):
                server.run(chosen, address)


async def _prepare(chosen: Settings, *, is_embedded: bool) -> str:
    """What is said of the demo, once it is there; raises CommandError."""
    await migrations.migrate()
    found, token = await access.prepare(chosen, lambda: _filled(chosen))
    return demo_text.text(chosen, found, token, is_embedded=is_embedded)


async def _filled(chosen: Settings) -> Access:
    """The way into the demo that was not there yet; raises CommandError."""
    print(_FILLING, flush=True)
    from api.app import create_app  # see serve
    from api.demo import filling

    application = create_app(chosen)
    # An interrupted run is begun anew, so nothing of it has to be on the disk at any one moment.
    with DB.hurried():
        async with application.lifespan():
            try:
                return await filling.fill(application, chosen)
            except (DemoProblem, ProvisioningError) as error:
                problem = error  # raised behind the lifespan, which would make a group of it
    raise CommandError(f"The demo could not be prepared: {problem}")
