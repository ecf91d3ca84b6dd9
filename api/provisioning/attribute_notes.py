"""What an organization notes beside attributes, such as what its own console calls them (R085).

Notes stand by the attributes' SCIM names and apart from the catalogue, so that another catalogue leaves them alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from db.queries import organizations as rows
from db.transaction import transaction

from . import clock
from .actor import Actor, Right
from .attribute_catalogue import by_name
from .errors import BadSetting, NotFound
from .history import differences, remember

LONGEST = 300


def read(text: str) -> Mapping[str, str]:
    """The notes that an organization's row holds, by the names of attributes."""
    return msgspec.json.decode(text, type=dict[str, str])


def shown(actor: Actor, text: str) -> Mapping[str, str]:
    """The notes that an organization's row holds, for whoever may see them."""
    actor.must(Right.ORGANIZATION_READ, Right.SET_UP)
    return read(text)


async def write(actor: Actor, notes: Mapping[str, str]) -> Mapping[str, str]:
    """Write notes, an empty one for none any more; what is not named stays. All of them as they are then.

    Raises BadSetting for what is no attribute of the catalogue and for endless notes, NotFound.
    """
    actor.must(Right.ORGANIZATION_MANAGE)
    given = {name: " ".join(note.split()) for name, note in notes.items()}
    for name, note in given.items():
        _check(name, note)

    async def work() -> Mapping[str, str]:
        if not await rows.lock(actor.organization):
            raise NotFound(f"There is no organization with the id {actor.organization}.")
        before = read(await rows.attribute_notes(actor.organization))
        after = {name: note for name, note in {**before, **given}.items() if note}
        if after != before:
            await rows.set_attribute_notes(actor.organization, msgspec.json.encode(after).decode())
            old, new = differences(*({name: of.get(name) for name in {**before, **after}} for of in (before, after)))
            subject = actor.organization
            await remember(actor, clock.now(), "attributes_noted", "organization", subject, before=old, after=new)
        return after

    return await transaction(work)


def _check(name: str, note: str) -> None:
    known = by_name()
    if name not in known:
        raise BadSetting(f"There is no attribute {name!r} in the catalogue. There are: {', '.join(known)}.")
    if len(note) > LONGEST or not note.isprintable():
        raise BadSetting(f"The note of {known[name].label} is longer than {LONGEST} letters, or has odd ones.")
