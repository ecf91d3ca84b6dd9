"""`extensions register|list`."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

import msgspec

from api.provisioning import organizations
from api.settings import Settings

from . import extension_files
from .errors import CommandError
from .results import Result, table
from .verbs import Verbs, acting_in, noun, query

_MORE = """\
The file holds one schema as /Schemas shows it (RFC 7643 §7): an `id`, which is the URN, and `attributes`. From then on
users of this organization may carry the attributes, in filters, PATCH paths and answers as well. Registering a URN
again replaces its definition; values that were kept stay as they are."""


def add(nouns: Verbs) -> None:
    """The verbs of extensions."""
    verbs = noun(nouns, "extensions", about="Register SCIM extensions: attributes of an organization's own")
    parser = query(
        verbs,
        "register",
        register,
        does="Register an extension for an organization's users",
        more=_MORE,
        example="python -m api extensions register --organization $ORG --file schema.json",
    )
    parser.add_argument("--file", required=True, metavar="FILE", help="the JSON file; - for standard input")
    query(
        verbs,
        "list",
        show_all,
        does="List the extensions of an organization",
        example="python -m api extensions list --organization $ORG --json",
    )


async def register(arguments: Namespace, chosen: Settings) -> Result:
    """The extension as it was registered."""
    schema = extension_files.read(_content(arguments.file), seat_type_urn=chosen.seat_type_urn)
    actor = await acting_in(arguments.organization)
    definition = extension_files.definition(schema)
    await organizations.register_extension(actor, urn=schema.id, definition=definition)
    names = ", ".join(attribute.name for attribute in schema.attributes)
    return Result(msgspec.json.decode(definition), f"Registered {schema.id} with {names}.")


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """The registered extensions, oldest first."""
    actor = await acting_in(arguments.organization)
    texts = await organizations.extensions(actor.organization)
    found = [msgspec.json.decode(text, type=dict[str, object]) for text in texts]
    rows = [[one["id"], one.get("name"), _attributes(one)] for one in found]
    head = ("URN", "NAME", "ATTRIBUTES")
    return Result(found, table(rows, head=head, otherwise="The organization has registered no extension."))


def _attributes(definition: dict[str, object]) -> str:
    attributes = msgspec.convert(definition["attributes"], list[dict[str, object]])
    return ", ".join(str(attribute["name"]) for attribute in attributes)


def _content(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
