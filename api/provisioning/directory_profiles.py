"""What directories say of members, for edges that can read it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.queries import profiles as rows

from .actor import Actor, Right
from .errors import NotFound


@dataclass(frozen=True, slots=True)
class LastSaid:
    """A SCIM User as JSON text, and the version of the organization's schemas by which it is read."""

    document: str
    schema_version: int


async def last_said(actor: Actor, member: uuid.UUID) -> LastSaid | None:
    """The SCIM User that a directory wrote last of a member, None where no directory has them; raises NotFound.

    One that is active counts before others: who left one directory is known by the other.
    """
    actor.must(Right.ORGANIZATION_READ)
    found = (await rows.last_said(actor.organization, [member])).get(member)
    if found is None:
        raise NotFound(f"There is no member with the id {member} in this organization.")
    document, schema_version = found
    return None if document is None else LastSaid(document, schema_version)


async def last_said_of(actor: Actor, members: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, LastSaid]:
    """The same of many members; whom no directory has is left out."""
    actor.must(Right.ORGANIZATION_READ)
    found = await rows.last_said(actor.organization, members)
    return {member: LastSaid(document, version) for member, (document, version) in found.items() if document}
