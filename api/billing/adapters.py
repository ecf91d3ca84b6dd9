"""The providers that charge for seats, by the settings of this process."""

from __future__ import annotations

from api.provisioning import billing
from api.settings import Settings
from db.enums import BillingProvider

from .ledger import Ledger


def load(chosen: Settings) -> None:
    """Name the providers of this process, at its start."""
    billing.use(BillingProvider.LEDGER, {BillingProvider.LEDGER: Ledger()})
