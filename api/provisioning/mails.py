"""Mails as they are stored: what becomes of each while it is sent, and what the operator sees and does of it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from api.outbox import tasks
from api.outbox.tasks import Task
from api.outbox.work import Later
from db.enums import MailKind, MailState
from db.mail_rows import MailRow
from db.pages import Page, Span
from db.queries import mails as rows
from db.transaction import transaction

from . import addresses, clock, notices
from .caller import Caller
from .errors import NotFound, Refused
from .notice_facts import FACTS

LEASE = timedelta(minutes=2)
"""For so long nobody else sends a mail that somebody sends; longer than that takes."""

READABLE = timedelta(days=30)
"""For so long it is kept what a mail told."""

KEPT = timedelta(days=400)
"""For so long it is kept that there was one."""

_PAUSES = [timedelta(seconds=10), *(timedelta(minutes=each) for each in (1, 5, 15, 30, 60))]
_LONGEST_PAUSE = timedelta(hours=2)
_AT_ONCE = 1000


async def claim(mail: uuid.UUID, *, operator_too: bool) -> MailRow | None:
    """A mail to be sent now, by nobody else for as long as the lease; None if it is not to be sent any more.

    Without `operator_too` the operator has no address. Raises Later for one that is not due, or is being sent.
    """
    at = clock.now()
    if await rows.claim(mail, at, at + LEASE, operator_too=operator_too):
        return await rows.find(mail)
    found = await rows.find(mail)
    if found is not None and found.state == MailState.QUEUED and at < found.due_at < found.expires_at:
        raise Later(found.due_at, "It is being sent, or was not taken the last time")
    return None


async def is_for_operator(mail: uuid.UUID) -> bool:
    """Whether a mail waits that is for the operator."""
    found = await rows.find(mail)
    return found is not None and found.recipient is None and found.state == MailState.QUEUED


async def sent(mail: MailRow, recipient: str) -> None:
    """Note that a server took a mail."""
    await rows.sent(mail.id, recipient, addresses.folded(recipient), clock.now())


async def postpone(mail: MailRow, error: str) -> None:
    """Note why a mail was not taken. Raises Later with when it is tried again; not if it is of no use by then."""
    due_at = clock.now() + pause(mail.attempts)
    if due_at >= mail.expires_at:
        return await fail(mail, error)
    await rows.postponed(mail.id, due_at, error)
    raise Later(due_at, error)


async def fail(mail: MailRow, error: str) -> None:
    """Note that a mail is not tried again, and why."""
    await rows.failed(mail.id, error)


async def sweep(*, can_send: bool, operator_too: bool) -> int:
    """End mails of no use any more; put a task for those that wait without one, such as for a mail server; how many."""
    at = clock.now()
    await rows.expire(at)
    if not can_send:
        return 0

    async def work() -> int:
        found = await rows.overdue(at - LEASE, operator_too=operator_too, limit=_AT_ONCE)
        await tasks.put_all(Task(notices.SEND, mail, key=str(mail)) for mail in found)
        return len(found)

    return await transaction(work)


async def forget() -> int:
    """Wipe what old mails told, and delete very old ones; how many. For the clock."""
    at = clock.now()
    return await rows.forget(at - READABLE, at - KEPT)


async def page(
    caller: Caller, organization: uuid.UUID | None, state: MailState | None, kind: MailKind | None, span: Span
) -> Page[MailRow]:
    """Mails, newest first; of one organization, in one state, of one kind where that is given."""
    caller.must_run_platform()
    return await rows.page(organization, state, kind, span)


async def find(caller: Caller, mail: uuid.UUID) -> MailRow:
    """One mail; raises NotFound."""
    caller.must_run_platform()
    found = await rows.find(mail)
    if found is None:
        raise _nothing(mail)
    return found


async def retry(caller: Caller, mail: uuid.UUID) -> MailRow:
    """Send a mail after all that was not sent.

    Raises NotFound, and Refused for one that was sent or waits, and for one that nobody could use any more.
    """
    caller.must_run_platform()

    async def work() -> MailRow:
        at = clock.now()
        found = await rows.lock(mail)
        if found is None:
            raise _nothing(mail)
        _refuse_useless(found, at)
        await rows.requeue(mail, at, max(found.expires_at, at + FACTS[MailKind(found.kind)].lasts))
        await tasks.put(notices.SEND, mail, key=str(mail))
        return found

    await transaction(work)
    return await find(caller, mail)


async def trial(caller: Caller, email: str | None) -> uuid.UUID:
    """Put a mail that says nothing but that mails arrive, to an address or the operator; its id. Raises BadAddress."""
    caller.must_run_platform()
    address = addresses.read(email).email if email is not None else None
    return await notices.trial(address, clock.now())


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 10 s, then 1, 5, 15, 30 and 60 minutes, then 2 hours each time."""
    return _PAUSES[attempts - 1] if attempts <= len(_PAUSES) else _LONGEST_PAUSE


def _refuse_useless(mail: MailRow, at: datetime) -> None:
    if mail.state not in (MailState.FAILED, MailState.EXPIRED):
        raise Refused("This mail was sent." if mail.state == MailState.SENT else "This mail waits to be sent already.")
    if mail.data is None:
        raise Refused("Nobody knows any more what this mail said.")
    if FACTS[MailKind(mail.kind)].has_secret and (mail.secret is None or mail.expires_at <= at):
        raise Refused("What this mail carried is good for nothing any more. Have it made anew.")


def _nothing(mail: uuid.UUID) -> NotFound:
    return NotFound(f"There is no mail with the id {mail}.")
