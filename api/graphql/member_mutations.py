"""Acts on members: profile, access, roles by hand, invitations."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime

import strawberry
from msgspec import UNSET

from api.provisioning import access, erasures, governance, profiles
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import BadSetting
from api.provisioning.grounds import Grounds
from api.provisioning.outcome import MemberOutcome
from api.provisioning.overrides import ClearOverrides, OverrideRoles
from api.provisioning.profile import ProfileEdit
from db.enums import SeatType

from . import acting, mutating, references
from .access import mutation
from .context import Info
from .members import Member, find
from .mutating import Payload
from .references import MemberRef


@strawberry.input(description="What is to be changed; what is left out stays as it is.")
class MemberUpdateInput:
    email: strawberry.Maybe[str]
    display_name: strawberry.Maybe[str | None]
    seat_type: strawberry.Maybe[SeatType | None] = strawberry.field(
        description="The seat wanted; null leaves it to the organization."
    )
    locked_fields: strawberry.Maybe[list[str]] = strawberry.field(
        description="Exactly the fields that no directory overwrites: `email`, `display_name`, `seat_type`."
    )


@strawberry.type(description="A member as they are after an act.")
class MemberPayload(Payload):
    member: Member | None = None


async def act_on(info: Info, ref: MemberRef, act: Callable[[Actor, uuid.UUID], Awaitable[object]]) -> MemberPayload:
    """Do something to a member, and show them as they are then to whoever may see them."""
    tried = await acting.at(info, lambda: references.member(info, ref), act, "ref")
    if tried.done is None:
        return MemberPayload(user_errors=tried.user_errors)
    place, _ = tried.done
    there = await mutating.seen(find(info, place.organization, place.id))
    return MemberPayload(member=there, user_errors=[], remembered=tried.remembered)


@strawberry.type
class MemberMutation:
    @mutation(needs=Right.MEMBERS_MANAGE, description="Take access from a member by hand, until somebody lets them in.")
    async def member_deactivate(
        self, info: Info, ref: MemberRef, reason: str | None = None, break_glass: bool = False
    ) -> MemberPayload:
        async def act(actor: Actor, member: uuid.UUID) -> MemberOutcome:
            return await access.deactivate(actor, member, Grounds(reason, break_glass))

        return await act_on(info, ref, act)

    @mutation(needs=Right.MEMBERS_MANAGE, description="Let a member in again who was deactivated by hand.")
    async def member_reactivate(
        self, info: Info, ref: MemberRef, reason: str | None = None, break_glass: bool = False
    ) -> MemberPayload:
        async def act(actor: Actor, member: uuid.UUID) -> MemberOutcome:
            return await access.let_in(actor, member, Grounds(reason, break_glass))

        return await act_on(info, ref, act)

    @mutation(needs=Right.MEMBERS_MANAGE, description="Change a member's name, address, wanted seat, or locks.")
    async def member_update(
        self,
        info: Info,
        ref: MemberRef,
        input: MemberUpdateInput,
        reason: str | None = None,
        break_glass: bool = False,
        expected_version: int | None = None,
    ) -> MemberPayload:
        edit = ProfileEdit(
            email=input.email.value if input.email else UNSET,
            display_name=input.display_name.value if input.display_name else UNSET,
            seat_type=input.seat_type.value if input.seat_type else UNSET,
            locked=frozenset(input.locked_fields.value) if input.locked_fields else UNSET,
        )

        async def act(actor: Actor, member: uuid.UUID) -> MemberOutcome:
            why = Grounds(reason, break_glass)
            return await profiles.change(actor, member, edit, why, expected_version=expected_version)

        return await act_on(info, ref, act)

    @mutation(needs=Right.MEMBERS_MANAGE, description="Give a member another seat; null for the default.")
    async def member_seat_set(
        self,
        info: Info,
        ref: MemberRef,
        seat_type: strawberry.Maybe[SeatType | None] = None,
        reason: str | None = None,
        break_glass: bool = False,
    ) -> MemberPayload:
        async def act(actor: Actor, member: uuid.UUID) -> MemberOutcome:
            if seat_type is None:
                raise BadSetting("Say which seat, or null for the organization's default.")
            edit = ProfileEdit(seat_type=seat_type.value)
            return await profiles.change(actor, member, edit, Grounds(reason, break_glass))

        return await act_on(info, ref, act)

    @mutation(needs=Right.MEMBERS_MANAGE, description="Choose a role for a member by hand.")
    async def member_role_override_set(
        self,
        info: Info,
        ref: MemberRef,
        role_id: strawberry.ID,
        reason: str,
        expires_at: datetime | None = None,
        preview_token: str | None = None,
    ) -> MemberPayload:
        async def act(actor: Actor, member: uuid.UUID) -> int:
            key = await references.role_key(info, actor, role_id)
            wanted = OverrideRoles((member,), key, reason, actor.who, references.moment(expires_at))
            return await governance.apply(actor, wanted, token=preview_token)

        return await act_on(info, ref, act)

    @mutation(needs=Right.MEMBERS_MANAGE, description="Let a member's role follow from their groups again.")
    async def member_role_override_clear(
        self, info: Info, ref: MemberRef, preview_token: str | None = None
    ) -> MemberPayload:
        async def act(actor: Actor, member: uuid.UUID) -> int:
            return await governance.apply(actor, ClearOverrides((member,)), token=preview_token)

        return await act_on(info, ref, act)

    @mutation(needs=Right.MEMBERS_MANAGE, description="Take access away at once, whatever is on hold; needs a reason.")
    async def member_revoke_now(
        self, info: Info, ref: MemberRef, reason: str, allow_removing_last_admin: bool = False
    ) -> MemberPayload:
        async def act(actor: Actor, member: uuid.UUID) -> MemberOutcome:
            return await access.revoke_now(
                actor, member, Grounds(reason), allow_removing_last_admin=allow_removing_last_admin
            )

        return await act_on(info, ref, act)

    @mutation(needs=Right.MEMBERS_MANAGE, description="Deprovision a member whom no directory has; history is kept.")
    async def member_remove(
        self,
        info: Info,
        ref: MemberRef,
        confirm_email: str,
        reason: str | None = None,
        allow_removing_last_admin: bool = False,
    ) -> MemberPayload:
        async def act(actor: Actor, member: uuid.UUID) -> MemberOutcome:
            return await access.remove(
                actor,
                member,
                Grounds(reason),
                confirmed=confirm_email,
                allow_removing_last_admin=allow_removing_last_admin,
            )

        return await act_on(info, ref, act)

    @mutation(needs=Right.PLATFORM_MANAGE, description="Erase a member for good; what remains is a tombstone.")
    async def member_erase(self, info: Info, ref: MemberRef, reason: str) -> MemberPayload:
        async def act(actor: Actor, member: uuid.UUID) -> None:
            await erasures.erase_now(actor, member, Grounds(reason))

        return await act_on(info, ref, act)
