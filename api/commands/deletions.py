"""`directories preview-delete|delete|restore`, and the list of those that are deleted."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Mapping

from api.provisioning import deletions, directories
from api.provisioning.actor import Actor
from api.provisioning.deletion_choices import MEANINGS, Choice
from api.provisioning.deletions import DeleteDirectory
from api.settings import Settings
from db.ids import DirectoryId

from .acts import can_be_previewed, look
from .errors import CommandError
from .results import Result, listing, people, shown, table
from .verbs import Verbs, acting_in, an_id, query

_CHOICES = "\n".join(f"  {choice:<15} {meaning}" for choice, meaning in MEANINGS.items())


def add(verbs: Verbs) -> None:
    """The verbs by which directories end and come back."""
    parser = query(
        verbs,
        "preview-delete",
        preview,
        does="Tell what deleting a directory would do to people, for each choice",
        example="python -m api directories preview-delete $DIRECTORY --organization $ORG",
    )
    parser.add_argument("directory", type=an_id, metavar="ID", help="see `directories list`")
    parser = query(
        verbs,
        "delete",
        delete,
        does="Delete a directory; for thirty days it can be restored",
        more=f"Its keys end, and its groups give no role any more. People whom no other directory has:\n{_CHOICES}",
        example='python -m api directories delete $DIRECTORY --people KEEP_LOCAL --confirm "Okta" --organization $ORG',
    )
    parser.add_argument("directory", type=an_id, metavar="ID", help="see `directories list`")
    parser.add_argument("--people", type=_choice, metavar="CHOICE", help="see above; there is no default")
    parser.add_argument("--confirm", metavar="NAME", help="the directory's name, to show that you mean this one")
    can_be_previewed(parser)
    parser = query(
        verbs,
        "restore",
        restore,
        does="Restore a deleted directory, with its people and a new key",
        example="python -m api directories restore $DIRECTORY --organization $ORG",
    )
    parser.add_argument("directory", type=an_id, metavar="ID", help="see `directories list --deleted`")


async def preview(arguments: Namespace, _: Settings) -> Result:
    """What a deletion would do."""
    found = await deletions.preview(await acting_in(arguments.organization), DirectoryId(arguments.directory))
    rows = [[each.choice, each.problem or _statuses(each.statuses), each.meaning] for each in found.choices]
    lines = (
        f"{found.name}: {people(found.people)} in no other directory, {people(found.others)} in others as well.",
        f"{people(found.roles_changed)} would get another role, because the groups are gone.",
        "",
        table(rows, head=("CHOICE", "THEN", "MEANING"), otherwise=""),
    )
    return Result(found, "\n".join(lines))


async def delete(arguments: Namespace, _: Settings) -> Result:
    """A directory less."""
    actor, directory = await acting_in(arguments.organization), DirectoryId(arguments.directory)
    name = (await directories.find(actor, directory))["name"]
    if arguments.people is not None and not arguments.preview and arguments.confirm != name:
        raise CommandError(f"This deletes the directory {name}. Repeat its name to go on: --confirm '{name}'")
    if arguments.preview and arguments.people is not None:
        return await look(actor, DeleteDirectory(directory, arguments.people))
    done = await deletions.delete(actor, directory, arguments.people, token=arguments.token)
    lines = (
        f"{done.name} is deleted. Its people: {_statuses(done.statuses)}.",
        f"Another role: {people(done.roles_changed)}.",
        f"Until {shown(done.restorable_until)} it can be restored: `directories restore {directory}`.",
    )
    return Result(done, "\n".join(lines))


async def restore(arguments: Namespace, chosen: Settings) -> Result:
    """A directory that is back, with what its identity provider needs to be told."""
    actor = await acting_in(arguments.organization)
    made = await deletions.restore(actor, DirectoryId(arguments.directory))
    connection = {
        "organization_id": actor.organization,
        "directory_id": made.id,
        "scim_url": chosen.scim_url,
        "key": made.key,
    }
    text = listing({"Directory": made.id, "SCIM URL": chosen.scim_url, "Key": made.key})
    return Result(connection, f"{text}\n\nThe key is shown this once. Put it into the identity provider now.")


async def show_all(actor: Actor) -> Result:
    """The directories that can be restored."""
    found = await deletions.deleted(actor)
    columns = ("id", "name", "provider", "deleted_at", "restorable_until")
    rows = [[each[column] for column in columns] for each in found]
    head = ("ID", "NAME", "PROVIDER", "DELETED", "CAN BE RESTORED UNTIL")
    return Result(found, table(rows, head=head, otherwise="No directory is deleted."))


def _statuses(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {status}" for status, count in counts.items()) or "nobody gets another status"


def _choice(text: str) -> Choice:
    try:
        return Choice(text.upper().replace("-", "_"))
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is none of {', '.join(Choice)}") from None
