"""Directory users and the members behind them: every way to write one, each in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from db.ids import DirectoryUserId, new_id
from db.queries import departures
from db.queries import directories as directory_rows
from db.queries import members as member_rows
from db.queries import users as rows
from db.rows import LockedUser, ShownUser, UserRow
from db.transaction import transaction

from . import arrivals, clock, link_requests, member_writes, plan, policy_values, rulebook, user_admission, user_writes
from .actor import Actor, Right
from .conclusion import Writes, conclude
from .decisions import Decided, Decision
from .directories import Settings
from .errors import NeedsDecision, NotFound, VersionMismatch
from .fields import UserFields
from .history import Historian
from .member_writes import Settled
from .occasion import Occasion
from .outcome import UserOutcome, UserReceipt
from .plan import MemberPlan

_UNCHANGED = Decision(Decided.UNCHANGED, "Everything was so already.")

Edit = Callable[[UserRow], tuple[UserFields, Sequence[Decision]]]
"""From a user as it is to what it should be, with what was decided on the way. Pure; may raise its edge's errors."""


async def find(actor: Actor, user_id: DirectoryUserId, *, with_groups: bool) -> ShownUser:
    """One user of the directory, or one that it deleted where such can still be read (C1); raises NotFound."""
    actor.must(Right.PROVISION)
    found = await rows.shown(actor.organization, actor.directory, user_id, with_groups=with_groups)
    if found is None:
        found = await departures.shown(actor.organization, actor.directory, user_id)
    if found is None:
        raise _no_user(user_id)
    return found


async def create(
    actor: Actor, wanted: UserFields, noted: Sequence[Decision], receipt: UserReceipt, *, settings: Settings
) -> UserOutcome:
    """A new directory user, of a member known before or a new one.

    Users of one e-mail address are one member, also within a directory: the address is who a person is. Raises
    AlreadyTaken when the userName belongs to another user of the directory, or the organization links nobody by
    itself; NoAddress, OutsideDomains, NotImported and UnknownRole for whom it does not let in.
    """
    actor.must(Right.PROVISION)

    lets_in = settings.lets_in(active=wanted.active)

    async def work() -> UserOutcome:
        at = clock.now()
        book = await rulebook.load(actor.organization, hold=True)
        found = await rows.candidate(
            actor.organization,
            actor.directory,
            external_id=wanted.external_id,
            user_name_key=wanted.user_name_key,
            email_key=wanted.email_key,
            order=book.policies.match_order,
        )
        if not found.is_connected:
            raise NotFound("This directory has been deleted.")
        joining = await user_writes.awaited_by(actor, wanted) if found.is_awaited else []
        known = await rows.lock_known(actor.organization, found.member_id) if found.member_id else None
        await user_admission.may_import(actor, known, settings)
        is_verified = user_admission.admit(wanted, book, known)
        before, role = None, None
        if known is None:
            planned, role = user_admission.newcomer(actor, wanted, book, at, lets_in=lets_in)
        else:
            user_admission.know_roles(wanted, book)
            matched_by, before = found.matched_by or "", known.member
            user_admission.link(found, wanted, book.policies, is_verified=is_verified)
            planned = plan.arrival(known, matched_by, wanted, with_profile=settings.import_changes, lets_in=lets_in)
        occasion = Occasion(actor, book, planned.cause, receipt.request, at)
        role_id = known.role_id if known else None
        settled = await member_writes.settle(occasion, before, planned.wanted, planned.records, role=role_id)
        member, user_id = settled.row, DirectoryUserId(new_id())
        user = user_writes.row(user_id, member.id, wanted, lets_in=lets_in, version=1, created_at=at, updated_at=at)
        told = (*noted, *planned.decisions, *settled.decisions, *user_writes.arrived(joining))
        past = occasion.past
        writes = Writes(
            [
                *(
                    user_writes.new_member(actor, member, role, at, may_share=is_verified)
                    if known is None
                    else [member_rows.update_part(actor.organization, member, at)]
                ),
                *settled.parts,
                rows.insert_part(actor.organization, actor.directory, user),
                directory_rows.count_part(actor.organization, actor.directory, "User", 1),
                *user_writes.joining(actor, user, joining, at),
            ],
            [
                past.change("created", "directory_user", user.id, member=member.id, after={"userName": user.user_name}),
                past.member("created" if known is None else "updated", member, before),
            ],
            members=[member.id] if known is not None or joining else [],
            freed=settled.freed,
        )
        return await conclude(actor, UserOutcome(user, None, told), writes, receipt.record, past)

    try:
        outcome = await user_writes.unique(lambda: wanted, work)
    except NeedsDecision as question:
        await link_requests.ask(actor, question, receipt.request)
        raise
    await arrivals.settle_arrived(actor, outcome.user.id, "User", user_writes.names(wanted), receipt.request)
    return outcome


