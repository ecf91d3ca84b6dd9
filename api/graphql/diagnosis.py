"""Why somebody is not here."""

from __future__ import annotations

import strawberry

from api.provisioning import diagnosis
from api.provisioning.actor import Right
from api.provisioning.diagnosis import Found
from api.provisioning.errors import NotFound

from . import references
from .access import field
from .context import Info


@strawberry.type(description="Something that explains why a person is here or not.")
class Finding:
    code: Found
    text: str
    next_step: str
    request_id: strawberry.ID | None = strawberry.field(description="The trace id of the request to look at.")


@strawberry.type
class DiagnosisQuery:
    @field(
        needs=Right.ORGANIZATION_READ,
        weight=5,
        description="Why somebody is not here, by e-mail address or userName; null for another organization.",
    )
    async def diagnose_person(self, info: Info, organization_id: strawberry.ID, name: str) -> list[Finding] | None:
        try:
            actor = info.context.actor(references.organization(organization_id))
            found = await diagnosis.why(actor, name, scim_url=info.context.settings.scim_url)
        except NotFound:
            return None
        return [
            Finding(
                code=each.code,
                text=each.text,
                next_step=each.next_step,
                request_id=strawberry.ID(each.trace) if each.trace else None,
            )
            for each in found
        ]
