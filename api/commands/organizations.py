"""`organizations create|list|show|dismiss|plan|grant|withdraw|contact`."""

from __future__ import annotations

from argparse import Namespace

from api.provisioning import attention, organizations, overview, plans, platform
from api.provisioning.caller import the_operator
from api.provisioning.overview import Suggestion
from api.provisioning.plan_catalogue import Contact, Feature
from api.settings import Settings

from .results import Result, listing, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, an_id, noun, query

_ACME = "019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c11"


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
        example=f"python -m api organizations show {_ACME}",
        in_organization=False,
    )
    parser.add_argument("id", type=an_id, metavar="ID", help="the organization's id")
    parser = query(
        verbs,
        "dismiss",
        dismiss,
        does="Never show a suggestion of `organizations show` again",
        example=f"python -m api organizations dismiss SCIM {IN_ORGANIZATION}",
    )
    parser.add_argument("suggestion", choices=[each.value for each in Suggestion])
    _add_plans(verbs)
    parser = query(
        verbs,
        "contact",
        choose_contact,
        does="Choose whom an organization asks for help; without a name it is the contact of its plan",
        example=f'python -m api organizations contact {_ACME} "Customer Success" --mail success@example.com',
        in_organization=False,
    )
    parser.add_argument("id", type=an_id, metavar="ID", help="the organization's id")
    parser.add_argument("name", metavar="NAME", nargs="?")
    parser.add_argument("--mail", metavar="E-MAIL")
    parser.add_argument("--link", metavar="URL")


def _add_plans(verbs: Verbs) -> None:
    for verb, ask, does, word, named, where in (
        ("plan", choose_plan, "Give an organization another plan", "ENTERPRISE", "PLAN", "see `plans list`"),
        ("grant", grant, "Grant an add-on to an organization", "scim", "ADD-ON", " or ".join(Feature)),
        ("withdraw", withdraw, "Take an add-on back", "scim", "ADD-ON", "see `organizations show`"),
    ):
        example = f"python -m api organizations {verb} {_ACME} {word}"
        parser = query(verbs, verb, ask, does=does, example=example, in_organization=False)
        parser.add_argument("id", type=an_id, metavar="ID", help="the organization's id")
        parser.add_argument("chosen", metavar=named, help=where)


async def create(arguments: Namespace, _: Settings) -> Result:
    """A new organization."""
    found = await organizations.find(await platform.create(the_operator(), arguments.name, domains=arguments.domains))
    return Result(found, f"Organization {found['name']} has the id {found['id']}.")


async def show_all(_: Namespace, __: Settings) -> Result:
    """All organizations, oldest first."""
    found = await platform.all_of_them(the_operator())
    rows = [
        [one["id"], one["name"], one["plan"], one["directories"], one["members"], one["created_at"]] for one in found
    ]
    head = ("ID", "NAME", "PLAN", "DIRECTORIES", "MEMBERS", "CREATED")
    return Result(found, table(rows, head=head, otherwise="There is no organization yet."))


async def show(arguments: Namespace, _: Settings) -> Result:
    """One organization, how its people came, and what it could do better."""
    found = await organizations.find(arguments.id)
    actor = await acting_in(arguments.id)
    subscription, seen, waiting = await plans.show(actor), await overview.show(actor), await attention.show(actor)
    ways = {f"by {source.lower()}": number for source, number in seen.came_by.items()}
    asked = await plans.contact(actor)
    granted = {"add_ons": ", ".join(subscription.add_ons) or None, "contact": asked.text if asked else None}
    facts = {**found, **granted, **ways, "invitations open": seen.invitations_open}
    hints = [f"\n{each.code}: {each.text}" for each in seen.hints]
    hints += [f"\n{each.code}: {each.text}" for each in waiting]
    hints += [f"\nBILLING: {each.text}" for each in seen.drift]
    return Result({**found, "overview": seen, "concerns": waiting}, "\n".join([listing(facts), *hints]))


async def dismiss(arguments: Namespace, _: Settings) -> Result:
    """A suggestion that is not shown any more."""
    await overview.dismiss(await acting_in(arguments.organization), arguments.suggestion)
    return Result({"dismissed": arguments.suggestion}, f"{arguments.suggestion} is not suggested here any more.")


async def choose_plan(arguments: Namespace, _: Settings) -> Result:
    """Another plan."""
    return _subscribed(await plans.choose(await acting_in(arguments.id), arguments.chosen))


async def choose_contact(arguments: Namespace, _: Settings) -> Result:
    """Another contact."""
    actor = await acting_in(arguments.id)
    chosen = Contact(arguments.name, arguments.mail, arguments.link) if arguments.name else None
    await plans.set_contact(actor, chosen)
    found = await plans.contact(actor)
    return Result({"contact": found}, f"The organization asks {found.text if found else 'nobody'}.")


async def grant(arguments: Namespace, _: Settings) -> Result:
    """One more add-on."""
    return _subscribed(await plans.grant(await acting_in(arguments.id), arguments.chosen))


async def withdraw(arguments: Namespace, _: Settings) -> Result:
    """One add-on less."""
    return _subscribed(await plans.withdraw(await acting_in(arguments.id), arguments.chosen))


def _subscribed(subscription: plans.Subscription) -> Result:
    granted = ", ".join(subscription.add_ons)
    besides = f" with the add-on {granted}" if granted else ""
    return Result(subscription, f"The organization has the plan {subscription.plan}{besides}.")
