"""Seals on history."""

from __future__ import annotations

from factory import LazyFunction, SubFactory

from db.ids import new_id
from db.tables import AuditSeal

from .organizations import OrganizationFactory
from .rows import RowFactory


class AuditSealFactory(RowFactory[AuditSeal]):
    """The first seal, on nothing."""

    class Meta:
        model = AuditSeal

    organization = SubFactory(OrganizationFactory)
    number = 1
    through = LazyFunction(new_id)
    digests = b""
    hash = b"-" * 32
