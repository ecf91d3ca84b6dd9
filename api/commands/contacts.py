"""`contacts list|add|change|remove`."""

from __future__ import annotations

from argparse import Namespace

from api.provisioning import contacts
from api.settings import Settings
from db.enums import ContactKind
from db.mail_rows import ContactRow

from .results import Result, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, an_id, noun, query

_CONTACT = "019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c17"
_MORE = """\
Mails about money go to billing contacts, those about directories, keys, webhooks and domains to technical ones, and
those about the last admin and foreign claims to security. Where there is no contact they go to the admins, and where
there is no admin to ROLLCALL_OPERATOR_MAIL."""


def add(nouns: Verbs) -> None:
    """The verbs of contacts."""
    verbs = noun(nouns, "contacts", about="Say to which addresses an organization's mails go")
    query(
        verbs,
        "list",
        show_all,
        does="List the organization's contacts",
        more=_MORE,
        example=f"python -m api contacts list {IN_ORGANIZATION}",
    )
    parser = query(
        verbs,
        "add",
        add_one,
        does="Send mails of a kind to an address",
        more=_MORE,
        example=f"python -m api contacts add BILLING money@example.com --name Ledger {IN_ORGANIZATION}",
    )
    parser.add_argument("kind", choices=[each.value for each in ContactKind])
    parser.add_argument("email", metavar="E-MAIL")
    parser.add_argument("--name", metavar="NAME")
    parser.add_argument("--digest", action="store_true", help="tell them each week what happened, too")
    parser = query(
        verbs,
        "change",
        change,
        does="Change the name of a contact, or whether they get digests",
        example=f"python -m api contacts change {_CONTACT} --digest yes {IN_ORGANIZATION}",
    )
    parser.add_argument("contact", type=an_id, metavar="ID")
    parser.add_argument("--name", metavar="NAME")
    parser.add_argument("--digest", choices=["yes", "no"])
    parser = query(
        verbs,
        "remove",
        remove,
        does="Send an address no more mails of its kind",
        example=f"python -m api contacts remove {_CONTACT} {IN_ORGANIZATION}",
    )
    parser.add_argument("contact", type=an_id, metavar="ID")


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """The organization's contacts."""
    found = await contacts.all_of_them(await acting_in(arguments.organization))
    rows = [[each.id, each.kind, each.email, each.name, each.wants_digest] for each in found]
    otherwise = "The organization has no contacts: its admins are told."
    return Result(
        [_data(each) for each in found],
        table(rows, head=("ID", "KIND", "E-MAIL", "NAME", "DIGEST"), otherwise=otherwise),
    )


async def add_one(arguments: Namespace, _: Settings) -> Result:
    """A new contact."""
    actor, kind = await acting_in(arguments.organization), ContactKind(arguments.kind)
    made = await contacts.add(actor, kind, arguments.email, name=arguments.name, wants_digest=arguments.digest)
    return Result(_data(made), f"{made.email} is a {kind.lower()} contact with the id {made.id}.")


async def change(arguments: Namespace, _: Settings) -> Result:
    """A contact as it is then."""
    actor = await acting_in(arguments.organization)
    wants_digest = None if arguments.digest is None else arguments.digest == "yes"
    found = await contacts.change(actor, arguments.contact, name=arguments.name, wants_digest=wants_digest)
    gets = "gets" if found.wants_digest else "gets no"
    return Result(_data(found), f"{found.name or found.email} {gets} digests.")


async def remove(arguments: Namespace, _: Settings) -> Result:
    """A contact less."""
    await contacts.remove(await acting_in(arguments.organization), arguments.contact)
    return Result({"removed": arguments.contact}, "The contact is removed.")


def _data(row: ContactRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("id", "kind", "email", "name", "wants_digest", "created_at")}
