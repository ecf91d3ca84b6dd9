"""Mutations: one act by one service, what was in the way as `userErrors`, and what was remembered of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import strawberry

from api.provisioning.actor import Actor
from api.provisioning.errors import ProvisioningError
from db.ids import OrganizationId, RequestId

from .access import field as described
from .audit import AuditEntry, first_of
from .context import Info
from .errors import UserErrorCode, code_of

T = TypeVar("T")


@strawberry.type(description="Something that was in the way; nothing was carried out.")
class UserError:
    code: UserErrorCode
    message: str = strawberry.field(description="What happened and what to do, for people.")
    field: list[str] | None = strawberry.field(description="The argument that it is about.", default=None)


@strawberry.interface(description="What every mutation answers.")
class Payload:
    user_errors: list[UserError]
    remembered: strawberry.Private[tuple[OrganizationId, RequestId] | None] = None

    @described(description="What was remembered of it first; null when nothing changed.")
    async def audit_entry(self, info: Info) -> AuditEntry | None:
        return await first_of(info, *self.remembered) if self.remembered else None


@dataclass(frozen=True, slots=True)
class Tried(Generic[T]):
    """What came of an act: what it returned, unless something was in the way; and how it is remembered."""

    done: T | None
    user_errors: list[UserError]
    remembered: tuple[OrganizationId, RequestId] | None = None


async def attempt(find: Callable[[], Awaitable[Actor]], act: Callable[[Actor], Awaitable[T]], *path: str) -> Tried[T]:
    """Carry out an act as the actor whom `find` finds; `path` is the argument that is to blame for what is in the way.

    Nothing but what services foresee is caught.
    """
    try:
        actor = await find()
        done = await act(actor)
    except ProvisioningError as error:
        return Tried(None, [UserError(code=code_of(error), message=str(error), field=list(path) or None)])
    return Tried(done, [], (actor.organization, actor.request) if actor.request else None)
