"""Organizations and their extensions."""

from __future__ import annotations

import msgspec
from factory import LazyAttribute, LazyFunction, Sequence, SubFactory

from db.ids import new_id
from db.tables import Extension, Organization

from .rows import RowFactory


class OrganizationFactory(RowFactory[Organization]):
    """An organization."""

    class Meta:
        model = Organization

    id = LazyFunction(new_id)
    name = Sequence("Organization {}".format)


class ExtensionFactory(RowFactory[Extension]):
    """A registered extension with one attribute, `size`."""

    class Meta:
        model = Extension

    organization = SubFactory(OrganizationFactory)
    id = LazyFunction(new_id)
    urn = Sequence("urn:example:params:scim:schemas:extension:shoes{}:2.0:User".format)
    urn_key = LazyAttribute(lambda made: made.urn.lower())
    definition = LazyAttribute(
        lambda made: msgspec.json.encode(
            {"id": made.urn, "name": "Shoes", "attributes": [{"name": "size", "type": "integer"}]}
        ).decode()
    )
