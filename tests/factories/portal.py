"""Portal links."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from factory import LazyFunction, SubFactory

from db.enums import PortalPurpose
from db.ids import new_id
from db.tables import PortalLink

from .organizations import OrganizationFactory
from .rows import RowFactory


class PortalLinkFactory(RowFactory[PortalLink]):
    """A link that nobody has used yet."""

    class Meta:
        model = PortalLink

    organization = SubFactory(OrganizationFactory)
    id = LazyFunction(new_id)
    purpose = PortalPurpose.PROVISIONING
    hash = LazyFunction(lambda: new_id().bytes * 2)
    created_by = "Ada"
    created_at = LazyFunction(lambda: datetime.now(UTC))
    expires_at = LazyFunction(lambda: datetime.now(UTC) + timedelta(minutes=5))
