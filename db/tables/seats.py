"""Seats: how many there are of each type, who took and gave them back, what was bought, and what there was each day."""

from piccolo.columns import UUID, BigInt, Boolean, Date, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table

from db.enums import BillingInterval, BillingProvider, PurchaseState, SeatType


class SeatPool(Table):
    """How many seats of a type an organization has; a type without a row, or without a limit, has no end."""

    organization_id = UUID(default=None)
    seat_type = Text(primary_key=True, default=None, choices=SeatType)
    seat_limit = BigInt(null=True, default=None)
    price_minor = BigInt(null=True, default=None, help_text="For one seat and period, in minor units; null: not sold.")


class SeatCount(Table):
    """How many seats of a type are held, spread over slots so that parallel takers do not wait for one row."""

    organization_id = UUID(default=None)
    seat_type = Text(primary_key=True, default=None, choices=SeatType)
    slot = SmallInt(default=None)
    used = BigInt(default=0)


class BillingTerms(Table):
    """What an organization has agreed to pay for; without a row nothing is ever bought."""

    organization_id = UUID(primary_key=True, default=None)
    currency = Text(default=None, help_text="ISO 4217.")
    interval = Text(default=None, choices=BillingInterval)
    anchor = Date(default=None, help_text="A day on which a period begins, UTC.")
    is_enrolled = Boolean(default=False, help_text="Whether seats may be bought automatically (Early Access).")
    monthly_cap_minor = BigInt(null=True, default=None, help_text="The most to be charged in a calendar month.")
    pack_size = Integer(default=1, help_text="How many seats are bought at a time.")
    accepted_by = Text(null=True, default=None, help_text="Who accepted the cap, in words for people.")
    accepted_at = Timestamptz(null=True, default=None)


class SeatEntry(Table):
    """One line of the ledger: a seat taken or given back, and why. Append-only."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    seat_type = Text(default=None, choices=SeatType)
    delta = SmallInt(default=None, help_text="1 for a seat taken, -1 for one given back.")
    member_id = UUID(default=None)
    cause = Text(default=None, help_text="A code of provisioning.lifecycle.Cause.")
    request_id = UUID(null=True, default=None)
    entered_at = Timestamptz()


class SeatPurchase(Table):
    """Seats that were bought, with what they cost for the rest of the period."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    seat_type = Text(default=None, choices=SeatType)
    quantity = Integer(default=None)
    price_minor = BigInt(default=None, help_text="For one seat and a whole period, in minor units.")
    amount_minor = BigInt(default=None, help_text="For all of them and the rest of the period.")
    currency = Text(default=None)
    period_start = Date(default=None)
    period_end = Date(default=None, help_text="The first day of the next period.")
    added_on = Date(default=None)
    state = Text(default=None, choices=PurchaseState)
    provider = Text(default=BillingProvider.LEDGER, choices=BillingProvider, help_text="Who charges for it.")
    reserved_at = Timestamptz(help_text="Since when it waits to be confirmed, or did; the month in which it counts.")
    attempts = Integer(default=0, help_text="How often the provider was asked to confirm it.")
    round = Integer(default=1, help_text="Grows when the provider must not take a request for one it has answered.")
    next_attempt_at = Timestamptz(null=True, default=None, help_text="Not before when it is asked again.")
    leased_until = Timestamptz(null=True, default=None, help_text="Until when only the worker that asks may ask.")
    reservation = Text(null=True, default=None, help_text="What its provider needs to confirm it, as that wrote it.")
    reference = Text(null=True, default=None, help_text="What the provider calls it.")
    reason = Text(null=True, default=None, help_text="What is in the way, or why it failed, for people.")
    cancelled_by = Text(null=True, default=None, help_text="Who gave it up, in words for people.")
    settled_at = Timestamptz(null=True, default=None, help_text="When it was confirmed or failed.")
    told_at = Timestamptz(null=True, default=None, help_text="When the billing contacts were told of its trouble.")
    member_id = UUID(null=True, default=None, help_text="For whom, if for somebody.")
    request_id = UUID(null=True, default=None)
    purchased_at = Timestamptz()
    summed_up_at = Timestamptz(null=True, default=None, help_text="When the billing contacts were told (R132).")


class SeatSnapshot(Table):
    """How a day ended, UTC."""

    organization_id = UUID(default=None)
    day = Date(default=None)
    seat_type = Text(primary_key=True, default=None, choices=SeatType)
    used = BigInt(default=None)
    seat_limit = BigInt(null=True, default=None)
    waiting = BigInt(default=0)


class SeatAlert(Table):
    """A threshold of usage that was crossed, until usage falls below it again."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    seat_type = Text(default=None, choices=SeatType)
    percent = SmallInt(default=None)
    used = BigInt(default=None)
    seat_limit = BigInt(default=None)
    raised_at = Timestamptz()
    cleared_at = Timestamptz(null=True, default=None)
