"""Whether somebody who has signed in may enter an organization, and what they may do there (R021, R022, R064, R066).

Decided anew at each request, from what is so now: the member, their effective role, and what the organization allows.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from api.provisioning import policy_values
from api.provisioning.actor import ADMIN_RIGHTS, NARROW, ActorKind, Right
from api.provisioning.caller import NOWHERE, Caller
from api.provisioning.errors import NotFound
from api.provisioning.lifecycle import CAN_USE
from api.provisioning.policy_values import Policies
from api.provisioning.tokens import GRANTABLE
from db.account_rows import MembershipOfAccount, SessionRow
from db.enums import MemberStatus, Way
from db.ids import OrganizationId
from db.queries import accounts

from . import break_glass, sessions
from .problems import Shut, ShutOut

_OPERATORS = frozenset(Right) - NARROW - {Right.PROVISION}

_WHY_NOT = {
    MemberStatus.INVITED: "you have not accepted the invitation yet: open the link in the mail",
    MemberStatus.WAITING_FOR_SEAT: "you wait for a seat; an admin can add seats or free one",
    MemberStatus.SUSPENDED: "none of your groups lets you in any more; an admin of your directory can change that",
    MemberStatus.DEACTIVATED: "you were deactivated; an admin or your directory can let you in again",
    MemberStatus.DEPROVISIONED: "your directory has removed you; it can assign you again",
}


@dataclass(frozen=True, slots=True)
class Door:
    """What stands between somebody and an organization: `shut` says what keeps them out, None for nothing."""

    shut: Shut | None = None
    text: str = ""
    is_by_break_glass: bool = False


async def enter(session: SessionRow, organization: uuid.UUID) -> tuple[Caller, MembershipOfAccount]:
    """Whoever has signed in, inside an organization.

    Raises NotFound where they are no member as far as they have shown who they are, and ShutOut with what keeps a
    member out.
    """
    membership = await accounts.membership(session.account_id, organization)
    if membership is None or membership.status == MemberStatus.ERASED or not sessions.reaches(session, organization):
        raise NotFound(f"There is no organization with the id {organization}.")
    found = door(session, membership)
    if found.shut is not None:
        raise ShutOut(found.shut, found.text, membership)
    caller = _caller(session, membership, found)
    if found.is_by_break_glass:
        await break_glass.note_use(session, caller)
    return caller, membership


def operator(session: SessionRow) -> Caller | None:
    """Whoever has signed in and runs this installation; None for all others, and without a proof of who it is."""
    if not session.is_operator or session.address_proved_at is None:
        return None
    return Caller(
        ActorKind.OPERATOR,
        session.account_id,
        session.email or "an operator",
        _OPERATORS,
        None,
        session.ends_at,
        session.account_id,
    )


def alone(session: SessionRow) -> Caller:
    """Whoever has signed in, in no organization: they may see where they are a member."""
    who = session.email or "somebody"
    reach = sessions.reach(session)
    return Caller(ActorKind.MEMBER, None, who, frozenset(), NOWHERE, session.ends_at, session.account_id, reach)


def door(session: SessionRow, membership: MembershipOfAccount) -> Door:
    """Whether a session lets in where somebody is a member. Pure."""
    status = MemberStatus(membership.status)
    if status not in CAN_USE:
        why = _WHY_NOT.get(status, "your access has ended")
        return Door(Shut.NO_ACCESS, f"You cannot use {membership.organization} now: {why}.")
    # Whoever lost access and got it back signs in again: what they had shown before is over.
    since = membership.status_since if status is MemberStatus.ACTIVE else None
    if _is_fresh(sessions.vouched_at(session, membership.organization_id), since):
        return Door()
    if not _is_fresh(session.address_proved_at, since):
        text = f"Sign in to {membership.organization} once more: your access has changed since you did."
        return Door(Shut.SIGN_IN_AGAIN, text)
    return _by_address(session, membership, policy_values.read(membership.policies))


def _by_address(session: SessionRow, membership: MembershipOfAccount, policies: Policies) -> Door:
    name = membership.organization
    if policies.sso_enforced:
        if membership.is_break_glass:
            return Door(is_by_break_glass=True)
        return Door(Shut.SSO_ENFORCED, f"{name} lets people in by single sign-on only.")
    if session.way == Way.PASSWORD and not policies.password_enabled:
        return Door(Shut.WAY_OFF, f"{name} does not let people in by password. Sign in by another way.")
    if session.way != Way.PASSWORD and not policies.code_enabled:
        return Door(Shut.WAY_OFF, f"{name} does not let people in by a code sent by mail. Sign in by another way.")
    return Door()


def _is_fresh(shown_at: datetime | None, since: datetime | None) -> bool:
    return shown_at is not None and (since is None or shown_at >= since)


def rights_of(membership: MembershipOfAccount) -> frozenset[Right]:
    """What somebody may do: what their effective role permits, by Rollcall's own names, and what every admin may."""
    named = frozenset(Right(each) for each in membership.permissions if each in GRANTABLE)
    return named | (ADMIN_RIGHTS if membership.is_admin else frozenset())


def _caller(session: SessionRow, membership: MembershipOfAccount, door: Door) -> Caller:
    who = membership.display_name or membership.email or "a member"
    return Caller(
        ActorKind.ADMIN if membership.is_admin else ActorKind.MEMBER,
        membership.member_id,
        who,
        rights_of(membership),
        OrganizationId(membership.organization_id),
        session.ends_at,
        session.account_id,
        sessions.reach(session),
        door.is_by_break_glass,
    )
