"""Asking the operator for help, by mail (REQUIREMENTS R027)."""

from __future__ import annotations

from datetime import timedelta

from db.enums import MailKind
from db.queries import mails
from db.transaction import transaction

from . import addresses, clock, notices
from .actor import Actor, Right
from .errors import BadSetting, Refused
from .history import remember
from .notice_facts import HelpRequest

LONGEST = 5000
AN_HOUR = 5
"""So many times an organization may ask in an hour."""


async def ask(actor: Actor, message: str, *, reply_to: str | None = None) -> None:
    """Send the operator what somebody writes; an answer goes to `reply_to`.

    Raises BadSetting for no message, BadAddress, and Refused for whoever asks too often.
    """
    actor.must(Right.ORGANIZATION_READ)
    text = message.strip()
    if not text or len(text) > LONGEST or "\x00" in text:
        raise BadSetting(f"Write what you need help with, in at most {LONGEST:,} letters.")
    answer = addresses.read(reply_to).email if reply_to else None

    async def work() -> None:
        at = clock.now()
        since = at - timedelta(hours=1)
        if await mails.count_since(actor.organization, MailKind.HELP_REQUEST, since) >= AN_HOUR:
            raise Refused(f"You asked {AN_HOUR} times within an hour. Wait for an answer.")
        await notices.help_request(actor.organization, HelpRequest(actor.who or "Somebody", answer, text), at)
        organization = actor.organization
        await remember(actor, at, "help_requested", "organization", organization, after={"reply_to": answer})

    await transaction(work)
