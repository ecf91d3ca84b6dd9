"""A sample of every mail, and `python -m tests.mail.samples`, which writes how they read to tests/mail/letters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import msgspec

from api.mail import rendering
from api.mail.rendering import Words
from api.provisioning.notice_facts import (
    Bought,
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
    SeatUse,
    SignInCode,
    Trial,
    WebhookDisabled,
)
from api.provisioning.plan_catalogue import Contact
from api.provisioning.policy_values import SeatLimit
from db.enums import MailKind, SeatType, Way
from db.mail_rows import MailRow

URL = "https://rollcall.example.com"
FOLDER = Path(__file__).with_name("letters")
ACME = UUID("019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c11")
MAIL = UUID("019b0a3e-7a51-7cc0-8f3a-2f6d1f6f2c18")
NOON = datetime(2026, 4, 11, 12, tzinfo=UTC)
LATER = datetime(2026, 4, 18, 12, tzinfo=UTC)
SUCCESS = Contact("Customer Success", "success@example.com", "https://example.com/success")
SECRETS = {MailKind.SIGN_IN_CODE: "04071789"}
OPERATORS = frozenset({MailKind.TEST})


def bought(name: str, seat_type: SeatType = SeatType.FULL) -> Bought:
    """One seat on the eleventh of a month of thirty days."""
    return Bought(
        seat_type, 1, 3000, 2000, date(2026, 4, 1), date(2026, 5, 1), date(2026, 4, 11), people=[name], people_in_all=1
    )


_PACK = Bought(
    SeatType.LITE,
    25,
    1000,
    16667,
    date(2026, 4, 1),
    date(2026, 5, 1),
    date(2026, 4, 11),
    people=["Kim Cho", "Lou Reed"],
    people_in_all=20,
    is_confirmed=False,
)

SAMPLES: Mapping[str, Facts] = {
    "sign_in_code": SignInCode(10),
    "password_set": PasswordSet(NOON),
    "password_reset": PasswordReset(NOON),
    "portal_link": PortalLink("dana@example.com", LATER),
    "invitation": Invitation("dana@example.com", LATER),
    "purchase_summary": PurchaseSummary(
        "EUR",
        [bought(name) for name in ("Ann Lee", "Bob Ray", "Cléo Roux", "Dan Moe", "Eve Orr")],
        100_000,
        10_000,
        date(2026, 5, 1),
    ),
    "purchase_summary_of_packs": PurchaseSummary("EUR", [bought("Ann Lee"), _PACK], None, 0, date(2026, 5, 1)),
    "purchase_failed": PurchaseFailed(SeatType.FULL, 2, 4000, "EUR", "The card was declined."),
    "purchase_failed_not_yet": PurchaseFailed(SeatType.LITE, 1, 667, "EUR", "Stripe does not answer.", waits=True),
    "purchase_failed_beyond_cap": PurchaseFailed(
        SeatType.FULL, 2, 4000, "EUR", "That exceeds the monthly cap of 100.00 EUR.", charged_minor=40_000
    ),
    "cap_reached": CapReached(SeatType.FULL, 1, 2000, "EUR", 10_000, 9000),
    "seat_threshold": SeatThreshold(SeatType.FULL, 80, 8, 10, SeatLimit.BLOCK),
    "seat_threshold_full": SeatThreshold(SeatType.LITE, 100, 1200, 1200, SeatLimit.HOLD),
    "key_expiring": KeyExpiring("Okta", False, "6IQw", LATER, 7, NOON, None),
    "key_expiring_with_a_newer_one": KeyExpiring("Okta", False, "6IQw", LATER, 1, NOON, "a1Bc"),
    "key_expiring_token": KeyExpiring("Backstage", True, "6IQw", LATER, 30, None, None),
    "key_expiring_secret": KeyExpiring("Entra", False, "6IQw", LATER, 14, NOON, None, is_secret=True),
    "key_expiring_secret_with_a_newer_one": KeyExpiring("Entra", False, "6IQw", LATER, 1, None, "a1Bc", is_secret=True),
    "directory_stale": DirectoryStale("Okta", NOON, 1440),
    "directory_stale_that_calls_often": DirectoryStale("Entra production", NOON, 40),
    "directory_failing": DirectoryFailing("Okta", 20, 12),
    "directory_recovered": DirectoryRecovered("Okta", was_stale=True),
    "directory_recovered_from_failing": DirectoryRecovered("Okta", was_stale=False),
    "removals_held": RemovalsHeld("Okta", 213, LATER, is_kept=True),
    "removals_reminder": RemovalsReminder("Okta", 1, LATER, is_kept=False),
    "last_admin_refused": LastAdminRefused("Okta", MAIL),
    "break_glass_used": BreakGlassUsed(
        "ada@example.com", Way.CODE, "192.0.2.7", NOON, "Owns the company, and our identity provider may be away."
    ),
    "break_glass_used_by_password": BreakGlassUsed("ada@example.com", Way.PASSWORD, None, NOON, "Owns the company"),
    "webhook_disabled": WebhookDisabled("host.example.com/hooks", "Nothing has arrived there for five days."),
    "domain_warning": DomainWarning("example.com", LATER),
    "domain_lapsed": DomainLapsed("example.com"),
    "domain_claimed": DomainClaimed("example.com"),
    "digest": Digest(
        date(2026, 4, 6),
        date(2026, 4, 12),
        joined=5,
        left=2,
        requests=1200,
        refused=3,
        held=1,
        waiting=2,
        seats=[SeatUse(SeatType.FULL, 8, 10), SeatUse(SeatType.FREE, 31, None)],
        directories=[("Okta", "healthy"), ("Entra production", "stale")],
        unsubscribe_token="c2FtcGxlIHRva2VuIG9mIGEgZGln",
    ),
    "digest_of_a_quiet_week": Digest(
        date(2026, 4, 6), date(2026, 4, 12), 0, 0, 0, 0, 0, 0, [], [], "c2FtcGxlIHRva2VuIG9mIGEgZGln"
    ),
    "help_request": HelpRequest(
        "dana@example.com", "dana@example.com", "We cannot find Provisioning in our plan.\n\nCan you help?\nDana"
    ),
    "test": Trial(),
}
"""By the name of the file that has its words."""


def row(facts: Facts, *, name: str = "Acme", contact: Contact | None = SUCCESS) -> MailRow:
    """A mail about an organization, or the operator's own."""
    is_operators = facts.kind in OPERATORS
    of = None if is_operators else {"name": name, "plan": "UNLIMITED", "contact": contact}
    return MailRow(
        organization_id=None if is_operators else ACME,
        id=MAIL,
        kind=facts.kind,
        recipient="ann@example.com",
        data=msgspec.json.encode({"facts": facts, "of": of}).decode(),
        secret=None,
        state="QUEUED",
        attempts=0,
        last_error=None,
        due_at=NOON,
        expires_at=LATER,
        created_at=NOON,
        sent_at=None,
    )


def secret(facts: Facts) -> str | None:
    """What a mail carries."""
    return SECRETS.get(facts.kind, "0fM3q7Xb1nZk9aVt4cRw2eYh8uJd6sLp") if facts.has_secret else None


def words(facts: Facts, **of: object) -> Words:
    """How a mail reads."""
    found = rendering.words(row(facts, **of), URL, secret(facts))  # type: ignore[arg-type]  # as `row` takes them
    assert found is not None
    return found


def read(name: str) -> str:
    """How a sample reads, with its subject above."""
    found = words(SAMPLES[name])
    return f"Subject: {found.letter.subject}\n\n{found.text}"


if __name__ == "__main__":
    for each in SAMPLES:
        FOLDER.joinpath(f"{each}.txt").write_text(read(each))
