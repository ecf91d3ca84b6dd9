"""Telling people of keys and tokens that end soon: thirty, fourteen, seven days and a day before, once each."""

from __future__ import annotations

from datetime import datetime, timedelta

from db.enums import MailKind
from db.ids import OrganizationId
from db.mail_rows import EndingKeyRow
from db.queries import mails, platform

from . import clock, notices
from .notice_facts import KeyExpiring

DAYS = (1, 7, 14, 30)


async def tell() -> int:
    """Tell of every key that ends soon, of all organizations; how many. For the clock."""
    at = clock.now()
    ending = [
        (key, days)
        for key in await platform.ending_keys(at, at + timedelta(days=DAYS[-1]))
        if (days := due(key, at)) is not None
    ]
    told = await mails.told(MailKind.KEY_EXPIRING, [notices.about_key(key.id, days) for key, days in ending])
    new = [(key, days) for key, days in ending if notices.about_key(key.id, days) not in told]
    for key, days in new:
        organization = OrganizationId(key.organization_id) if key.organization_id else None
        await notices.key_expiring(organization, key.id, _facts(key, days), at)
    return len(new)


def due(key: EndingKeyRow, at: datetime) -> int | None:
    """How many days before the end of a key people are to know of it now; None if they are not. Pure.

    Who makes a key for five days knows that it ends in five days. Where there is a newer one, only the last day counts.
    """
    for days in DAYS:
        span = timedelta(days=days)
        if key.expires_at - at <= span:
            is_news = key.created_at < key.expires_at - span and (key.newer is None or days == DAYS[0])
            return days if is_news else None
    return None


def _facts(key: EndingKeyRow, days: int) -> KeyExpiring:
    return KeyExpiring(
        key.name, key.is_token, key.last_four, key.expires_at, days, key.last_used_at, key.newer, key.is_secret
    )
