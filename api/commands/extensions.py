"""`extensions register|propose|approve|refuse|list`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

import msgspec

from api.provisioning import extensions
from api.scim import extension_files
from api.scim.language.schemas import Schema
from api.settings import Settings
from db.enums import ExtensionState
from db.rule_rows import ExtensionRow

from .errors import CommandError
from .results import Result, table
from .verbs import Verbs, acting_in, noun, query

_MORE = """\
The file holds one schema as /Schemas shows it (RFC 7643 §7): an `id`, which is the URN, and `attributes`. From then on
users of this organization may carry the attributes, in filters, PATCH paths and answers as well. Registering a URN
again replaces its definition; values that were kept stay as they are."""
_PROPOSING = """\
The file is as for `register`. The policy custom_attributes says what happens: under REVIEWED the extension waits for
`approve` or `refuse`, under SELF_SERVICE it is in force at once, under OFF it is refused."""
_URN = "urn:ietf:params:scim:schemas:extension:acme:2.0:User"


def add(nouns: Verbs) -> None:
    """The verbs of extensions."""
    verbs = noun(nouns, "extensions", about="Decide about SCIM extensions: attributes of an organization's own")
    parser = query(
        verbs,
        "register",
        register,
        does="Register an extension for an organization's users",
        more=_MORE,
        example="python -m api extensions register --organization $ORG --file schema.json",
    )
    _file(parser)
    parser = query(
        verbs,
        "propose",
        propose,
        does="Propose an extension, as an admin of the organization does",
        more=_PROPOSING,
        example='python -m api extensions propose --organization $ORG --file schema.json --by "Dana of IT"',
    )
    _file(parser)
    parser.add_argument("--by", default="the operator", metavar="WHO", help="who asks for it; the operator unless said")
    for verb, ask, does in (
        ("approve", approve, "Put a proposed extension into force"),
        ("refuse", refuse, "Refuse a proposed extension"),
    ):
        example = f"python -m api extensions {verb} {_URN} --organization $ORG"
        parser = query(verbs, verb, ask, does=does, example=example)
        parser.add_argument("urn", metavar="URN", help="see `extensions list`")
    query(
        verbs,
        "list",
        show_all,
        does="List the extensions of an organization, and which are in force",
        example="python -m api extensions list --organization $ORG --json",
    )


async def register(arguments: Namespace, chosen: Settings) -> Result:
    """The extension as it was registered."""
    schema = _schema(arguments, chosen)
    actor = await acting_in(arguments.organization)
    definition = extension_files.definition(schema)
    await extensions.register(actor, urn=schema.id, definition=definition)
    names = ", ".join(attribute.name for attribute in schema.attributes)
    return Result(msgspec.json.decode(definition), f"Registered {schema.id} with {names}.")


async def propose(arguments: Namespace, chosen: Settings) -> Result:
    """The extension as it was proposed."""
    schema = _schema(arguments, chosen)
    actor = await acting_in(arguments.organization)
    definition = extension_files.definition(schema)
    return _decided(await extensions.propose(actor, urn=schema.id, definition=definition, by=arguments.by))


async def approve(arguments: Namespace, _: Settings) -> Result:
    """The extension, in force."""
    return _decided(await extensions.approve(await acting_in(arguments.organization), arguments.urn))


async def refuse(arguments: Namespace, _: Settings) -> Result:
    """The extension, refused."""
    return _decided(await extensions.refuse(await acting_in(arguments.organization), arguments.urn))


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """All extensions, oldest first."""
    found = await extensions.all_of_them(await acting_in(arguments.organization))
    data = [_shown(each) for each in found]
    rows = [[one["id"], one["state"], one["proposed_by"], one.get("name"), _attributes(one)] for one in data]
    head = ("URN", "STATE", "PROPOSED BY", "NAME", "ATTRIBUTES")
    return Result(data, table(rows, head=head, otherwise="The organization has no extension."))


_SAYING = {
    ExtensionState.PENDING: "waits for `extensions approve` or `extensions refuse`",
    ExtensionState.APPROVED: "is in force",
    ExtensionState.REFUSED: "is refused",
}


def _decided(extension: ExtensionRow) -> Result:
    return Result(_shown(extension), f"{extension.urn} {_SAYING[ExtensionState(extension.state)]}.")


def _shown(extension: ExtensionRow) -> dict[str, object]:
    definition = msgspec.json.decode(extension.definition, type=dict[str, object])
    by, at = extension.proposed_by, extension.decided_at
    return {**definition, "state": extension.state, "proposed_by": by, "decided_at": at}


def _attributes(definition: dict[str, object]) -> str:
    attributes = msgspec.convert(definition["attributes"], list[dict[str, object]])
    return ", ".join(str(attribute["name"]) for attribute in attributes)


def _file(parser: ArgumentParser) -> None:
    parser.add_argument("--file", required=True, metavar="FILE", help="the JSON file; - for standard input")


def _schema(arguments: Namespace, chosen: Settings) -> Schema:
    file = arguments.file
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    return extension_files.read(content, seat_type_urn=chosen.seat_type_urn)
