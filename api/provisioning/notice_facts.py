"""What mails tell, by their kind: facts as they are stored, which rendering turns into words. Pure.

Every fact is one line at most, unless it is named in `long`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

import msgspec

from db.enums import ContactKind, MailKind, SeatType, Way

from .policy_values import SeatLimit

_WEEK = timedelta(days=7)


class Facts(msgspec.Struct, frozen=True):
    """What a mail of one kind tells.

    `whom` are the contacts to whom it goes; None for kinds that go to one address. `lasts` is for how long it is of use
    where nothing else says so; `is_urgent` lets it overtake others.
    """

    kind: ClassVar[MailKind]
    whom: ClassVar[ContactKind | None] = None
    lasts: ClassVar[timedelta] = _WEEK
    is_urgent: ClassVar[bool] = False
    has_secret: ClassVar[bool] = False
    long: ClassVar[frozenset[str]] = frozenset()


class SignInCode(Facts, frozen=True):
    """A one-time code, which is the secret."""

    kind, is_urgent, has_secret = MailKind.SIGN_IN_CODE, True, True

    minutes: int


class PasswordSet(Facts, frozen=True):
    """A link to choose a first password, whose token is the secret."""

    kind, is_urgent, has_secret = MailKind.PASSWORD_SET, True, True

    expires_at: datetime


class PasswordReset(Facts, frozen=True):
    """A link to choose another password, whose token is the secret."""

    kind, is_urgent, has_secret = MailKind.PASSWORD_RESET, True, True

    expires_at: datetime


class PortalLink(Facts, frozen=True):
    """A link by which somebody without an account sets a directory up; its token is the secret."""

    kind, is_urgent, has_secret = MailKind.PORTAL_LINK, True, True

    by: str
    expires_at: datetime


class Invitation(Facts, frozen=True):
    """An invitation, whose token is the secret."""

    kind, is_urgent, has_secret = MailKind.INVITATION, True, True

    by: str
    expires_at: datetime


class Bought(msgspec.Struct, frozen=True):
    """One purchase: so many seats of a type, for whom, and what they cost for the rest of the period."""

    seat_type: SeatType
    quantity: int
    price_minor: int
    amount_minor: int
    period_start: date
    period_end: date
    added_on: date
    people: Sequence[str]
    people_in_all: int
    is_confirmed: bool = True


class PurchaseSummary(Facts, frozen=True):
    """What was bought automatically since the last summary (R132)."""

    kind, whom = MailKind.PURCHASE_SUMMARY, ContactKind.BILLING

    currency: str
    bought: Sequence[Bought]
    cap_minor: int | None
    spent_minor: int
    next_invoice_on: date | None


class PurchaseFailed(Facts, frozen=True):
    """Seats that were reserved and could not be paid for, or are not yet (`waits`); nobody loses theirs.

    With `charged_minor` they are paid for, but by more than somebody accepted.
    """

    kind, whom = MailKind.PURCHASE_FAILED, ContactKind.BILLING

    seat_type: SeatType
    quantity: int
    amount_minor: int
    currency: str
    reason: str
    waits: bool = False
    charged_minor: int | None = None


class CapReached(Facts, frozen=True):
    """Somebody needed a seat, and buying it would have exceeded the monthly cap."""

    kind, whom = MailKind.CAP_REACHED, ContactKind.BILLING

    seat_type: SeatType
    quantity: int
    amount_minor: int
    currency: str
    cap_minor: int
    spent_minor: int


class SeatThreshold(Facts, frozen=True):
    """So many percent of the seats of a type are taken, and what happens to those who come when all are."""

    kind, whom = MailKind.SEAT_THRESHOLD, ContactKind.BILLING

    seat_type: SeatType
    percent: int
    used: int
    limit: int
    policy: SeatLimit


class KeyExpiring(Facts, frozen=True):
    """A key or client secret of a directory, or an API token, that ends soon; `newer` ends so and outlives it."""

    kind, whom = MailKind.KEY_EXPIRING, ContactKind.TECHNICAL

    name: str
    is_token: bool
    last_four: str
    expires_at: datetime
    days: int
    last_used_at: datetime | None
    newer: str | None
    is_secret: bool = False


class DirectoryStale(Facts, frozen=True):
    """A directory that has been silent for too long (R062)."""

    kind, whom = MailKind.DIRECTORY_STALE, ContactKind.TECHNICAL

    directory: str
    last_request_at: datetime
    expected_minutes: int


class DirectoryFailing(Facts, frozen=True):
    """A directory of whose last requests more than half were refused."""

    kind, whom = MailKind.DIRECTORY_FAILING, ContactKind.TECHNICAL

    directory: str
    recent: int
    refused: int


class DirectoryRecovered(Facts, frozen=True):
    """A directory that is well again."""

    kind, whom = MailKind.DIRECTORY_RECOVERED, ContactKind.TECHNICAL

    directory: str
    was_stale: bool


class RemovalsHeld(Facts, frozen=True):
    """Removals that were too many at once, and wait for somebody's decision."""

    kind, whom = MailKind.REMOVALS_HELD, ContactKind.TECHNICAL

    directory: str
    people: int
    decide_by: datetime | None
    is_kept: bool


