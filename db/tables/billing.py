"""Who charges organizations for seats: accounts, what providers were seen to charge for, and secrets of providers."""

from piccolo.columns import JSONB, UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table

from db.enums import BillingProvider, SeatType


class BillingAccount(Table):
    """Who charges an organization for seats, and how it is known there; without a row, the default does."""

    organization_id = UUID(primary_key=True, default=None)
    provider = Text(null=True, default=None, choices=BillingProvider, help_text="Null for the installation's default.")
    stripe_customer = Text(null=True, default=None)
    stripe_subscription = Text(null=True, default=None)
    stripe_items = JSONB(default="{}", help_text="Ids of subscription items by type of seat.")
    host_url = Text(null=True, default=None, help_text="Where the host application is asked, if it charges.")
    compared_at = Timestamptz(
        null=True, default=None, help_text="When the provider was last asked what it charges for."
    )
    problem = Text(null=True, default=None, help_text="Why it could not be asked then, for people.")


class BilledQuantity(Table):
    """For how many seats of a type a provider charged when it was last asked."""

    organization_id = UUID(default=None)
    seat_type = Text(primary_key=True, default=None, choices=SeatType)
    quantity = BigInt(default=None)
    seen_at = Timestamptz()


class BillingSecret(Table):
    """A secret that a provider gave or shares, sealed."""

    organization_id = UUID(null=True, default=None, help_text="Null for those of the installation.")
    id = UUID(primary_key=True, default=None)
    name = Text(default=None, help_text="A name of provisioning.billing_secrets.Name, or `host`.")
    secret = Bytea(default=None)
    set_at = Timestamptz()
    ends_at = Timestamptz(null=True, default=None, help_text="Until when it counts beside the one that replaced it.")
