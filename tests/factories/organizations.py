"""Rows of db/tables/organizations.py."""

import factory

from db.ids import new_id
from db.tables import Organization
from tests.factories.base import RowFactory


class OrganizationFactory(RowFactory):
    """An organization."""

    class Meta:
        model = Organization

    id = factory.LazyFunction(new_id)
    name = factory.Sequence("Organization {}".format)