async def change(
    actor: Actor,
    user_id: DirectoryUserId,
    edit: Edit,
    receipt: UserReceipt,
    *,
    if_version: frozenset[int] | None,
    settings: Settings,
) -> UserOutcome:
    """A directory user after `edit`, which sees no other writer's half; unchanged ones keep their version.

    Raises NotFound, VersionMismatch, AlreadyTaken, LastAdmin, what refuses an address or a role, and whatever `edit`
    raises; nothing is written then.
    """
    actor.must(Right.PROVISION)
    wanted: UserFields | None = None
    is_renamed = False

    async def work() -> UserOutcome:
        nonlocal wanted, is_renamed
        at = clock.now()
        locked = await _locked(actor, user_id, if_version)
        before = locked.user
        wanted, noted = edit(before)
        created_at, member_id = before.created_at, before.member_id
        lets_in = settings.lets_in(active=wanted.active)
        version = before.version + 1
        user = user_writes.row(
            user_id, member_id, wanted, lets_in=lets_in, version=version, created_at=created_at, updated_at=at
        )
        if user_writes.is_same(before, user):
            outcome = UserOutcome(before, locked.groups, (*noted, _UNCHANGED))
            return await conclude(actor, outcome, Writes(), receipt.record, Historian(actor, receipt.request, at))
        is_verified = False
        if settings.import_changes:
            is_verified = await user_admission.admit_change(actor, locked, wanted)
        planned = plan.update(locked, wanted, with_profile=settings.import_changes, lets_in=lets_in)
        is_renamed = user_writes.is_renamed(before, user)
        joining = await user_writes.awaited_by(actor, wanted) if is_renamed else []
        past = Historian(actor, receipt.request, at)
        settled = await _settled(actor, locked, planned, past)
        told = (*noted, *planned.decisions, *settled.decisions, *user_writes.arrived(joining))
        outcome = UserOutcome(user, locked.groups, told)
        writes = Writes(
            [
                rows.update_part(actor.organization, user),
                *settled.parts,
                *user_writes.joining(actor, user, joining, at),
            ],
            [past.document("directory_user", before, user)],
            freed=settled.freed,
        )
        member = settled.row
        if member != locked.member:
            writes.parts += await user_writes.changed_member(actor, locked, member, at, may_share=is_verified)
            writes.changes.append(past.member("updated", member, locked.member))
        policies = policy_values.read(locked.policies)
        is_renaming_roles = before.role_keys != user.role_keys
        if is_renaming_roles:
            user_admission.know_roles(wanted, await rulebook.load(actor.organization))
        if joining or is_renaming_roles or user_admission.may_change_roles(locked, member, policies):
            writes.members = [member_id]
        return await conclude(actor, outcome, writes, receipt.record, past)

    outcome = await user_writes.unique(lambda: wanted, work)
    if is_renamed:
        await arrivals.settle_arrived(actor, user_id, "User", user_writes.names(outcome.user), receipt.request)
    return outcome


async def remove(
    actor: Actor, user_id: DirectoryUserId, receipt: UserReceipt, *, if_version: frozenset[int] | None
) -> UserOutcome:
    """Delete a directory user: its id is gone, its names are free, the member is kept (REQUIREMENTS D1, C1).

    Raises NotFound, VersionMismatch and LastAdmin.
    """
    actor.must(Right.PROVISION)

    async def work() -> UserOutcome:
        at = clock.now()
        left = await rows.lock_groups_of(actor.organization, user_id)
        locked = await _locked(actor, user_id, if_version)
        planned = plan.departure(locked)
        past = Historian(actor, receipt.request, at)
        settled = await _settled(actor, locked, planned, past)
        user, member = locked.user, settled.row
        is_held = locked.member.hold != member.hold
        decides_roles = bool(left or user.role_keys or locked.groups_let_in or is_held)
        kept = user_writes.after_deletion(user, policy_values.read(locked.policies))
        writes = Writes(
            [
                *departures.parts(actor.organization, actor.directory, user, at, kept),
                directory_rows.count_part(actor.organization, actor.directory, "User", -1),
                member_rows.update_part(actor.organization, member, at),
                *settled.parts,
            ],
            [
                past.change(
                    "deleted", "directory_user", user.id, member=member.id, before={"userName": user.user_name}
                ),
                past.member("updated", member, locked.member),
            ],
            members=[member.id] if decides_roles else [],
            freed=settled.freed,
        )
        outcome = UserOutcome(user, None, (*planned.decisions, *settled.decisions))
        return await conclude(actor, outcome, writes, receipt.record, past)

    return await transaction(work)


async def _settled(actor: Actor, locked: LockedUser, planned: MemberPlan, past: Historian) -> Settled:
    """The member after a directory changed or removed their user; most changes leave their standing as it is.

    The rules are held since the user was locked.
    """
    if member_writes.is_settled(locked.member, planned.wanted, planned.records):
        return Settled(planned.wanted, (), ())
    book = await rulebook.load(actor.organization)
    return await member_writes.settle(
        Occasion(actor, book, planned.cause, past.request, past.at),
        locked.member,
        planned.wanted,
        planned.records,
        role=locked.role_id,
        is_urgent=locked.is_urgent,
    )


async def _locked(actor: Actor, user_id: DirectoryUserId, if_version: frozenset[int] | None) -> LockedUser:
    locked = await rows.lock(actor.organization, actor.directory, user_id)
    if locked is None:
        raise _no_user(user_id)
    if if_version is not None and locked.user.version not in if_version:
        raise VersionMismatch("The user has changed since it was read; read it again and repeat the change.")
    return locked


def _no_user(user_id: DirectoryUserId) -> NotFound:
    return NotFound(f"There is no user with the id {user_id} in this directory.")
