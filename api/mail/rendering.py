"""From what is stored of a mail to its words: the letter of its kind, as text and as HTML. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import msgspec

from api.provisioning import plans
from api.provisioning.notice_facts import FACTS, Facts
from api.provisioning.plan_catalogue import Contact
from db.enums import MailKind
from db.mail_rows import MailRow

from . import billing, developers, digests, directories, domains, people, security
from .letters import WIDTH, Letter, Sender, line, lines

HIDDEN = "(not shown)"
"""What stands for a code or token that nobody else is to read."""

Writer = Callable[[Any, Sender, str], Letter]
"""Writes the letter of one kind: from its facts, about an organization, with its secret or an empty text."""

WRITERS: Mapping[MailKind, Writer] = {
    MailKind.SIGN_IN_CODE: people.sign_in_code,
    MailKind.PASSWORD_SET: people.password_set,
    MailKind.PASSWORD_RESET: people.password_reset,
    MailKind.PORTAL_LINK: people.portal_link,
    MailKind.INVITATION: people.invitation,
    MailKind.PURCHASE_SUMMARY: billing.purchase_summary,
    MailKind.PURCHASE_FAILED: billing.purchase_failed,
    MailKind.CAP_REACHED: billing.cap_reached,
    MailKind.SEAT_THRESHOLD: billing.seat_threshold,
    MailKind.KEY_EXPIRING: developers.key_expiring,
    MailKind.DIRECTORY_STALE: directories.directory_stale,
    MailKind.DIRECTORY_FAILING: directories.directory_failing,
    MailKind.DIRECTORY_RECOVERED: directories.directory_recovered,
    MailKind.REMOVALS_HELD: directories.removals_held,
    MailKind.REMOVALS_REMINDER: directories.removals_reminder,
    MailKind.LAST_ADMIN_REFUSED: directories.last_admin_refused,
    MailKind.BREAK_GLASS_USED: security.break_glass_used,
    MailKind.WEBHOOK_DISABLED: developers.webhook_disabled,
    MailKind.DOMAIN_WARNING: domains.domain_warning,
    MailKind.DOMAIN_LAPSED: domains.domain_lapsed,
    MailKind.DOMAIN_CLAIMED: domains.domain_claimed,
    MailKind.DIGEST: digests.digest,
    MailKind.HELP_REQUEST: people.help_request,
    MailKind.TEST: people.trial,
}


class Organization(msgspec.Struct, frozen=True):
    """The organization about which a mail is, as it was then."""

    name: str
    plan: str
    contact: Contact | None = None


class Stored(msgspec.Struct, frozen=True):
    """What a row holds of a mail."""

    facts: msgspec.Raw
    of: Organization | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A mail as it reads."""

    letter: Letter
    text: str
    html: str


def words(row: MailRow, public_url: str, secret: str | None) -> Words | None:
    """How a mail reads with the secret that it carries, None for one that is not shown; None once it was wiped."""
    if row.data is None:
        return None
    stored = msgspec.json.decode(row.data, type=Stored)
    about = _sender(row, stored.of)
    letter = WRITERS[MailKind(row.kind)](_facts(MailKind(row.kind), stored.facts), about, secret or HIDDEN)
    if row.recipient is None and FACTS[MailKind(row.kind)].whom is not None:
        letter = replace(letter, why=f"{about.name} has no contact for this, and no admin with an address")
    footer = _footer(letter, about, public_url)
    shown = {
        "subject": letter.subject,
        "blocks": [_Shown(block) for block in letter.blocks],
        "base": public_url,
        "footer": footer,
    }
    # Lines of text are wrapped here, and those of HTML by whoever shows them.
    text = _template("letter.txt").render({**shown, "footer": [part for each in footer for part in _wrapped(each)]})
    return Words(letter, text, _template("letter.html").render(shown))


def page(text: str, button: str) -> str:
    """A page to which a mail leads, with a button if there is something to do."""
    return _template("page.html").render({"text": text, "button": button})


class _Shown:
    """A block of a letter that knows what it is; templates cannot ask for types."""

    def __init__(self, block: object) -> None:
        self._block = block
        self.kind = type(block).__name__

    def __getattr__(self, name: str) -> object:
        return getattr(self._block, name)


def _facts(kind: MailKind, raw: msgspec.Raw) -> Facts:
    """The facts of a mail, of which no text breaks out of its line: names and reasons come from strangers."""
    type_ = FACTS[kind]
    found = msgspec.json.decode(raw, type=dict[str, Any])
    cleaned = {name: lines(value) if name in type_.long else _clean(value) for name, value in found.items()}
    return msgspec.convert(cleaned, type_)


def _clean(value: Any) -> Any:
    match value:
        case str():
            return line(value)
        case list():
            return [_clean(each) for each in value]
        case dict():
            return {name: _clean(each) for name, each in value.items()}
    return value


def _sender(row: MailRow, of: Organization | None) -> Sender:
    if of is None:
        return Sender("Rollcall", "", None)
    return Sender(line(of.name, 80), f"/o/{row.organization_id}", of.contact or plans.catalogue().contact_of(of.plan))


def _footer(letter: Letter, about: Sender, public_url: str) -> list[str]:
    footer = [f"You get this because {letter.why}."] if letter.why else []
    if letter.unsubscribe:
        footer.append(f"No more of these: {public_url}{letter.unsubscribe}")
    elif about.contact is not None and letter.reply_to is None:
        footer.append(f"Questions? Ask {about.contact.text}.")
    return [*footer, f"Sent by Rollcall, {public_url}"]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)


@cache
def _template(name: str) -> jinja2.Template:
    return _environment().get_template(name)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
