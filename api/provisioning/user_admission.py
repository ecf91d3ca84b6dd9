"""Whom an organization lets in, links and gives which role, asked of the database where the rules need to know more."""

from __future__ import annotations

from datetime import datetime

from db.enums import MemberStatus
from db.ids import new_id
from db.queries import directories as directory_rows
from db.rows import KnownMember, LockedUser

from . import admission, plan, role_changes, rulebook
from .actor import Actor
from .directories import Settings, State
from .errors import AlreadyTaken, NotImported, UnknownRole
from .explanation import decide
from .fields import UserFields
from .plan import MemberPlan
from .policy_values import DomainRule, ExistingMember, MatchedBy, OnNoMappedGroup, Policies
from .roles import Role, RoleFacts
from .rulebook import Rulebook


async def may_import(actor: Actor, known: KnownMember | None, settings: Settings) -> None:
    """Raise NotImported for a stranger where only members come, and for one too many in a pilot (R048, R052)."""
    if known is None and not settings.import_new_users:
        raise NotImported(
            "This directory brings no new people (import_new_users is off). Invite this person, or switch it on."
        )
    if settings.state is State.PILOT:
        users = await directory_rows.lock_and_count_users(actor.organization, actor.directory)
        if users >= settings.pilot_users:
            people = "1 person" if settings.pilot_users == 1 else f"{settings.pilot_users} people"
            raise NotImported(f"The directory is in pilot mode, which lets in {people}. Go live to let everybody in.")


def admit(wanted: UserFields, book: Rulebook, known: KnownMember | None) -> bool:
    """Whether the organization has proved that the address is one of its own, so that an account may be shared.

    Raises NoAddress or OutsideDomains. Who is a member in good standing with this address is in already.
    """
    is_in = known is not None and known.status != MemberStatus.DEPROVISIONED and known.email_key == wanted.email_key
    if not is_in:
        admission.admit(wanted.email, book.domains, book.policies)
    return _is_proved(wanted, book)


async def admit_change(actor: Actor, locked: LockedUser, wanted: UserFields) -> bool:
    """The same for somebody who is in and may get another address; raises ImmutableAddress, too."""
    if wanted.email_key == locked.user.email_key:
        return False
    book = await rulebook.load(actor.organization)
    admission.admit_change(locked.user.email, wanted.email, book.domains, book.policies)
    return _is_proved(wanted, book)


def _is_proved(wanted: UserFields, book: Rulebook) -> bool:
    return wanted.email is not None and admission.is_inside(wanted.email, book.domains, verified=True)


def link(matched_by: str, wanted: UserFields, policies: Policies, *, is_verified: bool) -> None:
    """Raise AlreadyTaken when a member who is there by another way is not to be linked by their address (C11).

    Silent linking outside of the organization's own domains would let a directory take over whom it likes.
    """
    if matched_by != MatchedBy.EMAIL:
        return
    is_trusted = is_verified or policies.domain_rule is DomainRule.OFF
    if policies.existing_member is ExistingMember.LINK and is_trusted:
        return
    because = "its domain is not verified here; verify it" if not is_trusted else "policy existing_member is CONFLICT"
    raise AlreadyTaken(
        "emails", f"{wanted.email} belongs to a member already, whom this directory may not take over: {because}."
    )


def know_roles(wanted: UserFields, book: Rulebook) -> tuple[Role, ...]:
    """The roles that the directory names, where that counts; raises UnknownRole that lists what there is (R122)."""
    if not book.policies.accept_roles_attribute:
        return ()
    known = {role.key: role for role in book.ladder}
    unknown = [key for key in wanted.role_keys if key not in known]
    if unknown:
        raise UnknownRole(f"There is no role {unknown[0]!r}. `roles` may name: {', '.join(known)}.")
    return tuple(known[key] for key in wanted.role_keys)


def newcomer(actor: Actor, wanted: UserFields, book: Rulebook, at: datetime) -> tuple[MemberPlan, Role | None]:
    """What becomes of somebody whom nobody knew, and their role; they are in no group and nobody chose for them."""
    facts = RoleFacts(attribute=know_roles(wanted, book), lacks_access=actor.directory in book.gates)
    outcome = decide(facts, book.role_rules, book.ladder, book.organization, at)
    return plan.first_arrival(new_id(), wanted, outcome), outcome.role


def may_change_roles(locked: LockedUser, planned: MemberPlan, policies: Policies) -> bool:
    """Whether a changed status concerns roles: that of an admin, or where groups decide about it."""
    is_moved = planned.row is not None and planned.row.status != locked.member_status
    groups_decide = locked.groups_let_in or policies.on_no_mapped_group is OnNoMappedGroup.SUSPEND
    return is_moved and (locked.member_is_admin or groups_decide)


async def keep_an_admin(actor: Actor, locked: LockedUser, planned: MemberPlan, book: Rulebook) -> None:
    """Raise LastAdmin when the only admin would not be able to use the organization any more (R125)."""
    rules_now = locked.member_is_admin and locked.member_status == MemberStatus.ACTIVE
    if rules_now and planned.row is not None and planned.row.status != MemberStatus.ACTIVE:
        await role_changes.keep_an_admin(actor.organization, [planned.row.id], book)
