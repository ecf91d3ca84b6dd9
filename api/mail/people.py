"""What mails to single people say: codes, links, invitations, requests for help. Pure."""

from __future__ import annotations

from api.provisioning.notice_facts import (
    HelpRequest,
    Invitation,
    PasswordReset,
    PasswordSet,
    PortalLink,
    SignInCode,
    Trial,
)

from .letters import Code, Letter, Link, Paragraph, Quotation, Sender, day, moment, some


def sign_in_code(facts: SignInCode, of: Sender, secret: str) -> Letter:
    """The code first, so that it can be read in a list of mails."""
    return Letter(
        f"Your code for {of.name}",
        [
            Code(secret),
            Paragraph(
                f"Type it where you sign in to {of.name}. It works once, within {some(facts.minutes, 'minute')}."
            ),
            Paragraph("You did not try to sign in? Do nothing, and tell nobody the code."),
        ],
    )


def password_set(facts: PasswordSet, of: Sender, secret: str) -> Letter:
    """A first password."""
    return Letter(
        f"Choose a password for {of.name}",
        [
            Paragraph(f"There is no password yet for your account at {of.name}. Choose one here:"),
            Link("Choose a password", f"/password/{secret}"),
            Paragraph(f"The link works once, until {moment(facts.expires_at)}."),
        ],
    )


def password_reset(facts: PasswordReset, of: Sender, secret: str) -> Letter:
    """Another password."""
    return Letter(
        f"Choose another password for {of.name}",
        [
            Paragraph(f"Somebody asked for another password for your account at {of.name}. Choose it here:"),
            Link("Choose another password", f"/password/{secret}"),
            Paragraph(f"The link works once, until {moment(facts.expires_at)}."),
            Paragraph("It was not you? Do nothing: your password stays as it is."),
        ],
    )


def portal_link(facts: PortalLink, of: Sender, secret: str) -> Letter:
    """Setting a directory up without an account."""
    return Letter(
        f"Connect your identity provider to {of.name}",
        [
            Paragraph(
                f"{facts.by} asks you to connect the identity provider of {of.name}, so that people are added and"
                " removed by themselves. This page leads you through it; you need no account."
            ),
            Link("Connect the identity provider", f"/portal/{secret}"),
            Paragraph(
                f"The link works until {moment(facts.expires_at)}. Whoever has it can connect one: pass it on only to"
                " whoever does that."
            ),
        ],
    )


def invitation(facts: Invitation, of: Sender, secret: str) -> Letter:
    """Becoming a member."""
    return Letter(
        f"You are invited to {of.name}",
        [
            Paragraph(f"{facts.by} invites you to {of.name}."),
            Link("Accept the invitation", f"/invitation/{secret}"),
            Paragraph(f"You can accept it until {day(facts.expires_at)}."),
            Paragraph("You expect no invitation? Do nothing: you are no member before you accept."),
        ],
    )


def help_request(facts: HelpRequest, of: Sender, _: str) -> Letter:
    """Somebody who needs the operator."""
    answer = f"An answer to this mail goes to {facts.reply_to}." if facts.reply_to else "They left no address."
    return Letter(
        f"{of.name} asks for help",
        [
            Paragraph(f"{facts.by} of {of.name} writes:"),
            Quotation(facts.message),
            Paragraph(answer),
            Link(f"Look at {of.name}", of.path),
        ],
        why="you run Rollcall",
        reply_to=facts.reply_to,
    )


def trial(_: Trial, __: Sender, ___: str) -> Letter:
    """Nothing but that it arrives."""
    return Letter(
        "Mails of Rollcall arrive",
        [Paragraph("You tried whether they do, by `python -m api mails test`. There is nothing to do.")],
    )
