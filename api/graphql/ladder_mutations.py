"""Changing the ladder of roles, and which groups give which."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable

import strawberry

from api.provisioning import governance, ladder
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import PreviewRequired
from api.provisioning.governance import Intent
from api.provisioning.ladder import SetDefault

from . import acting, mutating, roles
from .access import mutation
from .context import Info
from .inputs import MappingInput
from .mutating import Payload
from .previews import archive_role, map_groups, role_key, set_order
from .roles import Role


@strawberry.type(description="The ladder as it is after an act, lowest first.")
class RolesPayload(Payload):
    roles: list[Role] | None = None
    changed_members: int | None = None


async def _act(info: Info, id: str, type: str, act: Callable[[Actor], Awaitable[int]]) -> RolesPayload:
    async def work(actor: Actor, _: uuid.UUID) -> int:
        actor.must(Right.ORGANIZATION_MANAGE)
        return await act(actor)

    tried = await acting.on(info, id, type, work)
    if tried.done is None:
        return RolesPayload(user_errors=tried.user_errors)
    place, changed = tried.done
    there = await mutating.seen(_ladder(info, place.organization))
    return RolesPayload(user_errors=[], remembered=tried.remembered, roles=there, changed_members=changed)


async def _ladder(info: Info, organization: uuid.UUID) -> list[Role]:
    found = await ladder.all_of_them(info.context.actor(organization))
    return [shown for each in found if (shown := roles.role(organization, each))]


async def _seen(
    info: Info, id: str, type: str, wanted: Callable[[Actor], Awaitable[Intent]], token: str | None, *, is_sure: bool
) -> RolesPayload:
    """Do what somebody has looked at."""

    async def act(actor: Actor) -> int:
        if not token:
            raise PreviewRequired("Preview this first, and send the token of the preview.")
        return await governance.apply(actor, await wanted(actor), token=token, is_sure=is_sure)

    return await _act(info, id, type, act)


@strawberry.type
class LadderMutation:
    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Make a role without permissions.")
    async def role_create(
        self, info: Info, organization_id: strawberry.ID, name: str, above_role_id: strawberry.ID | None = None
    ) -> RolesPayload:
        async def act(actor: Actor) -> int:
            await ladder.add(actor, name, above=await role_key(actor, above_role_id) if above_role_id else None)
            return 0

        return await _act(info, organization_id, "Organization", act)

    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Replace what a role permits.")
    async def role_permissions_set(self, info: Info, id: strawberry.ID, permissions: list[str]) -> RolesPayload:
        async def act(actor: Actor) -> int:
            await ladder.set_permissions(actor, await role_key(actor, id), permissions)
            return 0

        return await _act(info, id, "Role", act)

    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Put all roles into an order, lowest first.")
    async def roles_reorder(
        self,
        info: Info,
        organization_id: strawberry.ID,
        role_ids: list[strawberry.ID],
        preview_token: str | None = None,
    ) -> RolesPayload:
        async def wanted(actor: Actor) -> Intent:
            return await set_order(actor, role_ids)

        return await _seen(info, organization_id, "Organization", wanted, preview_token, is_sure=False)

    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Choose the role of people in no mapped group.")
    async def default_role_set(
        self, info: Info, role_id: strawberry.ID, preview_token: str | None = None, is_sure: bool = False
    ) -> RolesPayload:
        async def wanted(actor: Actor) -> Intent:
            return SetDefault(await role_key(actor, role_id))

        return await _seen(info, role_id, "Role", wanted, preview_token, is_sure=is_sure)

    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Take a role away, and give its people another.")
    async def role_archive(
        self, info: Info, id: strawberry.ID, replacement_id: strawberry.ID, preview_token: str | None = None
    ) -> RolesPayload:
        async def wanted(actor: Actor) -> Intent:
            return await archive_role(actor, id, replacement_id)

        return await _seen(info, id, "Role", wanted, preview_token, is_sure=False)

    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Map groups to roles, or to none.")
    async def group_mappings_set(
        self,
        info: Info,
        organization_id: strawberry.ID,
        mappings: list[MappingInput],
        preview_token: str | None = None,
    ) -> RolesPayload:
        async def wanted(actor: Actor) -> Intent:
            return await map_groups(actor, mappings)

        return await _seen(info, organization_id, "Organization", wanted, preview_token, is_sure=False)
