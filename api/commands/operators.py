"""`operators add|remove|list`."""

from __future__ import annotations

from argparse import Namespace

from api.identity import accounts
from api.provisioning.caller import the_operator
from api.settings import Settings

from .results import Result, table
from .verbs import Verbs, noun, query

_MORE = """\
They sign in on the dashboard by a code that is sent to the address, and see all organizations. The first one can only
be made here."""


def add(nouns: Verbs) -> None:
    """The verbs of operators."""
    verbs = noun(nouns, "operators", about="Choose who runs this installation on the dashboard")
    for verb, run, does, more in (
        ("add", let, "Let somebody run this installation", _MORE),
        ("remove", end, "End that, and their sessions", None),
    ):
        example = f"python -m api operators {verb} ops@example.com"
        parser = query(verbs, verb, run, does=does, more=more or "", example=example, in_organization=False)
        parser.add_argument("email", metavar="E-MAIL")
    query(verbs, "list", show_all, does="List them", example="python -m api operators list", in_organization=False)


async def let(arguments: Namespace, chosen: Settings) -> Result:
    """A new operator."""
    made = await accounts.make_operator(the_operator(), arguments.email)
    text = f"{made.email} runs this installation. They sign in at {chosen.public_url}/sign-in."
    return Result({"id": made.id, "email": made.email}, text)


async def end(arguments: Namespace, _: Settings) -> Result:
    """One operator less."""
    await accounts.remove_operator(the_operator(), arguments.email)
    return Result({"email": arguments.email}, f"{arguments.email} does not run this installation any more.")


async def show_all(_: Namespace, __: Settings) -> Result:
    """Those who run this installation."""
    found = await accounts.operators(the_operator())
    rows = [[each.email] for each in found]
    listed = [{"id": each.id, "email": each.email} for each in found]
    return Result(listed, table(rows, head=("E-MAIL",), otherwise="There is nobody; `operators add` makes the first."))
