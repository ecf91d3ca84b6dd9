"""Whom an organization lets in, links and gives which role, asked of the database where the rules need to know more."""

from __future__ import annotations

from datetime import datetime

from db.enums import LinkState, MemberStatus
from db.ids import new_id
from db.queries import directories as directory_rows
from db.rows import Candidate, KnownMember, LockedUser, MemberRow

from . import admission, plan, rulebook
from .actor import Actor
from .directories import Settings, State
from .errors import AlreadyTaken, NeedsDecision, NotImported, UnknownRole
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
    is_in = (
        known is not None
        and known.member.status != MemberStatus.DEPROVISIONED
        and known.member.email_key == wanted.email_key
    )
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


def link(found: Candidate, wanted: UserFields, policies: Policies, *, is_verified: bool) -> None:
    """Raise AlreadyTaken when a member who is there by another way is not to be linked by their address (C11).

    Silent linking outside of the organization's own domains would let a directory take over whom it likes: there, and
    where the organization wants it, somebody is asked; raises NeedsDecision then, until it is decided.
    """
    if found.member_id is None or found.matched_by != MatchedBy.EMAIL or found.link_state == LinkState.LINK:
        return
    is_trusted = is_verified or policies.domain_rule is DomainRule.OFF
    if policies.existing_member is ExistingMember.LINK and is_trusted and found.link_state is None:
        return
    there = f"{wanted.email} belongs to a member already, whom this directory may not take over"
    if found.link_state == LinkState.KEEP_APART:
        raise AlreadyTaken("emails", f"{there}: an admin decided so.")
    if policies.existing_member is ExistingMember.CONFLICT:
        raise AlreadyTaken("emails", f"{there}: policy existing_member is CONFLICT.")
    because = "its domain is not verified here" if not is_trusted else "policy existing_member is ASK"
    raise NeedsDecision(
        found.member_id,
        wanted.user_name,
        wanted.email,
        f"{there} before an admin has decided: {because}. The question waits for them.",
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


def newcomer(
    actor: Actor, wanted: UserFields, book: Rulebook, at: datetime, *, lets_in: bool
) -> tuple[MemberPlan, Role | None]:
    """What becomes of somebody whom nobody knew, and their role; they are in no group and nobody chose for them."""
    facts = RoleFacts(attribute=know_roles(wanted, book), lacks_access=actor.directory in book.gates)
    outcome = decide(facts, book.role_rules, book.ladder, book.organization, at)
    return plan.first_arrival(new_id(), wanted, outcome, at, lets_in=lets_in), outcome.role


def may_change_roles(locked: LockedUser, after: MemberRow, policies: Policies) -> bool:
    """Whether a changed status concerns roles: where groups decide about it, or the role was kept meanwhile."""
    before = locked.member
    if before.status == after.status:
        return False
    is_held = MemberStatus.HELD in (before.status, after.status)
    return is_held or locked.groups_let_in or policies.on_no_mapped_group is OnNoMappedGroup.SUSPEND
