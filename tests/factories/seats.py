"""Seats: pools, counts, terms, the ledger, purchases, snapshots and alerts."""

from __future__ import annotations

from datetime import UTC, date, datetime

from factory import LazyAttribute, LazyFunction, SubFactory

from db.enums import BillingInterval, PurchaseState, SeatType
from db.ids import new_id
from db.tables import BillingTerms, SeatAlert, SeatCount, SeatEntry, SeatPool, SeatPurchase, SeatSnapshot

from .members import MemberFactory
from .organizations import OrganizationFactory
from .rows import RowFactory


class SeatPoolFactory(RowFactory[SeatPool]):
    """Ten full seats at 30.00."""

    class Meta:
        model = SeatPool

    organization = SubFactory(OrganizationFactory)
    seat_type = SeatType.FULL
    seat_limit = 10
    price_minor = 3000


class SeatCountFactory(RowFactory[SeatCount]):
    """One slot of the seats that are held."""

    class Meta:
        model = SeatCount

    organization = SubFactory(OrganizationFactory)
    seat_type = SeatType.FULL
    slot = 0
    used = 1


class BillingTermsFactory(RowFactory[BillingTerms]):
    """Monthly terms that nobody has accepted a cap for."""

    class Meta:
        model = BillingTerms

    organization = SubFactory(OrganizationFactory)
    currency = "EUR"
    interval = BillingInterval.MONTH
    anchor = date(2026, 1, 1)


class SeatEntryFactory(RowFactory[SeatEntry]):
    """A full seat that was taken."""

    class Meta:
        model = SeatEntry

    member = SubFactory(MemberFactory)
    organization = LazyAttribute(lambda made: made.member.organization_id)
    id = LazyFunction(new_id)
    seat_type = SeatType.FULL
    delta = 1
    cause = "ARRIVED"
    entered_at = LazyFunction(lambda: datetime.now(UTC))


class SeatPurchaseFactory(RowFactory[SeatPurchase]):
    """One full seat, bought on the eleventh of a month of thirty days."""

    class Meta:
        model = SeatPurchase

    organization = SubFactory(OrganizationFactory)
    id = LazyFunction(new_id)
    seat_type = SeatType.FULL
    quantity = 1
    price_minor = 3000
    amount_minor = 2000
    currency = "EUR"
    period_start = date(2026, 4, 1)
    period_end = date(2026, 5, 1)
    added_on = date(2026, 4, 11)
    state = PurchaseState.CONFIRMED
    purchased_at = LazyFunction(lambda: datetime.now(UTC))
    reserved_at = LazyAttribute(lambda made: made.purchased_at)


class SeatSnapshotFactory(RowFactory[SeatSnapshot]):
    """How a day ended."""

    class Meta:
        model = SeatSnapshot

    organization = SubFactory(OrganizationFactory)
    day = date(2026, 4, 11)
    seat_type = SeatType.FULL
    used = 1
    seat_limit = 10


class SeatAlertFactory(RowFactory[SeatAlert]):
    """Eight of ten seats are taken."""

    class Meta:
        model = SeatAlert

    organization = SubFactory(OrganizationFactory)
    id = LazyFunction(new_id)
    seat_type = SeatType.FULL
    percent = 80
    used = 8
    seat_limit = 10
    raised_at = LazyFunction(lambda: datetime.now(UTC))
