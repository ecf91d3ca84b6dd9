"""Telling people by mail: one function for each kind, for use in the transaction of its cause.

A mail is a row and a task, so it is there if its cause is. Which words it has, and how it is sent, is for `api.mail`.
What ends in `_parts` gives the writes, to go with others; everything else writes. Codes and tokens are sealed until
they are sent; without a file of secret keys they cannot be put, and CannotSeal says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from api.outbox import tasks
from api.secrets.sealing import Place
from db.enums import SeatType
from db.ids import OrganizationId, new_id
from db.mail_rows import NewMail
from db.queries import mails as rows
from db.together import Part, together

from . import addresses, sealed
from .notice_facts import (
    BreakGlassUsed,
    CapReached,
    Digest,
    DirectoryFailing,
    DirectoryRecovered,
    DirectoryStale,
    DomainClaimed,
    DomainLapsed,
    DomainWarning,
    Facts,
    HelpRequest,
    Invitation,
    KeyExpiring,
    LastAdminRefused,
    PasswordReset,
    PasswordSet,
    PortalLink,
    PurchaseFailed,
    PurchaseSummary,
    RemovalsHeld,
    RemovalsReminder,
    SeatThreshold,
    SignInCode,
    Trial,
    WebhookDisabled,
)
from .policy_values import SeatLimit

SEND = "mail.send"
"""The entrypoint of the task that sends a mail; its payload is the mail's id."""

_FIRST = 10


