"""What seats that were added in a billing period cost: the lines that come to the next invoice (REQUIREMENTS R133)."""

from __future__ import annotations

import csv
import io
import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from db.enums import BillingInterval, BillingProvider
from db.queries import seat_views as rows
from db.seat_view_rows import TermsView

from . import billing, billing_accounts, proration
from .actor import Actor, Right
from .billing import InvoiceLine
from .currencies import decimal
from .errors import BadSetting, NotFound
from .proration import Period

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_HEAD = (
    "text",
    "seat_type",
    "quantity",
    "unit_price",
    "amount",
    "currency",
    "since",
    "until",
    "state",
    "for",
    "purchase",
)


@dataclass(frozen=True, slots=True)
class Invoice:
    """What is charged for seats that were added in a period, besides what is paid for each period anyway."""

    provider: BillingProvider
    period: Period
    currency: str
    lines: Sequence[InvoiceLine]

    @property
    def sum_minor(self) -> int:
        """All lines together; each was rounded by itself."""
        return sum(line.amount_minor for line in self.lines)


async def find(actor: Actor, month: str) -> Invoice:
    """The invoice of the period that begins in a month such as `2026-11`, by whoever charges the organization.

    Raises BadSetting, NotFound before there are terms, ProviderRefused and ProviderAway.
    """
    actor.must(Right.ORGANIZATION_READ)
    terms = await rows.terms(actor.organization)
    if terms is None:
        raise NotFound("There are no billing terms yet, and so no periods. The operator has to set them first.")
    period = _period(terms, month)
    account = await billing_accounts.find(actor.organization)
    lines = await billing.of(account.provider).invoice_lines(account, period)
    return Invoice(account.provider, period, terms.currency, lines)


def as_csv(invoice: Invoice) -> str:
    """An invoice for spreadsheets: amounts as decimal numbers, a row for each line and none for the sum."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEAD)
    for line in invoice.lines:
        writer.writerow(
            [
                _harmless(line.text),
                line.seat_type,
                line.quantity,
                None if line.unit_minor is None else decimal(line.unit_minor, line.currency),
                decimal(line.amount_minor, line.currency),
                line.currency,
                line.since,
                line.until,
                line.state,
                _harmless(line.email or ""),
                line.purchase,
            ]
        )
    return text.getvalue()


def _period(terms: TermsView, month: str) -> Period:
    found = _MONTH.fullmatch(month)
    if found is None or found[1] in ("0000", "9999"):
        raise BadSetting(f"{month!r} is no month such as 2026-11.")
    year, number = int(found[1]), int(found[2])
    last = date(year, number, monthrange(year, number)[1])
    period = proration.period_of(terms.anchor, BillingInterval(terms.interval), last)
    if (period.start.year, period.start.month) != (year, number):
        raise BadSetting(f"No billing period begins in {month}; the one that runs then begins in {period.start:%Y-%m}.")
    return period


def _harmless(text: str) -> str:
    """A text that spreadsheets take for no formula, whoever wrote it."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
