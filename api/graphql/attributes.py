"""What organizations note beside attributes."""

from __future__ import annotations

from collections.abc import Mapping

import strawberry

from api.provisioning import attribute_notes
from api.provisioning.actor import Actor, Right
from db.rule_rows import OrganizationView

from . import acting, mutating
from .access import field, mutation
from .context import Info
from .mutating import Payload


@strawberry.type(description="What an organization notes beside an attribute.")
class AttributeNote:
    attribute: str = strawberry.field(description="Its name in SCIM, as the catalogue has it.")
    note: str


@strawberry.input(description="What to note beside an attribute.")
class AttributeNoteInput:
    attribute: str = strawberry.field(description="Its name in SCIM, as the catalogue has it.")
    note: str = strawberry.field(description="One line of at most 300 letters; empty for none any more.")


@strawberry.type(description="The notes as they are after an act.")
class AttributeNotesPayload(Payload):
    attribute_notes: list[AttributeNote] | None = None


@strawberry.type
class OrganizationAttributes:
    """What an organization shows of attributes."""

    row: strawberry.Private[OrganizationView]

    @field(description="What it notes beside attributes, such as what its own console calls them.")
    async def attribute_notes(self, info: Info) -> list[AttributeNote]:
        return _notes(attribute_notes.shown(info.context.actor(self.row.id), self.row.attribute_notes))


@strawberry.type
class AttributeMutation:
    @mutation(
        needs=Right.ORGANIZATION_MANAGE,
        description="Write notes beside attributes; those of attributes that are not named stay.",
    )
    async def attribute_notes_set(
        self, info: Info, organization_id: strawberry.ID, notes: list[AttributeNoteInput]
    ) -> AttributeNotesPayload:
        async def act(actor: Actor) -> Mapping[str, str]:
            return await attribute_notes.write(actor, {each.attribute: each.note for each in notes})

        tried = await mutating.attempt(acting.in_organization(info, organization_id), act, "notes")
        return AttributeNotesPayload(
            attribute_notes=None if tried.done is None else _notes(tried.done),
            user_errors=tried.user_errors,
            remembered=tried.remembered,
        )


def _notes(found: Mapping[str, str]) -> list[AttributeNote]:
    return [AttributeNote(attribute=name, note=note) for name, note in found.items()]