class RemovalsReminder(Facts, frozen=True):
    """The same, when the time to decide runs out."""

    kind, whom = MailKind.REMOVALS_REMINDER, ContactKind.TECHNICAL

    directory: str
    people: int
    decide_by: datetime
    is_kept: bool


class LastAdminRefused(Facts, frozen=True):
    """A directory tried to take the last admin away."""

    kind, whom = MailKind.LAST_ADMIN_REFUSED, ContactKind.SECURITY

    directory: str
    trace: UUID


class BreakGlassUsed(Facts, frozen=True):
    """Somebody was let in without the single sign-on that is enforced; `reason` is why they may."""

    kind, whom, is_urgent = MailKind.BREAK_GLASS_USED, ContactKind.SECURITY, True

    person: str
    way: Way
    ip: str | None
    used_at: datetime
    reason: str


class WebhookDisabled(Facts, frozen=True):
    """An endpoint that is told nothing any more; `address` is its URL without the scheme."""

    kind, whom = MailKind.WEBHOOK_DISABLED, ContactKind.TECHNICAL

    address: str
    reason: str


class DomainWarning(Facts, frozen=True):
    """A domain whose proof is not found any more."""

    kind, whom = MailKind.DOMAIN_WARNING, ContactKind.TECHNICAL

    domain: str
    lapses_at: datetime


class DomainLapsed(Facts, frozen=True):
    """A domain that is not proved any more: nobody new comes in by it."""

    kind, whom = MailKind.DOMAIN_LAPSED, ContactKind.TECHNICAL

    domain: str


class DomainClaimed(Facts, frozen=True):
    """Another organization has proved a domain that this one has, too."""

    kind, whom = MailKind.DOMAIN_CLAIMED, ContactKind.SECURITY

    domain: str


class SeatUse(msgspec.Struct, frozen=True):
    """How many seats of a type are taken, of how many."""

    seat_type: SeatType
    used: int
    limit: int | None


class Digest(Facts, frozen=True):
    """What happened in a week; `directories` says of each how it is, in a word."""

    kind = MailKind.DIGEST
    lasts = timedelta(days=2)

    since: date
    through: date
    joined: int
    left: int
    requests: int
    refused: int
    held: int
    waiting: int
    seats: Sequence[SeatUse]
    directories: Sequence[tuple[str, str]]
    unsubscribe_token: str


class HelpRequest(Facts, frozen=True):
    """Somebody of an organization asks the operator for help (R027)."""

    kind = MailKind.HELP_REQUEST
    long = frozenset({"message"})

    by: str
    reply_to: str | None
    message: str


class Trial(Facts, frozen=True):
    """Nothing but that mails arrive."""

    kind, is_urgent = MailKind.TEST, True
    lasts = timedelta(hours=1)


FACTS: Mapping[MailKind, type[Facts]] = {each.kind: each for each in Facts.__subclasses__()}
"""The facts of each kind."""
