"""Connecting, changing and deleting directories, and their keys."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta

import strawberry

from api.provisioning import clock, deletions, directories, governance, keys
from api.provisioning.actor import Actor, Right
from api.provisioning.deletion_choices import Choice
from api.provisioning.directories import ChangeDirectory, Profile, State, UnknownAttributes
from api.provisioning.errors import BadSetting, PreviewRequired
from db.enums import Provider
from db.ids import DirectoryId, KeyId

from . import acting, mutating, references
from .access import mutation
from .context import Info
from .directories import Directory, find
from .mutating import Payload

_LONGEST_DAYS = 3650


@strawberry.input(description="Absent fields stay as they are.")
class DirectoryUpdateInput:
    name: strawberry.Maybe[str]
    state: strawberry.Maybe[State]
    profile: strawberry.Maybe[Profile]
    unknown_attributes: strawberry.Maybe[UnknownAttributes]
    repeated_group_names: strawberry.Maybe[bool]
    pilot_users: strawberry.Maybe[int]
    import_new_users: strawberry.Maybe[bool]
    import_changes: strawberry.Maybe[bool]
    suspend_on_inactive: strawberry.Maybe[bool]
    suspend_on_leaving_groups: strawberry.Maybe[bool]
    left_out: strawberry.Maybe[list[str]]

    def intent(self, directory: DirectoryId) -> ChangeDirectory:
        """What is wanted of a directory, the same for a preview and for the act."""
        given = {name: some.value for name, some in vars(self).items() if some is not None}
        name = given.pop("name", None)
        return ChangeDirectory(directory, given, name)


@strawberry.input(description="A directory that is to be connected.")
class DirectoryCreateInput:
    name: str
    provider: Provider


@strawberry.type(description="A directory as it is after an act.")
class DirectoryPayload(Payload):
    directory: Directory | None = None


@strawberry.type(description="A directory with a new key, which is shown here and never again.")
class DirectorySecretPayload(Payload):
    directory: Directory | None = None
    secret: str | None = None
    scim_url: str | None = None


async def _secret(
    info: Info, id: str, type: str, act: Callable[[Actor, uuid.UUID], Awaitable[tuple[DirectoryId, str]]]
) -> DirectorySecretPayload:
    tried = await acting.on(info, id, type, act)
    if tried.done is None:
        return DirectorySecretPayload(user_errors=tried.user_errors)
    place, (directory, text) = tried.done
    return DirectorySecretPayload(
        user_errors=[],
        remembered=tried.remembered,
        directory=await find(info, place.organization, directory),
        secret=text,
        scim_url=info.context.settings.scim_url,
    )


async def _changed(
    info: Info, id: str, type: str, act: Callable[[Actor, uuid.UUID], Awaitable[DirectoryId]], *path: str
) -> DirectoryPayload:
    tried = await acting.on(info, id, type, act, *path)
    if tried.done is None:
        return DirectoryPayload(user_errors=tried.user_errors)
    place, directory = tried.done
    there = await find(info, place.organization, directory)
    return DirectoryPayload(user_errors=[], remembered=tried.remembered, directory=there)


async def on_directory(info: Info, id: str, act: Callable[[Actor, DirectoryId], Awaitable[object]]) -> DirectoryPayload:
    """Do something to the directory of a global id, and show it."""

    async def work(actor: Actor, key: uuid.UUID) -> DirectoryId:
        directory = DirectoryId(key)
        await act(actor, directory)
        return directory

    return await _changed(info, id, "Directory", work)


@strawberry.type
class DirectoryMutation:
    @mutation(
        needs=Right.ORGANIZATION_MANAGE,
        description="Connect an identity provider. A repetition by the same key tells which one, but not its secret.",
    )
    async def directory_create(
        self,
        info: Info,
        organization_id: strawberry.ID,
        input: DirectoryCreateInput,
        idempotency_key: str | None = None,
    ) -> DirectorySecretPayload:
        made: directories.Connected | None = None

        async def act(actor: Actor) -> uuid.UUID:
            nonlocal made
            made = await directories.connect(
                actor, name=input.name, provider=input.provider, settings=directories.Settings()
            )
            return made.id

        asked = ("directoryCreate", organization_id, input.name, input.provider)
        once = mutating.once(info, idempotency_key, asked, act)
        tried = await mutating.attempt(acting.in_organization(info, organization_id), once)
        if tried.done is None:
            return DirectorySecretPayload(user_errors=tried.user_errors)
        return DirectorySecretPayload(
            user_errors=[],
            remembered=tried.remembered if made else None,
            directory=await find(info, references.organization(organization_id), tried.done),
            secret=made.key if made else None,
            scim_url=info.context.settings.scim_url,
        )

    @mutation(
        needs=Right.ORGANIZATION_MANAGE,
        description="Change a directory, pause it, or end its pilot. Where members would change, preview it first.",
    )
    async def directory_update(
        self, info: Info, id: strawberry.ID, input: DirectoryUpdateInput, preview_token: str | None = None
    ) -> DirectoryPayload:
        async def act(actor: Actor, directory: DirectoryId) -> int:
            return await governance.apply_seen(actor, input.intent(directory), token=preview_token)

        return await on_directory(info, id, act)

    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Make a new key; the others end after the overlap.")
    async def directory_key_rotate(
        self, info: Info, id: strawberry.ID, overlap_hours: int = 0, expires_in_days: int | None = None
    ) -> DirectorySecretPayload:
        async def act(actor: Actor, key: uuid.UUID) -> tuple[DirectoryId, str]:
            directory = DirectoryId(key)
            actor.must(Right.SET_UP)
            if expires_in_days is not None and not 1 <= expires_in_days <= _LONGEST_DAYS:
                raise BadSetting(f"A key lives for 1 to {_LONGEST_DAYS} days.")
            if not 0 <= overlap_hours <= keys.OVERLAP_AT_MOST // timedelta(hours=1):
                raise BadSetting("The old key can live on for seven days at most.")
            return directory, await keys.rotate(
                actor,
                directory,
                overlap=timedelta(hours=overlap_hours),
                expires_at=None if expires_in_days is None else clock.now() + timedelta(days=expires_in_days),
            )

        return await _secret(info, id, "Directory", act)

    @mutation(needs=Right.ORGANIZATION_MANAGE, description="End one key at once.")
    async def directory_key_revoke(self, info: Info, id: strawberry.ID) -> DirectoryPayload:
        async def act(actor: Actor, key: uuid.UUID) -> DirectoryId:
            return await keys.revoke(actor, KeyId(key))

        return await _changed(info, id, "DirectoryKey", act, "id")

    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Delete a directory; it can be restored for thirty days.")
    async def directory_delete(
        self,
        info: Info,
        id: strawberry.ID,
        members: Choice,
        confirm_name: str,
        preview_token: str | None = None,
    ) -> DirectoryPayload:
        async def act(actor: Actor, directory: DirectoryId) -> object:
            actor.must(Right.ORGANIZATION_MANAGE)
            if not preview_token:
                raise PreviewRequired("Preview the deletion first, and send the token of the preview.")
            return await deletions.delete(actor, directory, members, token=preview_token, confirmed_name=confirm_name)

        return await on_directory(info, id, act)

    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Restore a deleted directory, with a new key.")
    async def directory_restore(self, info: Info, id: strawberry.ID) -> DirectorySecretPayload:
        async def act(actor: Actor, directory: uuid.UUID) -> tuple[DirectoryId, str]:
            made = await deletions.restore(actor, DirectoryId(directory))
            return made.id, made.key

        return await _secret(info, id, "Directory", act)
