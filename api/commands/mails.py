"""`mails list|show|retry|test`."""

from __future__ import annotations

from argparse import Namespace

from api.mail import delivering, rendering
from api.outbox.work import Later
from api.provisioning import mails
from api.provisioning.caller import the_operator
from api.settings import VARIABLES, Settings
from db.enums import MailKind, MailState
from db.mail_rows import MailRow
from db.pages import Span

from .results import Result, listing, table
from .verbs import Verbs, an_id, noun, query, whole_number

_MAIL = "019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c18"
_SMTP, _OPERATOR = VARIABLES["smtp"].name, VARIABLES["operator_mail"].name


def add(nouns: Verbs) -> None:
    """The verbs of mails."""
    verbs = noun(nouns, "mails", about="Read mails that were sent, or wait to be, and see what became of them")
    parser = query(
        verbs,
        "list",
        show_all,
        does="List mails, newest first",
        more=f"As long as {_SMTP} is not set they wait here, and are of no use any more after a while.",
        example="python -m api mails list --state FAILED",
        in_organization=False,
    )
    parser.add_argument("--organization", type=an_id, metavar="ID", help="only those about an organization")
    parser.add_argument("--state", choices=[each.value for each in MailState])
    parser.add_argument("--kind", choices=[each.value for each in MailKind], metavar="KIND")
    parser.add_argument("--limit", type=whole_number(1, 1000), default=50, metavar="N", help="50 unless said")
    parser = query(
        verbs,
        "show",
        show,
        does="Show one mail as it reads",
        more=f"Codes and links that let somebody in are shown only while {_SMTP} is not set.",
        example=f"python -m api mails show {_MAIL}",
        in_organization=False,
    )
    parser.add_argument("mail", type=an_id, metavar="ID", help="the mail's id, as `mails list` has it")
    parser = query(
        verbs,
        "retry",
        retry,
        does="Send a mail after all that failed or expired",
        example=f"python -m api mails retry {_MAIL}",
        in_organization=False,
    )
    parser.add_argument("mail", type=an_id, metavar="ID")
    parser = query(
        verbs,
        "test",
        test,
        does="Send a mail at once, to see whether mails arrive",
        more=f"Exits with 1 when the mail server did not take it. Without an address it goes to {_OPERATOR}.",
        example="python -m api mails test ann@example.com",
        in_organization=False,
    )
    parser.add_argument("email", metavar="E-MAIL", nargs="?")


async def show_all(arguments: Namespace, chosen: Settings) -> Result:
    """Mails that were put."""
    state = MailState(arguments.state) if arguments.state else None
    kind = MailKind(arguments.kind) if arguments.kind else None
    page = await mails.page(the_operator(), arguments.organization, state, kind, Span(arguments.limit))
    found = [_data(row, chosen) for row in page.rows]
    shown = ("id", "created_at", "state", "recipient", "subject", "last_error")
    rows = [[each[name] or _for_operator(name) for name in shown] for each in found]
    head = ("ID", "CREATED", "STATE", "TO", "SUBJECT", "ERROR")
    return Result(found, table(rows, head=head, otherwise="There is no mail."))


async def show(arguments: Namespace, chosen: Settings) -> Result:
    """One mail with its text."""
    row = await mails.find(the_operator(), arguments.mail)
    words = rendering.words(row, chosen.public_url, shows_secret=chosen.smtp is None)
    facts = _data(row, chosen)
    text = words.text if words else f"What it said was wiped after {mails.READABLE.days} days."
    return Result({**facts, "text": words and words.text}, f"{listing(facts)}\n\n{text.rstrip()}")


async def retry(arguments: Namespace, chosen: Settings) -> Result:
    """A mail that waits again."""
    row = await mails.retry(the_operator(), arguments.mail)
    return Result(_data(row, chosen), "It is sent as soon as a worker looks.")


async def test(arguments: Namespace, chosen: Settings) -> Result:
    """What came of a mail that says nothing."""
    id = await mails.trial(the_operator(), arguments.email)
    try:
        await delivering.send(id)
    except Later as later:
        row = await mails.find(the_operator(), id)
        error = row.last_error or later.because
        return Result(_data(row, chosen), f"The mail server did not take it: {error}", exit_code=1)
    row = await mails.find(the_operator(), id)
    facts = _data(row, chosen)
    if row.state == MailState.SENT:
        return Result(facts, f"The mail server has taken it. Look whether it arrives at {row.recipient}.")
    if row.state == MailState.FAILED:
        return Result(facts, f"The mail server does not take it: {row.last_error}", exit_code=1)
    missing = _SMTP if chosen.smtp is None else _OPERATOR
    return Result(facts, f"It is not sent, because {missing} is not set.", exit_code=1)


def _data(row: MailRow, chosen: Settings) -> dict[str, object]:
    words = rendering.words(row, chosen.public_url, shows_secret=False)
    return {
        "id": row.id,
        "organization_id": row.organization_id,
        "kind": row.kind,
        "recipient": row.recipient,
        "subject": words.letter.subject if words else None,
        "state": row.state,
        "attempts": row.attempts,
        "last_error": row.last_error,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "sent_at": row.sent_at,
    }


def _for_operator(column: str) -> str | None:
    return "(you)" if column == "recipient" else None
