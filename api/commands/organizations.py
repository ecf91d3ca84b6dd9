"""`organizations create|list|show`."""

from __future__ import annotations

from argparse import Namespace

from api.provisioning import organizations
from api.settings import Settings

from .results import Result, listing, table
from .verbs import Verbs, an_id, noun, query


def add(nouns: Verbs) -> None:
    """The verbs of organizations."""
    verbs = noun(nouns, "organizations", about="Make and show organizations, to which everything else belongs")
    parser = query(
        verbs,
        "create",
        create,
        does="Make an organization",
        example='python -m api organizations create "Acme"',
        in_organization=False,
    )
    parser.add_argument("name", metavar="NAME", help="what people call it; need not be unique")
    parser.add_argument(
        "--domain",
        action="append",
        default=[],
        dest="domains",
        metavar="DOMAIN",
        help="an e-mail domain that you know to be theirs; may be repeated. Without one, people of any domain may come",
    )
    query(
        verbs,
        "list",
        show_all,
        does="List all organizations",
        example="python -m api organizations list --json",
        in_organization=False,
    )
    parser = query(
        verbs,
        "show",
        show,
        does="Show one organization",
        example="python -m api organizations show 019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c11",
        in_organization=False,
    )
    parser.add_argument("id", type=an_id, metavar="ID", help="the organization's id")


async def create(arguments: Namespace, _: Settings) -> Result:
    """A new organization."""
    found = await organizations.find(await organizations.create(arguments.name, domains=arguments.domains))
    return Result(found, f"Organization {found['name']} has the id {found['id']}.")


async def show_all(_: Namespace, __: Settings) -> Result:
    """All organizations, oldest first."""
    found = await organizations.all_of_them()
    rows = [[one["id"], one["name"], one["directories"], one["members"], one["created_at"]] for one in found]
    head = ("ID", "NAME", "DIRECTORIES", "MEMBERS", "CREATED")
    return Result(found, table(rows, head=head, otherwise="There is no organization yet."))


async def show(arguments: Namespace, _: Settings) -> Result:
    """One organization."""
    found = await organizations.find(arguments.id)
    return Result(found, listing(found))
