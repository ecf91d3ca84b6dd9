"""The providers that charge for seats, by the settings of this process."""

from __future__ import annotations

from collections.abc import Mapping

from api.provisioning import billing
from api.provisioning.billing import Billing
from api.settings import Settings
from db.enums import BillingProvider

from .host import HostApplication
from .ledger import Ledger
from .stripe import Stripe


def load(chosen: Settings) -> None:
    """Name the providers of this process, at its start."""
    adapters: Mapping[BillingProvider, Billing] = {
        BillingProvider.LEDGER: Ledger(),
        BillingProvider.STRIPE: Stripe(chosen.stripe_url),
        BillingProvider.HTTP: HostApplication(chosen.allow_networks, chosen.port),
    }
    billing.use(BillingProvider(chosen.billing), adapters)
