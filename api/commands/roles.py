"""`roles list|add|order|permit|default|archive`."""

from __future__ import annotations

from argparse import Namespace

from api.provisioning import ladder
from api.provisioning.ladder import ArchiveRole, SetDefault, SetOrder
from api.settings import Settings

from .acts import can_be_previewed, look_or_act
from .results import Result, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, noun, query


def add(nouns: Verbs) -> None:
    """The verbs of roles."""
    verbs = noun(nouns, "roles", about="See and change the ladder of roles, from which the highest counts")
    query(verbs, "list", show_all, does="List the roles, highest first", example=_example("roles list"))
    parser = query(verbs, "add", make, does="Make a role", example=_example('roles add "Auditor" --above viewer'))
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--above", metavar="KEY", help="the role just below it; else it is the lowest")
    parser = query(
        verbs,
        "order",
        order,
        does="Put all roles into an order",
        example=_example("roles order knowledge-base-viewer viewer account-manager admin"),
    )
    parser.add_argument("keys", nargs="+", metavar="KEY", help="all roles, lowest first")
    can_be_previewed(parser)
    parser = query(
        verbs, "permit", permit, does="Replace what a role permits", example=_example("roles permit viewer read")
    )
    parser.add_argument("key", metavar="KEY")
    parser.add_argument("permissions", nargs="*", metavar="PERMISSION", help="whatever your application calls them")
    parser = query(
        verbs,
        "default",
        choose_default,
        does="Choose the role of people in no mapped group",
        example=_example("roles default viewer"),
    )
    parser.add_argument("key", metavar="KEY")
    parser.add_argument("--yes", action="store_true", help="even when it is above Viewer")
    can_be_previewed(parser)
    parser = query(
        verbs,
        "archive",
        archive,
        does="Take a role away",
        example=_example("roles archive account-manager --replacement viewer"),
    )
    parser.add_argument("key", metavar="KEY")
    parser.add_argument("--replacement", required=True, metavar="KEY", help="what its groups and people have then")
    can_be_previewed(parser)


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """The roles."""
    found = await ladder.overview(await acting_in(arguments.organization))
    rows = [
        [
            role["rank"],
            role["key"],
            role["name"],
            role["members"],
            role["groups"],
            role["is_default"],
            role["is_admin"],
            _words(role["permissions"]),
        ]
        for role in found
    ]
    head = ("RANK", "KEY", "NAME", "MEMBERS", "GROUPS", "DEFAULT", "ADMIN", "PERMISSIONS")
    return Result(found, table(rows, head=head, otherwise="There is no role."))


async def make(arguments: Namespace, _: Settings) -> Result:
    """A new role."""
    key = await ladder.add(await acting_in(arguments.organization), arguments.name, above=arguments.above)
    return Result({"key": key}, f"The role {key} is there, and permits nothing yet.")


async def order(arguments: Namespace, _: Settings) -> Result:
    """Another order of roles."""
    actor = await acting_in(arguments.organization)
    return await look_or_act(arguments, actor, SetOrder(tuple(arguments.keys)))


async def permit(arguments: Namespace, _: Settings) -> Result:
    """Other permissions."""
    await ladder.set_permissions(await acting_in(arguments.organization), arguments.key, arguments.permissions)
    return Result({"permissions": arguments.permissions}, f"{arguments.key} permits {_words(arguments.permissions)}.")


async def choose_default(arguments: Namespace, _: Settings) -> Result:
    """Another default role."""
    actor = await acting_in(arguments.organization)
    return await look_or_act(arguments, actor, SetDefault(arguments.key), is_sure=arguments.yes)


async def archive(arguments: Namespace, _: Settings) -> Result:
    """A role less."""
    actor = await acting_in(arguments.organization)
    return await look_or_act(arguments, actor, ArchiveRole(arguments.key, arguments.replacement))


def _words(values: object) -> str:
    return ", ".join(map(str, values)) if isinstance(values, list) and values else "nothing"


def _example(words: str) -> str:
    return f"python -m api {words} {IN_ORGANIZATION}"
