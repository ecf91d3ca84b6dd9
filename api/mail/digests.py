"""What the weekly digest says. Pure."""

from __future__ import annotations

from api.provisioning.notice_facts import Digest, SeatUse
from api.provisioning.seats import label

from .letters import Block, Letter, Link, Paragraph, Sender, Table, some

UNSUBSCRIBE = "/mail/unsubscribe/"
"""Where a token ends digests."""


def digest(facts: Digest, of: Sender, _: str) -> Letter:
    """A week of an organization."""
    joined = some(facts.joined, "person", "people") if facts.joined else "Nobody"
    left = f"{facts.left:,}" if facts.left else "nobody"
    days = f"{facts.since.day} {facts.since:%B} to {facts.through.day} {facts.through:%B}"
    return Letter(
        f"{of.name}, {days}: {facts.joined:,} joined, {facts.left:,} left",
        [
            Paragraph(f"{joined} joined {of.name}, and {left} left."),
            Paragraph(_requests(facts)),
            *_waiting(facts),
            *_table("Directory", "State", [(name, state) for name, state in facts.directories]),
            *_table("Seats", "Taken", [(label(each.seat_type), _taken(each)) for each in facts.seats]),
            Link(f"Open {of.name}", of.path),
        ],
        why=f"you wanted to know each week what happens in {of.name}",
        unsubscribe=UNSUBSCRIBE + facts.unsubscribe_token,
    )


def _requests(facts: Digest) -> str:
    if not facts.requests:
        return "No directory called."
    refused = f"{facts.refused:,} of them were refused" if facts.refused else "none of them was refused"
    return f"Directories sent {some(facts.requests, 'request')}; {refused}."


def _waiting(facts: Digest) -> list[Block]:
    told = []
    if facts.held:
        told.append(f"{some(facts.held, 'removal')} on hold: somebody has to decide.")
    if facts.waiting:
        told.append(f"{some(facts.waiting, 'person', 'people')} waiting for a seat.")
    return [Paragraph(" ".join(told))] if told else []


def _table(first: str, second: str, rows: list[tuple[str, str]]) -> list[Block]:
    return [Table((first, second), rows)] if rows else []


def _taken(seats: SeatUse) -> str:
    return f"{seats.used:,}" if seats.limit is None else f"{seats.used:,} of {seats.limit:,}"
