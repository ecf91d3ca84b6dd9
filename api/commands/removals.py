"""`removals list|approve|keep|undo`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Awaitable, Callable

from api.provisioning import removals
from api.provisioning.actor import Actor
from api.settings import Settings
from db.ids import DirectoryId

from .results import Result, people, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, an_id, noun, query

_HEAD = ("ID", "WHO", "DIRECTORY", "SINCE", "ROLE", "WHY", "DECIDE BY", "TRACE")


def add(nouns: Verbs) -> None:
    """The verbs of removals."""
    verbs = noun(nouns, "removals", about="Decide about people whom a directory removes too many at once")
    parser = query(
        verbs,
        "list",
        show_all,
        does="List removals on hold, or what a directory has just removed",
        example=f"python -m api removals list {IN_ORGANIZATION}",
    )
    parser.add_argument("--directory", type=an_id, metavar="ID", help="what this directory removed within the window")
    for verb, ask, does in (
        ("approve", approve, "Carry removals on hold out"),
        ("keep", keep, "Reject removals on hold: the people stay until the directory says something new"),
        ("undo", undo, "Let people in again whom a directory has removed"),
    ):
        parser = query(
            verbs, verb, ask, does=does, example=f"python -m api removals {verb} --all --by dana {IN_ORGANIZATION}"
        )
        parser.add_argument("removals", nargs="*", type=an_id, metavar="ID", help="see `removals list`")
        parser.add_argument("--by", required=True, metavar="WHO", help="who decides, for the record")
        if verb == "undo":
            parser.add_argument("--directory", type=an_id, metavar="ID", help="all that it removed within the window")
        else:
            parser.add_argument("--all", action="store_true", help="all that wait")


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """What waits, or what can be undone."""
    actor = await acting_in(arguments.organization)
    found = await _applied(actor, arguments) if arguments.directory else await removals.held(actor)
    rows = [
        [
            each["id"],
            each["email"] or each["display_name"] or each["member_id"],
            each["directory"],
            each["removed_at"],
            each["role"],
            each["cause"],
            each["decide_by"],
            each["request_id"],
        ]
        for each in found
    ]
    otherwise = "Nobody was removed lately." if arguments.directory else "No removal waits for a decision."
    return Result(found, table(rows, head=_HEAD, otherwise=otherwise))


async def approve(arguments: Namespace, _: Settings) -> Result:
    """They go."""
    return await _decided(arguments, removals.held, removals.approve, "without access now")


async def keep(arguments: Namespace, _: Settings) -> Result:
    """They stay."""
    return await _decided(arguments, removals.held, removals.keep, "kept")


async def undo(arguments: Namespace, _: Settings) -> Result:
    """They are back."""
    return await _decided(arguments, lambda actor: _applied(actor, arguments), removals.undo, "back")


async def _decided(
    arguments: Namespace,
    find: Callable[[Actor], Awaitable[list[dict[str, object]]]],
    decide: Callable[..., Awaitable[int]],
    outcome: str,
) -> Result:
    actor = await acting_in(arguments.organization)
    ids = arguments.removals
    if getattr(arguments, "all", False) or getattr(arguments, "directory", None):
        ids = [each["id"] for each in await find(actor)]
    count = await decide(actor, ids, by=arguments.by)
    return Result({"people": count}, f"{people(count)} {outcome}.")


async def _applied(actor: Actor, arguments: Namespace) -> list[dict[str, object]]:
    return await removals.applied(actor, DirectoryId(arguments.directory))
