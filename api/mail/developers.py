"""What mails about keys and webhooks say. Pure."""

from __future__ import annotations

from api.provisioning.notice_facts import (
    KeyExpiring,
    WebhookDisabled,
)

from .letters import Letter, Link, Paragraph, Sender, day, moment, some


def key_expiring(facts: KeyExpiring, of: Sender, _: str) -> Letter:
    """A key that ends, and what to do before."""
    if facts.is_token:
        what = named = f"The API token “{facts.name}”"
        after = "the program that uses it is refused"
    elif facts.is_secret:
        what = f"A client secret of “{facts.name}”"
        named = f"The client secret …{facts.last_four} of the directory “{facts.name}”"
        after = "the directory gets no access token by it, and is refused: nobody is added, changed or removed"
    else:
        what, named = f"The key of “{facts.name}”", f"The key …{facts.last_four} of the directory “{facts.name}”"
        after = "the directory is refused: nobody is added, changed or removed"
    used = f"It was used last on {day(facts.last_used_at)}." if facts.last_used_at else "It was never used."
    return Letter(
        f"{what} ends in {some(facts.days, 'day')}",
        [
            Paragraph(f"{named} ends on {moment(facts.expires_at)}. From then on {after}. {used}"),
            Paragraph(_instead(facts)),
            Link("Open API tokens" if facts.is_token else "Open Provisioning", f"{of.path}/{_place(facts)}"),
        ],
        why=_why(of),
    )


def webhook_disabled(facts: WebhookDisabled, of: Sender, _: str) -> Letter:
    """An endpoint that is told nothing any more."""
    return Letter(
        f"A webhook of {of.name} is switched off",
        [
            Paragraph(f"The endpoint {facts.address} is told nothing any more. {facts.reason}"),
            Paragraph("Put it right, switch it on again, and replay what it has missed."),
            Link("Open Webhooks", f"{of.path}/developers"),
        ],
        why=_why(of),
    )


def _instead(facts: KeyExpiring) -> str:
    if facts.newer and facts.is_secret:
        return f"There is a newer secret, …{facts.newer}. Put it into the identity provider, if you have not done so."
    if facts.is_secret:
        return "Add another secret to the client, put it into the identity provider, and let this one end."
    if facts.newer:
        return f"There is a newer key, …{facts.newer}. Put it into the identity provider, if you have not done so."
    if facts.is_token:
        return "Make another token, give it to the program, and let this one end."
    return "Make another key, put it into the identity provider, and let this one end."


def _place(facts: KeyExpiring) -> str:
    return "developers" if facts.is_token else "provisioning"


def _why(of: Sender) -> str:
    return f"you are a technical contact or an admin of {of.name}"
