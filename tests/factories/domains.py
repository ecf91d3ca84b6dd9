"""Domains of organizations."""

from __future__ import annotations

from factory import LazyFunction, Sequence, SubFactory

from db.enums import DomainState
from db.ids import new_id
from db.tables import Domain

from .organizations import OrganizationFactory
from .rows import RowFactory


class DomainFactory(RowFactory[Domain]):
    """A domain that the operator vouched for."""

    class Meta:
        model = Domain

    organization = SubFactory(OrganizationFactory)
    id = LazyFunction(new_id)
    name = Sequence("company{}.example.com".format)
    state = DomainState.VERIFIED
    verified_by = "OPERATOR"
