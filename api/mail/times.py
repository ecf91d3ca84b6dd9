"""What mails owe to the clock: sweeping, and telling people what nobody else would."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from api import settings
from api.outbox.work import Schedule
from api.provisioning import digests, key_warnings, mails, removal_notices, silences
from api.provisioning import purchase_summaries as summaries

_logger = logging.getLogger("rollcall.mail")


async def sweep() -> None:
    """End mails of no use any more, and see to those that wait."""
    chosen = settings.read()
    await mails.sweep(can_send=chosen.smtp is not None, operator_too=chosen.operator_mail is not None)


async def sum_purchases_up() -> None:
    """Tell billing contacts what was bought (R132)."""
    await _counted("purchases told of", lambda: summaries.tell(settings.read().purchase_summary_hour))


async def forget() -> None:
    """Wipe old mails."""
    await _counted("old mails wiped or deleted", mails.forget)


async def watch_directories() -> None:
    """Tell of directories that fell silent, fail, or are well again (R062)."""
    await _counted("directories told of", silences.tell)


async def warn_of_keys() -> None:
    """Tell of keys that end soon."""
    await _counted("keys told of", key_warnings.tell)


async def tell_of_removals() -> None:
    """Tell of removals on hold."""
    await _counted("directories with removals on hold told of", removal_notices.tell)


async def remind_of_removals() -> None:
    """Tell of removals on hold whose time runs out."""
    await _counted("directories with removals on hold told of again", removal_notices.remind)


async def send_digests() -> None:
    """Tell those who want it what happened in a week."""
    await _counted("digests", digests.tell)


async def _counted(what: str, tell: Callable[[], Awaitable[int]]) -> None:
    if count := await tell():
        _logger.info("%d %s", count, what)


SCHEDULES = (
    Schedule("mail.sweep", "* * * * *", sweep),
    Schedule("mail.purchases", "* * * * *", sum_purchases_up),
    Schedule("mail.directories", "*/5 * * * *", watch_directories),
    Schedule("mail.removals", "*/5 * * * *", tell_of_removals),
    Schedule("mail.reminders", "7 * * * *", remind_of_removals),
    Schedule("mail.keys", "11 * * * *", warn_of_keys),
    Schedule("mail.digests", "0 6 * * 1", send_digests),
    Schedule("mail.forget", "43 3 * * *", forget),
)