async def sign_in_code(
    organization: OrganizationId | None, email: str, code: str, *, at: datetime, until: datetime
) -> None:
    """A one-time code that is good until a moment; nobody but the mail is told of it."""
    facts = SignInCode(minutes=max(1, (until - at) // timedelta(minutes=1)))
    await together(_to(organization, email, facts, at, secret=code, until=until))


async def password_set(
    organization: OrganizationId | None, email: str, token: str, *, at: datetime, until: datetime
) -> None:
    """The token by which somebody who has no password chooses one."""
    await together(_to(organization, email, PasswordSet(until), at, secret=token, until=until))


async def password_reset(
    organization: OrganizationId | None, email: str, token: str, *, at: datetime, until: datetime
) -> None:
    """The token by which somebody chooses another password."""
    await together(_to(organization, email, PasswordReset(until), at, secret=token, until=until))


async def portal_link(
    organization: OrganizationId, email: str, token: str, *, by: str, at: datetime, until: datetime
) -> None:
    """The token by which somebody without an account sets a directory up; `by` is who sends it, in words."""
    await together(_to(organization, email, PortalLink(by, until), at, secret=token, until=until))


def invitation_parts(
    organization: OrganizationId, email: str, token: str, *, by: str, at: datetime, until: datetime
) -> list[Part]:
    """The token of an invitation, also one that stands for another."""
    return _to(organization, email, Invitation(by, until), at, secret=token, until=until)


async def purchase_summary(organization: OrganizationId, facts: PurchaseSummary, first: UUID, at: datetime) -> None:
    """What was bought, beginning with the purchase `first`."""
    await together(_to_contacts(organization, facts, at, about=str(first)))


async def purchase_failed(
    organization: OrganizationId,
    purchase: UUID,
    *,
    seat_type: SeatType,
    quantity: int,
    amount_minor: int,
    currency: str,
    reason: str,
    at: datetime,
    round: int = 1,
    waits: bool = False,
) -> None:
    """A purchase that was reserved and cannot be confirmed, or is not for long; each told once for a round of it."""
    facts = PurchaseFailed(seat_type, quantity, amount_minor, currency, reason, waits)
    about = f"{purchase} {round} {'waits' if waits else 'failed'}"
    await together(_to_contacts(organization, facts, at, about=about))


async def purchase_beyond_cap(
    organization: OrganizationId, purchase: UUID, facts: PurchaseFailed, at: datetime
) -> None:
    """A purchase for which the provider charged more than it had said, and more than somebody accepted; told once."""
    await together(_to_contacts(organization, facts, at, about=f"{purchase} charged"))


async def cap_reached(organization: OrganizationId, facts: CapReached, at: datetime) -> None:
    """A purchase that the monthly cap did not let through; told once a month as long as the cap is the same."""
    await together(_to_contacts(organization, facts, at, about=f"{at:%Y-%m} {facts.cap_minor} {facts.currency}"))


def threshold_parts(
    organization: UUID, seat_type: SeatType, percent: int, *, used: int, limit: int, policy: SeatLimit, at: datetime
) -> list[Part]:
    """A threshold of seat usage that was crossed just now."""
    facts = SeatThreshold(seat_type, percent, used, limit, policy)
    return _to_contacts(organization, facts, at, name=f"mails_about_{seat_type}")


async def key_expiring(organization: OrganizationId | None, key: UUID, facts: KeyExpiring, at: datetime) -> None:
    """A key that ends in so many days; told once for each number of days."""
    about = about_key(key, facts.days)
    if organization is None:
        await together(_to(None, None, facts, at, about=about))
    else:
        await together(_to_contacts(organization, facts, at, about=about))


def about_key(key: UUID, days: int) -> str:
    """What such a mail is about; see `db.queries.mails.told`."""
    return f"{key} {days}"


async def directory_health(
    organization: OrganizationId, facts: DirectoryStale | DirectoryFailing | DirectoryRecovered, at: datetime
) -> None:
    """A directory that fell silent, is refused mostly, or is well again."""
    await together(_to_contacts(organization, facts, at))


async def removals_held(organization: OrganizationId, facts: RemovalsHeld | RemovalsReminder, at: datetime) -> None:
    """Removals that wait for a decision, or must be decided soon."""
    await together(_to_contacts(organization, facts, at))


async def last_admin_refused(
    organization: OrganizationId, directory: UUID, name: str, *, trace: UUID, at: datetime
) -> None:
    """A directory that was refused to take the last admin away; told once a day, since it will try again."""
    facts = LastAdminRefused(name, trace)
    await together(_to_contacts(organization, facts, at, about=f"{directory} {at:%Y-%m-%d}"))


async def break_glass_used(organization: OrganizationId, session: UUID, facts: BreakGlassUsed, at: datetime) -> None:
    """Somebody whom break-glass let in; told once for each time that they sign in."""
    await together(_to_contacts(organization, facts, at, about=str(session)))


async def webhook_disabled(
    organization: OrganizationId, endpoint: UUID, *, url: str, reason: str, at: datetime
) -> None:
    """An endpoint of the organization that is told nothing any more; `reason` is a sentence for people.

    Of its URL host and path are told: behind them stand secrets, at times.
    """
    parts = urlsplit(url)
    facts = WebhookDisabled(f"{parts.hostname or ''}{parts.path}", reason)
    await together(_to_contacts(organization, facts, at, about=f"{endpoint} {at:%Y-%m-%d %H:%M}"))


async def domain_warning(organization: OrganizationId, domain: str, *, lapses_at: datetime, at: datetime) -> None:
    """A domain whose proof is missing; told once for the time at which it lapses."""
    facts = DomainWarning(domain, lapses_at)
    await together(_to_contacts(organization, facts, at, about=f"{domain} {lapses_at:%Y-%m-%d}"))


async def domain_lapsed(organization: OrganizationId, domain: str, *, at: datetime) -> None:
    """A domain that is not proved any more."""
    await together(_to_contacts(organization, DomainLapsed(domain), at, about=f"{domain} {at:%Y-%m-%d}"))


async def domain_claimed(organization: OrganizationId, domain: str, *, at: datetime) -> None:
    """A domain that the organization has verified, and that another one could prove, too; which one is not told."""
    await together(_to_contacts(organization, DomainClaimed(domain), at, about=f"{domain} {at:%Y-%m-%d}"))


async def digest(organization: OrganizationId, email: str, facts: Digest, at: datetime) -> None:
    """What happened in a week, for one who wants to know; told once."""
    await together(_to(organization, email, facts, at, about=f"{facts.through}"))


async def help_request(organization: OrganizationId, facts: HelpRequest, at: datetime) -> None:
    """Somebody who asks the operator for help."""
    await together(_to(organization, None, facts, at))


async def trial(email: str | None, at: datetime) -> UUID:
    """A mail that says nothing but that mails arrive, to an address or the operator; its id."""
    id = new_id()
    await together(_to(None, email, Trial(), at, id=id))
    return id


def _to(
    organization: UUID | None,
    email: str | None,
    facts: Facts,
    at: datetime,
    *,
    secret: str | None = None,
    about: str | None = None,
    until: datetime | None = None,
    id: UUID | None = None,
) -> list[Part]:
    """The writes of a mail to one address, None for the operator; raises CannotSeal where it has a secret."""
    id, key = id or new_id(), None if email is None else addresses.folded(email)
    place = Place(organization, "mail_message", id, "secret")
    kept = None if secret is None else sealed.seal(secret.encode(), place)
    mail, name = _mail(facts, at, kept, about, until), f"mails_{facts.kind.lower()}"
    part = rows.named_part(organization, name, mail, email, key, id)
    return [part, tasks.for_each_part(name, SEND, priority=mail.priority)]


def _to_contacts(
    organization: UUID, facts: Facts, at: datetime, *, about: str | None = None, name: str = "mails"
) -> list[Part]:
    """The writes of a mail to all contacts of its kind."""
    assert facts.whom is not None
    mail = _mail(facts, at, None, about, None)
    part = rows.contacts_part(organization, name, mail, facts.whom)
    return [part, tasks.for_each_part(name, SEND, priority=mail.priority)]


def _mail(facts: Facts, at: datetime, secret: bytes | None, about: str | None, until: datetime | None) -> NewMail:
    return NewMail(
        kind=facts.kind,
        facts=msgspec.json.encode(facts).decode(),
        secret=secret,
        about=about,
        at=at,
        expires_at=until or at + facts.lasts,
        priority=_FIRST if facts.is_urgent else 0,
    )
