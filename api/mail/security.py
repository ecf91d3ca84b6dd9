"""What mails say about who came in by another way than usual. Pure."""

from __future__ import annotations

from api.provisioning.notice_facts import BreakGlassUsed
from db.enums import Way

from .letters import Letter, Link, Paragraph, Sender, moment

_BY = {Way.PASSWORD: "by password", Way.CODE: "by a code sent by mail"}


def break_glass_used(facts: BreakGlassUsed, of: Sender, _: str) -> Letter:
    """Somebody came in without single sign-on (R022)."""
    by, place = _BY.get(facts.way, "by another way"), f" from {facts.ip}" if facts.ip else ""
    return Letter(
        f"{facts.person} came in to {of.name} by break-glass",
        [
            Paragraph(
                f"{facts.person} signed in to {of.name} {by}{place}, on {moment(facts.used_at)}. {of.name} lets people"
                f" in by single sign-on only; they are let in nevertheless, because of this: {facts.reason}"
            ),
            Paragraph(
                "You know of it? There is nothing to do. Else end the session, take break-glass from them, and find out"
                " who has their mailbox or password."
            ),
            Link("See what was done", f"{of.path}/audit"),
        ],
        why=f"you are a security contact or an admin of {of.name}",
    )
