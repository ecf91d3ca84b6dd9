"""Directories whose people Rollcall fetches, from Google Workspace."""

from __future__ import annotations

import uuid
from dataclasses import replace

import strawberry

from api.google.client import read_key_file
from api.provisioning import directories, pulls
from api.provisioning.actor import Actor, Right
from api.provisioning.pulls import Choice
from db.ids import DirectoryId

from . import acting, directory_mutations, ids, mutating
from .access import mutation
from .context import Info
from .directories import find
from .directory_mutations import DirectoryPayload


@strawberry.input(description="A directory of Google Workspace that is to be connected.")
class PullConnectInput:
    name: str
    key_file: str = strawberry.field(description="The JSON file of the service account's key; it is never shown again.")
    admin_email: str = strawberry.field(description="The administrator in whose name the service account reads.")
    customer: str = strawberry.field(default="my_customer", description="Google's id of the customer.")
    user_query: str = strawberry.field(
        default="", description="Which users, in Google's search language; all if empty."
    )
    takes_groups: bool = True
    every_minutes: int = 20


@strawberry.input(description="Absent fields stay as they are.")
class PullUpdateInput:
    key_file: strawberry.Maybe[str]
    admin_email: strawberry.Maybe[str]
    customer: strawberry.Maybe[str]
    user_query: strawberry.Maybe[str]
    takes_groups: strawberry.Maybe[bool]
    every_minutes: strawberry.Maybe[int]

    def of(self, before: Choice) -> Choice:
        """What is chosen then; raises BadSetting for a key file that is none."""
        given = {name: some.value for name, some in vars(self).items() if some is not None}
        if (text := given.pop("key_file", None)) is not None:
            given |= {"credentials": text.encode(), "client_email": read_key_file(text).client_email}
        return replace(before, **given)


@strawberry.type
class PullMutation:
    @mutation(
        needs=Right.ORGANIZATION_MANAGE,
        description="Connect Google Workspace, which sends people to nobody: Rollcall fetches them.",
    )
    async def pull_connect(
        self, info: Info, organization_id: strawberry.ID, input: PullConnectInput, idempotency_key: str | None = None
    ) -> DirectoryPayload:
        async def act(actor: Actor) -> uuid.UUID:
            actor.must(Right.SET_UP)
            account = read_key_file(input.key_file)
            choice = Choice(
                input.admin_email,
                account.client_email,
                input.key_file.encode(),
                input.customer,
                input.user_query,
                input.takes_groups,
                input.every_minutes,
            )
            return await pulls.connect(actor, input.name, directories.Settings(), choice)

        asked = ("pullConnect", organization_id, vars(input))
        once = mutating.once(info, idempotency_key, asked, act)
        tried = await mutating.attempt(acting.in_organization(info, organization_id), once)
        if tried.done is None:
            return DirectoryPayload(user_errors=tried.user_errors)
        shown = await find(info, ids.must_be(organization_id, "Organization").organization, tried.done)
        return DirectoryPayload(user_errors=[], remembered=tried.remembered, directory=shown)

    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Change how people are fetched; they are, anew, at once.")
    async def pull_update(self, info: Info, directory_id: strawberry.ID, input: PullUpdateInput) -> DirectoryPayload:
        async def act(actor: Actor, directory: DirectoryId) -> None:
            await pulls.change(actor, directory, input.of(await pulls.choice(actor, directory)))

        return await directory_mutations.on_directory(info, directory_id, act)

    @mutation(needs=Right.ORGANIZATION_MANAGE, description="Fetch people at once instead of when it is time.")
    async def pull_now(self, info: Info, directory_id: strawberry.ID) -> DirectoryPayload:
        return await directory_mutations.on_directory(info, directory_id, pulls.hurry)
