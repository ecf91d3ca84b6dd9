"""Bodies of writes, with what real clients do differently put right where the directory is tolerant."""

from __future__ import annotations

from collections.abc import Sequence

from . import quirks
from .exchange import Exchange
from .language import patch
from .language.errors import InvalidPath
from .language.patch import Operation
from .language.schemas import ResourceType


def resource(exchange: Exchange, type: ResourceType) -> tuple[object, Sequence[str]]:
    """The representation in a POST or PUT, and what was put right in it."""
    body = exchange.json()
    return quirks.normalise_resource(body, type) if exchange.settings.is_tolerant else (body, ())


def modification(exchange: Exchange, type: ResourceType) -> tuple[tuple[Operation, ...], Sequence[str]]:
    """The operations in a PATCH, and what was put right in them.

    A strict directory wants a path in each: RFC 7644 §3.5.2 allows to leave it out, the SCIM interoperability profile
    does not (REQUIREMENTS C18).
    """
    if exchange.settings.is_tolerant:
        body, notes = quirks.normalise_patch(exchange.json(), type)
        return patch.parse(body, type, tolerant=True), notes
    operations = patch.parse(exchange.json(), type, tolerant=False)
    if any(operation.path is None for operation in operations):
        raise InvalidPath("This directory is strict: each operation needs a `path`.")
    return operations, ()
