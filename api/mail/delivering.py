"""Carrying out the task of a mail: look at its row, render it, give it to the server, note what came of it.

SMTP has no way to send something exactly once: when the connection breaks after the last byte and before the answer,
or the worker is killed before it could note the answer, the mail is sent again, with the same Message-ID.
"""

from __future__ import annotations

import logging
import uuid
from functools import cache

from api import settings
from api.outbox.work import Handler
from api.provisioning import mails
from api.provisioning.errors import CannotSeal
from api.provisioning.notices import SEND
from api.settings import VARIABLES, Mailbox, Settings, SmtpServer
from db.mail_rows import MailRow

from . import rendering
from .message import Envelope, NoAddress, envelope
from .smtp import Never, NotNow, Postman, own_name

AT_ONCE = 4
"""So many mails each worker sends side by side; more are taken for abuse by some servers."""

_logger = logging.getLogger("rollcall.mail")


async def send(mail: uuid.UUID) -> None:
    """Send a mail, unless it was sent, or is of no use any more; raises Later."""
    chosen = settings.read()
    if chosen.smtp is None or chosen.mail_from is None:
        # Where there is a page that shows them all, nobody has to be told of each.
        return None if chosen.mailbox else _note(mail, "smtp")
    row = await mails.claim(mail, operator_too=chosen.operator_mail is not None)
    if row is None:
        if chosen.operator_mail is None and await mails.is_for_operator(mail):
            _note(mail, "operator_mail")
        return None
    try:
        made = _envelope(row, chosen, chosen.mail_from)
        await _postman(chosen.smtp, chosen.smtp_allow_plain, own_name(chosen.public_url)).send(made)
    except (Never, NoAddress) as problem:
        await mails.fail(row, str(problem))
        return _logger.warning("Mail %s (%s) is not sent: %s", row.id, row.kind, problem)
    except (NotNow, CannotSeal) as problem:
        _logger.warning("Mail %s (%s) was not taken: %s", row.id, row.kind, problem)
        return await mails.postpone(row, str(problem))
    except Exception as error:
        # It would fail again; the operator sees it, and may send it once the bug is gone.
        await mails.fail(row, f"{type(error).__name__}: {error}")
        raise
    await mails.sent(row, made.recipient)
    return None


def _envelope(row: MailRow, chosen: Settings, sender: Mailbox) -> Envelope:
    recipient = row.recipient or (chosen.operator_mail.address if chosen.operator_mail else "")
    words = rendering.words(row, chosen.public_url, mails.secret_of(row))
    assert words is not None  # what waits was not wiped
    return envelope(row, words, recipient, sender, chosen.mail_reply_to, chosen.public_url)


@cache
def _postman(server: SmtpServer, allow_plain: bool, name: str) -> Postman:
    return Postman(server, allow_plain, name)


def _note(mail: uuid.UUID, unset: str) -> None:
    name = VARIABLES[unset].name
    _logger.info("%s is not set, so a mail waits. Read it by `python -m api mails show %s`.", name, mail)


HANDLERS = (Handler(SEND, uuid.UUID, send, at_once=AT_ONCE),)
