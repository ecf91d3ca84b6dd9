"""What mails about directories and their removals say. Pure."""

from __future__ import annotations

from datetime import timedelta

from api.provisioning.notice_facts import (
    DirectoryFailing,
    DirectoryRecovered,
    DirectoryStale,
    LastAdminRefused,
    RemovalsHeld,
    RemovalsReminder,
)

from .letters import Letter, Link, Paragraph, Sender, day, moment, some

_A_DAY = 24 * 60


def directory_stale(facts: DirectoryStale, of: Sender, _: str) -> Letter:
    """A directory that is silent (R062)."""
    silent = Paragraph(
        f"The directory “{facts.directory}” of {of.name} called last on {moment(facts.last_request_at)}; it usually"
        f" calls within {_span(facts.expected_minutes)}. Nobody is added, changed or removed by it meanwhile."
    )
    is_quiet = facts.expected_minutes >= _A_DAY
    doubt = " If nothing was changed there, all is well: it calls only then." if is_quiet else ""
    return Letter(
        f"Nothing from “{facts.directory}” since {day(facts.last_request_at)}",
        [
            silent,
            Paragraph(
                "Look whether provisioning is still on in the identity provider, and whether it reports errors."
                f"{doubt} You are told when it calls again."
            ),
            Link("Open Provisioning", f"{of.path}/provisioning"),
        ],
        why=_why(of),
    )


def directory_failing(facts: DirectoryFailing, of: Sender, _: str) -> Letter:
    """A directory that is refused mostly."""
    return Letter(
        f"Requests of “{facts.directory}” are refused",
        [
            Paragraph(
                f"{facts.refused} of the last {facts.recent} requests of the directory “{facts.directory}” of {of.name}"
                " were refused. Each says what to put right."
            ),
            Link("See the requests", f"{of.path}/activity"),
        ],
        why=_why(of),
    )


def directory_recovered(facts: DirectoryRecovered, of: Sender, _: str) -> Letter:
    """A directory that is well again."""
    what = "calls again" if facts.was_stale else "is not refused any more"
    return Letter(
        f"“{facts.directory}” {what}",
        [Paragraph(f"The directory “{facts.directory}” of {of.name} {what}. There is nothing to do.")],
        why=_why(of),
    )


def removals_held(facts: RemovalsHeld, of: Sender, _: str) -> Letter:
    """Too many removals at once."""
    people = _people(facts.people)
    until = f" until {moment(facts.decide_by)}" if facts.decide_by else ""
    return Letter(
        f"“{facts.directory}” wants to remove {people} from {of.name}",
        [
            Paragraph(
                f"The directory “{facts.directory}” wants to remove {people} from {of.name} at once. That is unusual,"
                " so it is on hold: they keep access, seat and role until somebody decides."
            ),
            Paragraph(
                f"Decide{until}. {_otherwise(is_kept=facts.is_kept)} It was a mistake? Keep them, and correct it in the"
                " identity provider."
            ),
            Link("Look and decide", f"{of.path}/activity"),
        ],
        why=_why(of),
    )


def removals_reminder(facts: RemovalsReminder, of: Sender, _: str) -> Letter:
    """The time to decide runs out."""
    people = _people(facts.people)
    return Letter(
        f"Decide until {moment(facts.decide_by)}: {people} on hold",
        [
            Paragraph(
                f"The directory “{facts.directory}” wants to remove {people}, and nobody has decided yet. The time for"
                f" it ends on {moment(facts.decide_by)}. {_otherwise(is_kept=facts.is_kept)}"
            ),
            Link("Look and decide", f"{of.path}/activity"),
        ],
        why=_why(of),
    )


def last_admin_refused(facts: LastAdminRefused, of: Sender, _: str) -> Letter:
    """A directory that would have locked everybody out (R125)."""
    return Letter(
        f"“{facts.directory}” was refused to remove the last admin of {of.name}",
        [
            Paragraph(
                f"The directory “{facts.directory}” wanted to take away the last admin of {of.name}. That was refused,"
                " because nobody could manage it any more. Nothing was changed."
            ),
            Paragraph(
                "The admin is to go? Make somebody else an admin first. Else correct it in the identity provider."
            ),
            Link("See the request", f"{of.path}/activity?trace={facts.trace}"),
        ],
        why=_why(of, "security"),
    )


def _otherwise(*, is_kept: bool) -> str:
    return f"If nobody does, they {'stay' if is_kept else 'are removed then'}."


def _people(count: int) -> str:
    return some(count, "person", "people")


def _span(minutes: int) -> str:
    span = timedelta(minutes=minutes)
    for unit, name in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour")):
        if span >= unit:
            return some(span // unit, name)
    return some(minutes, "minute")


def _why(of: Sender, kind: str = "technical") -> str:
    return f"you are a {kind} contact or an admin of {of.name}"
