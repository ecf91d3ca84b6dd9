"""What mails about e-mail domains say. Pure."""

from __future__ import annotations

from api.provisioning.notice_facts import (
    DomainClaimed,
    DomainLapsed,
    DomainWarning,
)

from .letters import Letter, Link, Paragraph, Sender, day


def domain_warning(facts: DomainWarning, of: Sender, _: str) -> Letter:
    """A proof that is missing."""
    return Letter(
        f"The proof that {facts.domain} is yours is missing",
        [
            Paragraph(
                f"The DNS record by which {of.name} proved that {facts.domain} belongs to it was not found any more."
                f" Put it back until {day(facts.lapses_at)}. After that nobody new comes in by {facts.domain}; people"
                " who are here stay."
            ),
            Link("See the record", f"{of.path}/domains"),
        ],
        why=_why(of),
    )


def domain_lapsed(facts: DomainLapsed, of: Sender, _: str) -> Letter:
    """A domain that is not proved any more."""
    return Letter(
        f"{facts.domain} is not proved any more",
        [
            Paragraph(
                f"The DNS record of {facts.domain} is still missing, so nobody new comes in to {of.name} by this"
                " domain. People who are here stay. Put the record back, and have it checked."
            ),
            Link("Open Domains", f"{of.path}/domains"),
        ],
        why=_why(of),
    )


def domain_claimed(facts: DomainClaimed, of: Sender, _: str) -> Letter:
    """Somebody else has the domain."""
    return Letter(
        f"Another organization has proved that it owns {facts.domain}",
        [
            Paragraph(
                f"{of.name} has the domain {facts.domain}, too. Only one organization can have it verified, and that is"
                " the other one now, by a record in its DNS."
            ),
            Paragraph("The domain is yours? Look who can change its DNS, and ask whoever runs Rollcall for you."),
            Link("Open Domains", f"{of.path}/domains"),
        ],
        why=f"you are a security contact or an admin of {of.name}",
    )


def _why(of: Sender, kind: str = "technical") -> str:
    return f"you are a {kind} contact or an admin of {of.name}"
