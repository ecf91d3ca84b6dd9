"""`links list|accept|refuse`."""

from __future__ import annotations

from argparse import Namespace

from api.provisioning import link_requests
from api.settings import Settings
from db.enums import LinkState

from .results import Result, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, an_id, noun, query


def add(nouns: Verbs) -> None:
    """The verbs of links."""
    verbs = noun(nouns, "links", about="Decide whether directories may take over people who are members already")
    query(
        verbs,
        "list",
        show_all,
        does="List the people about whom somebody has to decide, and what was decided",
        example=f"python -m api links list {IN_ORGANIZATION}",
    )
    for verb, ask, does in (
        ("accept", accept, "Let the directory have the member; its next attempt links them"),
        ("refuse", refuse, "Keep the member apart from the directory"),
    ):
        parser = query(
            verbs, verb, ask, does=does, example=f"python -m api links {verb} $ID --by dana {IN_ORGANIZATION}"
        )
        parser.add_argument("question", type=an_id, metavar="ID", help="see `links list`")
        parser.add_argument("--by", required=True, metavar="WHO", help="who decides, for the record")


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """The questions."""
    found = await link_requests.page(await acting_in(arguments.organization))
    rows = [
        [
            each["id"],
            each["state"],
            each["email"],
            each["user_name"],
            each["directory"],
            each["asked_at"],
            each["request_id"],
        ]
        for each in found
    ]
    head = ("ID", "STATE", "WHO", "SENT AS", "BY DIRECTORY", "ASKED", "TRACE")
    return Result(found, table(rows, head=head, otherwise="Nobody waits for a decision."))


async def accept(arguments: Namespace, _: Settings) -> Result:
    """The directory may have them."""
    return await _decided(arguments, LinkState.LINK, "The directory's next attempt links the member.")


async def refuse(arguments: Namespace, _: Settings) -> Result:
    """It may not."""
    return await _decided(arguments, LinkState.KEEP_APART, "The directory may not have the member.")


async def _decided(arguments: Namespace, state: LinkState, text: str) -> Result:
    await link_requests.decide(await acting_in(arguments.organization), arguments.question, state, by=arguments.by)
    return Result({"id": arguments.question, "state": state}, text)
