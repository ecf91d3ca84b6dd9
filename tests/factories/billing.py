"""Billing accounts, what providers charge for, and their secrets."""

from __future__ import annotations

from datetime import UTC, datetime

from factory import LazyFunction, Sequence, SubFactory

from db.enums import SeatType
from db.ids import new_id
from db.tables import BilledQuantity, BillingAccount, BillingSecret

from .organizations import OrganizationFactory
from .rows import RowFactory


class BillingAccountFactory(RowFactory[BillingAccount]):
    """An account by the default of the installation."""

    class Meta:
        model = BillingAccount

    organization = SubFactory(OrganizationFactory)


class BilledQuantityFactory(RowFactory[BilledQuantity]):
    """A provider that charges for ten full seats."""

    class Meta:
        model = BilledQuantity

    organization = SubFactory(OrganizationFactory)
    seat_type = SeatType.FULL
    quantity = 10
    seen_at = LazyFunction(lambda: datetime.now(UTC))


class BillingSecretFactory(RowFactory[BillingSecret]):
    """A secret that nothing opens."""

    class Meta:
        model = BillingSecret

    id = LazyFunction(new_id)
    name = Sequence("secret-{}".format)
    secret = b"sealed"
    set_at = LazyFunction(lambda: datetime.now(UTC))
