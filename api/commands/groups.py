"""`groups list|map|access|urgent`."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from api.provisioning import mappings
from api.provisioning.mappings import MapGroups, MarkGroup
from api.settings import Settings

from .acts import can_be_previewed, look_or_act
from .results import Result, moved, table
from .verbs import IN_ORGANIZATION, Query, Verbs, acting_in, an_id, noun, query

_GROUP = "019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c12"
_ACCESS = """\
Once a group of a directory gives access, the directory suspends whoever is in none of those that do, if it is to:
  directories change ID suspend_on_leaving_groups=true"""


def add(nouns: Verbs) -> None:
    """The verbs of groups."""
    verbs = noun(nouns, "groups", about="See the groups that directories sent, and choose what follows from them")
    query(verbs, "list", show_all, does="List all groups with their roles", example=_example("groups list"))
    parser = query(
        verbs,
        "map",
        map_group,
        does="Map groups to a role, or to none",
        example=_example(f"groups map {_GROUP} --role viewer --preview"),
    )
    parser.add_argument("groups", nargs="+", type=an_id, metavar="ID", help="ids of groups, see `groups list`")
    parser.add_argument("--role", metavar="KEY", help="left out, the groups are mapped to no role any more")
    can_be_previewed(parser)
    parser = _add_mark(
        verbs, "access", mark_access, does="Choose whether people are let in by being in a group", more=_ACCESS
    )
    can_be_previewed(parser)
    _add_mark(verbs, "urgent", mark_urgent, does="Choose whether removals of a group's members are never held")


def _add_mark(verbs: Verbs, name: str, ask: Query, *, does: str, more: str = "") -> ArgumentParser:
    parser = query(verbs, name, ask, does=does, more=more, example=_example(f"groups {name} {_GROUP} on"))
    parser.add_argument("group", type=an_id, metavar="ID", help="the group's id, see `groups list`")
    parser.add_argument("value", type=_on_or_off, metavar="on|off")
    return parser


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """The groups."""
    found = await mappings.overview(await acting_in(arguments.organization))
    names = ("id", "display_name", "members", "role", "gives_access", "is_urgent")
    head = ("ID", "NAME", "MEMBERS", "ROLE", "ACCESS", "URGENT")
    rows = [[each[name] for name in names] for each in found]
    return Result(found, table(rows, head=head, otherwise="No group was sent yet."))


async def map_group(arguments: Namespace, _: Settings) -> Result:
    """Another role for groups."""
    actor = await acting_in(arguments.organization)
    return await look_or_act(arguments, actor, MapGroups(dict.fromkeys(arguments.groups, arguments.role)))


async def mark_access(arguments: Namespace, _: Settings) -> Result:
    """Whether a group gives access."""
    actor = await acting_in(arguments.organization)
    return await look_or_act(arguments, actor, MarkGroup(arguments.group, gives_access=arguments.value))


async def mark_urgent(arguments: Namespace, _: Settings) -> Result:
    """Whether a group's members leave without delay."""
    actor = await acting_in(arguments.organization)
    return moved(await mappings.mark_group(actor, arguments.group, is_urgent=arguments.value))


def _on_or_off(text: str) -> bool:
    if text not in ("on", "off"):
        raise ArgumentTypeError(f"{text!r} is neither on nor off")
    return text == "on"


def _example(words: str) -> str:
    return f"python -m api {words} {IN_ORGANIZATION}"
