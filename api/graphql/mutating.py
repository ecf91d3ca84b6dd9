"""Mutations: one act by one service, what was in the way as `userErrors`, and what was remembered of it."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import strawberry

from api.provisioning import idempotency
from api.provisioning.actor import Actor
from api.provisioning.errors import Forbidden, ProvisioningError
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


async def tried(act: Callable[[], Awaitable[T]], *path: str) -> Tried[T]:
    """The same for what happens in no organization, or in one that is made by it."""
    try:
        done = await act()
    except ProvisioningError as error:
        return Tried(None, [UserError(code=code_of(error), message=str(error), field=list(path) or None)])
    return Tried(done, [])


async def seen(thing: Awaitable[T | None]) -> T | None:
    """A thing as it is after an act; None for whoever may act and not look."""
    try:
        return await thing
    except Forbidden:
        return None


def once(
    info: Info, key: str | None, asked: object, act: Callable[[Actor], Awaitable[uuid.UUID]]
) -> Callable[[Actor], Awaitable[uuid.UUID]]:
    """An act that makes something, for `attempt`: with an idempotency key it is carried out once, see `idempotency`.

    `asked` is everything that the mutation was given but the key, its own name first.
    """
    if key is None:
        return act

    async def guarded(actor: Actor) -> uuid.UUID:
        return await idempotency.once(info.context.caller, key, asked, lambda: act(actor))

    return guarded


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
