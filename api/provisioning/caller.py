"""Who calls from outside, before it is known which organization it is about."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from db.ids import OrganizationId, RequestId

from .actor import Actor, ActorKind, Right
from .errors import Forbidden, NotFound

NOWHERE = OrganizationId(uuid.UUID(int=0))
"""What stands for the organization of what belongs to none, such as the operator's own tokens and their history."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with rights in one organization, or in every one and on the platform itself if it is None.

    `who` says it in words for people, `until` when these rights end, if that is known. `account` is whose login it is,
    for people who have signed in; `reach` are the only organizations of theirs that it tells them of, None for all.
    `is_by_break_glass` tells that they are let in only because their admins keep a way in for the day that it burns.
    """

    kind: ActorKind
    id: uuid.UUID | None
    who: str
    rights: frozenset[Right]
    organization: OrganizationId | None = None
    until: datetime | None = None
    account: uuid.UUID | None = None
    reach: frozenset[uuid.UUID] | None = None
    is_by_break_glass: bool = False

    def must(self, right: Right) -> None:
        """Raise Forbidden unless the caller has the right."""
        if right not in self.rights:
            raise Forbidden(f"This needs the permission {right.value}.")

    def must_run_platform(self) -> None:
        """Raise Forbidden for whoever belongs to an organization, or may not manage the platform."""
        self.must(Right.PLATFORM_MANAGE)
        if self.organization is not None:
            raise Forbidden("Only the operator of this installation does this.")

    def may_enter(self, organization: uuid.UUID) -> bool:
        """Whether the caller has anything to do with an organization."""
        return self.organization is None or self.organization == organization

    def within(self, organization: uuid.UUID, request: RequestId | None = None) -> Actor:
        """The caller inside an organization, acting for a request; raises NotFound for one that is not theirs."""
        if not self.may_enter(organization):
            raise NotFound(f"There is no organization with the id {organization}.")
        return Actor(self.kind, OrganizationId(organization), self.id, self.rights, self.who, request)


def the_operator() -> Caller:
    """Whoever runs this installation, at the command line."""
    return Caller(ActorKind.OPERATOR, None, "the operator", frozenset(Right))
