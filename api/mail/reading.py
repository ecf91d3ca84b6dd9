"""Mails as the operator reads them, who is not to learn codes and tokens that go to others."""

from __future__ import annotations

import contextlib

from api.provisioning import mails
from api.provisioning.errors import CannotSeal
from api.settings import Settings
from db.mail_rows import MailRow

from . import rendering
from .rendering import Words


def words(row: MailRow, chosen: Settings) -> Words | None:
    """How a mail reads; None once it was wiped. What it carries is shown only where nobody else would get it."""
    secret = None
    if chosen.smtp is None:
        with contextlib.suppress(CannotSeal):
            secret = mails.secret_of(row)
    return rendering.words(row, chosen.public_url, secret)
