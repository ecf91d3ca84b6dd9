"""A mail as it goes over the wire (RFC 5322), the same bytes each time that it is tried. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

import idna

from api.settings import Mailbox
from db.mail_rows import MailRow

from .letters import line
from .rendering import Words

_LONGEST_SUBJECT = 150


class NoAddress(ValueError):
    """A text to which no mail can go."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a mail server is given; with `needs_utf8` it has to know SMTPUTF8 (RFC 6531)."""

    sender: str
    recipient: str
    content: bytes
    needs_utf8: bool


def envelope(
    row: MailRow, words: Words, recipient: str, sender: Mailbox, reply_to: Mailbox | None, url: str
) -> Envelope:
    """The mail to a recipient, with links below `url`; raises NoAddress."""
    to, letter = address(recipient), words.letter
    message = EmailMessage(policy=SMTP)
    message["Subject"] = line(letter.subject, _LONGEST_SUBJECT)
    message["From"] = Address(sender.name, addr_spec=sender.address)
    message["To"] = to
    if letter.reply_to is not None:
        message["Reply-To"] = address(letter.reply_to)
    elif reply_to is not None:
        message["Reply-To"] = Address(reply_to.name, addr_spec=reply_to.address)
    message["Date"] = row.created_at
    # Nothing is to answer by itself: RFC 3834, and what Exchange has for it.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(words.text, cte="quoted-printable")
    message.add_alternative(words.html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{row.id.hex}")
    needs_utf8 = not to.addr_spec.isascii()
    content = message.as_bytes(policy=SMTP.clone(utf8=needs_utf8, cte_type="7bit"))
    return Envelope(sender.address, to.addr_spec, _ids(row, letter.unsubscribe, sender, url) + content, needs_utf8)


def address(text: str) -> Address:
    """An address, its domain as DNS has it (IDNA 2008); raises NoAddress."""
    local, _, domain = text.rpartition("@")
    if not local or not domain or not text.isprintable() or any(letter.isspace() for letter in text):
        raise NoAddress(f"{line(text)!r} is no address to which mails can go.")
    try:
        return Address(username=local, domain=idna.encode(domain, uts46=True).decode())
    except (idna.IDNAError, MessageError, ValueError) as error:
        raise NoAddress(f"{line(text)!r} is no address to which mails can go.") from error


def _ids(row: MailRow, unsubscribe: str | None, sender: Mailbox, url: str) -> bytes:
    """Headers that are longer than a line may be, and which Python would break up."""
    headers = [f"Message-ID: <{row.id}@{sender.address.rpartition('@')[2]}>"]
    if unsubscribe is not None:
        headers += [f"List-Unsubscribe: <{url}{unsubscribe}>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
    return "".join(f"{header}\r\n" for header in headers).encode("ascii")
