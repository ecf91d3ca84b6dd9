"""Break-glass: admins who may sign in by code or password although single sign-on is enforced (R022).

For the day that the identity provider is broken, or its certificate has expired. Whoever is let in so is written down
when it is granted, and each time that it is used.
"""

from __future__ import annotations

import uuid

from api.provisioning import clock, notices
from api.provisioning.actor import Actor, Right
from api.provisioning.caller import Caller
from api.provisioning.errors import BadSetting, NotFound
from api.provisioning.history import remember
from api.provisioning.notice_facts import BreakGlassUsed
from db.account_rows import BreakGlassRow, SessionRow
from db.enums import Way
from db.ids import OrganizationId
from db.queries import break_glass as rows
from db.queries import members, sessions
from db.transaction import transaction

LONGEST_REASON = 500


async def grant(actor: Actor, member: uuid.UUID, reason: str) -> bool:
    """Let a member in on that day; whether they were not before. Raises NotFound, and BadSetting without a reason."""
    actor.must(Right.ORGANIZATION_MANAGE)
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        raise BadSetting(f"Say why, in at most {LONGEST_REASON} characters: whoever looks later wants to know.")
    at = clock.now()
    row = BreakGlassRow(member, reason.strip(), actor.who, at)

    async def work() -> bool:
        if await members.lock(actor.organization, member) is None:
            raise NotFound("There is no such member.")
        is_new = await rows.grant(actor.organization, row)
        if is_new:
            after = {"reason": row.reason}
            await remember(actor, at, "break_glass_granted", "member", member, after=after)
        return is_new

    return await transaction(work)


async def withdraw(actor: Actor, member: uuid.UUID) -> bool:
    """Not any more; whether they were."""
    actor.must(Right.ORGANIZATION_MANAGE)

    async def work() -> bool:
        was = await rows.withdraw(actor.organization, member)
        if was:
            await remember(actor, clock.now(), "break_glass_withdrawn", "member", member)
        return was

    return await transaction(work)


async def all_of(actor: Actor) -> list[BreakGlassRow]:
    """Whom the organization lets in so, the first first."""
    actor.must(Right.ORGANIZATION_READ)
    return await rows.all_of(actor.organization)


async def note_use(session: SessionRow, caller: Caller) -> None:
    """Write down that a session was let in so, and tell the admins, the first time that it is."""
    assert caller.organization is not None
    assert caller.id is not None
    organization, member, at = OrganizationId(caller.organization), caller.id, clock.now()
    if any(each["organization"] == str(organization) and not each["connection"] for each in session.vouched):
        return

    async def work() -> None:
        noted = {"organization": str(organization), "connection": None, "at": at.isoformat()}
        await sessions.vouch(session.id, [*session.vouched, noted])
        after = {"way": session.way, "ip": session.ip}
        await remember(caller.within(organization), at, "break_glass_used", "member", member, after=after)
        reasons = {row.member_id: row.reason for row in await rows.all_of(organization)}
        person = session.email or caller.who
        facts = BreakGlassUsed(person, Way(session.way), session.ip, at, reasons.get(member, ""))
        await notices.break_glass_used(organization, session.id, facts, at)

    await transaction(work)
