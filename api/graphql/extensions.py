"""Extensions of the User schema: an organization proposes them, the operator decides."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec
import strawberry
from strawberry.scalars import JSON

from api.provisioning import extensions
from api.provisioning.actor import Actor, Right
from db.enums import ExtensionState
from db.rule_rows import ExtensionRow

from . import acting, ids, mutating, references
from .access import field, mutation
from .context import Info
from .mutating import Payload
from .nodes import Node, found_by


@strawberry.type(description="An extension of the User schema with attributes of an organization's own.")
class Extension(Node):
    urn: str
    state: ExtensionState
    definition: JSON = strawberry.field(description="The schema as RFC 7643 §7 has it.")
    proposed_by: str | None
    decided_at: datetime | None


def extension(organization: uuid.UUID, row: ExtensionRow) -> Extension:
    """What the schema shows of an extension."""
    return Extension(
        id=ids.write("Extension", organization, row.id),
        urn=row.urn,
        state=ExtensionState(row.state),
        definition=msgspec.json.decode(row.definition),
        proposed_by=row.proposed_by,
        decided_at=row.decided_at,
    )


@found_by("Extension")
async def _find(info: Info, organization: uuid.UUID, id: uuid.UUID) -> Extension | None:
    row = await info.context.load(extensions.many, organization, id)
    return extension(organization, row) if row else None


@strawberry.type
class OrganizationExtensions:
    """What an organization shows of its extensions."""

    key: strawberry.Private[uuid.UUID]

    @field(description="Its extensions of the User schema, oldest first, whatever was decided about them.")
    async def extensions(self, info: Info) -> list[Extension]:
        found = await extensions.all_of_them(info.context.actor(self.key))
        return [extension(self.key, row) for row in found]


@strawberry.type(description="An extension as it is after an act.")
class ExtensionPayload(Payload):
    extension: Extension | None = None


@strawberry.type
class ExtensionMutation:
    @mutation(
        needs=Right.ORGANIZATION_MANAGE,
        description="Propose a schema, as RFC 7643 §7 has it; the policy customAttributes says what follows.",
    )
    async def extension_propose(self, info: Info, organization_id: strawberry.ID, definition: JSON) -> ExtensionPayload:
        async def act(actor: Actor) -> ExtensionRow:
            return await extensions.propose_json(actor, definition)

        tried = await mutating.attempt(acting.in_organization(info, organization_id), act, "definition")
        made = extension(references.organization(organization_id), tried.done) if tried.done else None
        return ExtensionPayload(extension=made, user_errors=tried.user_errors, remembered=tried.remembered)

    @mutation(needs=Right.PLATFORM_MANAGE, description="Put a proposed extension into force.")
    async def extension_approve(self, info: Info, id: strawberry.ID) -> ExtensionPayload:
        return await _decided(info, id, extensions.approve)

    @mutation(needs=Right.PLATFORM_MANAGE, description="Refuse a proposed extension; it can be proposed again.")
    async def extension_refuse(self, info: Info, id: strawberry.ID) -> ExtensionPayload:
        return await _decided(info, id, extensions.refuse)


async def _decided(info: Info, id: str, decide: Callable[[Actor, str], Awaitable[ExtensionRow]]) -> ExtensionPayload:
    async def work(actor: Actor, key: uuid.UUID) -> ExtensionRow:
        return await decide(actor, await extensions.urn_of(actor, key))

    tried = await acting.on(info, id, "Extension", work, "id")
    if tried.done is None:
        return ExtensionPayload(user_errors=tried.user_errors)
    place, row = tried.done
    return ExtensionPayload(extension=extension(place.organization, row), user_errors=[], remembered=tried.remembered)
