"""`roles list|add|order|permit|default|archive`, `groups list|map`."""

from __future__ import annotations

from argparse import Namespace

from api.provisioning import ladder
from api.settings import Settings

from .results import Result, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, an_id, noun, query


def add(nouns: Verbs) -> None:
    """The verbs of roles and of groups."""
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
    parser = query(
        verbs,
        "archive",
        archive,
        does="Take a role away",
        example=_example("roles archive account-manager --replacement viewer"),
    )
    parser.add_argument("key", metavar="KEY")
    parser.add_argument("--replacement", required=True, metavar="KEY", help="what its groups and people have then")
    _add_groups(nouns)


def _add_groups(nouns: Verbs) -> None:
    verbs = noun(nouns, "groups", about="See the groups that directories sent, and map them to roles")
    query(verbs, "list", show_groups, does="List all groups with their roles", example=_example("groups list"))
    parser = query(
        verbs,
        "map",
        map_group,
        does="Map a group to a role, or to none",
        example=_example("groups map 019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c12 --role viewer"),
    )
    parser.add_argument("group", type=an_id, metavar="ID", help="the group's id, see `groups list`")
    parser.add_argument("--role", metavar="KEY", help="left out, the group is mapped to no role any more")


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
    return _moved(await ladder.set_order(await acting_in(arguments.organization), arguments.keys))


async def permit(arguments: Namespace, _: Settings) -> Result:
    """Other permissions."""
    await ladder.set_permissions(await acting_in(arguments.organization), arguments.key, arguments.permissions)
    return Result({"permissions": arguments.permissions}, f"{arguments.key} permits {_words(arguments.permissions)}.")


async def choose_default(arguments: Namespace, _: Settings) -> Result:
    """Another default role."""
    actor = await acting_in(arguments.organization)
    return _moved(await ladder.set_default(actor, arguments.key, is_sure=arguments.yes))


async def archive(arguments: Namespace, _: Settings) -> Result:
    """A role less."""
    actor = await acting_in(arguments.organization)
    return _moved(await ladder.archive(actor, arguments.key, replacement=arguments.replacement))


async def show_groups(arguments: Namespace, _: Settings) -> Result:
    """The groups."""
    found = await ladder.groups(await acting_in(arguments.organization))
    rows = [[each["id"], each["display_name"], each["members"], each["role"]] for each in found]
    return Result(found, table(rows, head=("ID", "NAME", "MEMBERS", "ROLE"), otherwise="No group was sent yet."))


async def map_group(arguments: Namespace, _: Settings) -> Result:
    """Another role for a group."""
    return _moved(await ladder.map_group(await acting_in(arguments.organization), arguments.group, arguments.role))


def _moved(members: int) -> Result:
    text = "Nobody's role changes." if not members else f"{members} members have another role now."
    return Result({"members_changed": members}, text)


def _words(values: object) -> str:
    return ", ".join(map(str, values)) if isinstance(values, list) and values else "nothing"


def _example(words: str) -> str:
    return f"python -m api {words} {IN_ORGANIZATION}"
