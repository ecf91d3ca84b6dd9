"""Invitations: asking people in whom no directory brings."""

from __future__ import annotations

import uuid
from datetime import datetime

import strawberry

from api.provisioning import invitations
from api.provisioning.actor import Actor, Right
from api.provisioning.invitations import Guest, Invited
from db.enums import SeatType
from db.invitation_rows import OpenInvitation

from . import acting, connections, ids, mutating, references
from .access import field, mutation
from .connections import After, Before, Connection, First, Last
from .context import Info
from .member_mutations import MemberPayload, act_on
from .members import Member, find
from .mutating import Payload
from .references import MemberRef


@strawberry.type(description="An invitation that nobody has accepted, also one that has expired.")
class Invitation:
    key: strawberry.Private[tuple[uuid.UUID, uuid.UUID]]
    email: str
    invited_by: str
    invited_at: datetime
    expires_at: datetime

    @field(description="Who is invited.")
    async def member(self, info: Info) -> Member | None:
        return await find(info, *self.key)


@strawberry.type
class OrganizationInvitations:
    """What an organization shows of its invitations."""

    key: strawberry.Private[uuid.UUID]

    @field(description="Invitations that nobody has accepted, oldest members first.")
    async def invitations(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Invitation]:
        span = connections.span("invitations", first, after, last, before)
        page = await invitations.open_page(info.context.actor(self.key), span)
        return connections.connection("invitations", page, span, self._shown)

    def _shown(self, row: OpenInvitation) -> Invitation:
        return Invitation(
            key=(self.key, row.member_id),
            email=row.email,
            invited_by=row.invited_by,
            invited_at=row.invited_at,
            expires_at=row.expires_at,
        )


@strawberry.input(description="Who is to be invited; without seat type or role they get what everybody has.")
class MemberInviteInput:
    email: str
    display_name: str | None = None
    seat_type: SeatType | None = None
    role_id: strawberry.ID | None = None
    send_mail: bool = strawberry.field(default=True, description="False if you tell them yourself.")


@strawberry.type(description="Somebody who is invited. The token is in the link that they are sent.")
class MemberInvitePayload(Payload):
    member: Member | None = None
    token: str | None = strawberry.field(
        default=None, description="Shown this once; null when an idempotency key was sent again."
    )
    expires_at: datetime | None = None


@strawberry.type
class InvitationMutation:
    @mutation(needs=Right.MEMBERS_MANAGE, description="Invite somebody; who is invited already gets another token.")
    async def member_invite(
        self, info: Info, organization_id: strawberry.ID, input: MemberInviteInput, idempotency_key: str | None = None
    ) -> MemberInvitePayload:
        invited: Invited | None = None

        async def act(actor: Actor) -> uuid.UUID:
            nonlocal invited
            role = await references.role_key(info, actor, input.role_id) if input.role_id else None
            guest = Guest(input.email, input.display_name, input.seat_type, role, is_told=input.send_mail)
            invited = await invitations.invite(actor, guest)
            return invited.member.member

        asked = ("memberInvite", organization_id, input.email, input.display_name, input.seat_type, input.role_id)
        once = mutating.once(info, idempotency_key, asked, act)
        tried = await mutating.attempt(acting.in_organization(info, organization_id), once, "input")
        there = None
        if tried.done is not None and Right.ORGANIZATION_READ in info.context.caller.rights:
            there = await find(info, ids.must_be(organization_id, "Organization").organization, tried.done)
        return MemberInvitePayload(
            member=there,
            token=invited.token if invited else None,
            expires_at=invited.expires_at if invited else None,
            user_errors=tried.user_errors,
            remembered=tried.remembered if invited else None,
        )

    @mutation(needs=Right.MEMBERS_MANAGE, description="End an invitation; its token is worth nothing any more.")
    async def member_invitation_withdraw(self, info: Info, ref: MemberRef) -> MemberPayload:
        return await act_on(info, ref, invitations.withdraw)
