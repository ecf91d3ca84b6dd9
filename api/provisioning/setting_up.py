"""How far somebody may go who sets directories up and does not manage the organization, such as a guest (R047)."""

from __future__ import annotations

from db.ids import DirectoryId
from db.queries import directories as rows

from .actor import Actor, Right
from .errors import Forbidden


async def must_be_new(actor: Actor, directory: DirectoryId) -> None:
    """Raise Forbidden for a directory that is in use already, and somebody who only sets directories up."""
    if not actor.has(Right.ORGANIZATION_MANAGE) and await rows.is_in_use(actor.organization, directory):
        raise Forbidden("This directory is in use. Ask an admin of the organization to change it.")


async def must_see(actor: Actor, directory: DirectoryId | None) -> None:
    """Raise Forbidden unless the actor may read what a directory brought: requests, and names of groups.

    Who only sets directories up reads that of new ones, and of those that they did something with; None is all of them.
    """
    actor.must(Right.ORGANIZATION_READ, *((Right.SET_UP,) if directory else ()))
    if actor.has(Right.ORGANIZATION_READ) or directory is None or actor.id is None:
        return
    if await rows.is_in_use(actor.organization, directory, unless_by=actor.id):
        raise Forbidden("This directory is in use. Its requests and groups are for those who read the organization.")
