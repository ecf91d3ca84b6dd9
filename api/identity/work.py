"""What workers do about signing in: make codes and links, and forget what is over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.outbox.work import Handler, Schedule

from . import attempts, codes, limits, passwords, portal, saml_metadata, sessions, tickets

HANDLERS: Sequence[Handler[Any]] = (
    Handler(codes.MAKE, str, codes.make),
    Handler(passwords.SEND_LINK, str, passwords.send_link),
    Handler(saml_metadata.FOLLOW, str, saml_metadata.follow),
)


async def forget() -> None:
    """Delete sessions, sign-ins, codes, portal links and tries that are over."""
    await sessions.forget()
    await attempts.forget()
    await tickets.forget()
    await codes.forget()
    await limits.forget()
    await portal.forget()


SCHEDULES: Sequence[Schedule] = (
    Schedule("sign-in.forget", "17 * * * *", forget),
    Schedule("sign-in.saml-metadata", "41 3 * * *", saml_metadata.follow_all),
)
