"""The resource types of each organization: Rollcall's own schemas and the extensions that it registered."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from api.provisioning import organizations
from db.ids import OrganizationId

from .language import projection, schemas
from .language.definitions import GROUP_TYPE, user_type
from .language.projection import Projection
from .language.schemas import ResourceType

_REMEMBERED = 4096
_known: OrderedDict[tuple[uuid.UUID, int, str], ResourceTypes] = OrderedDict()


@dataclass(frozen=True, slots=True)
class ResourceTypes:
    """What an organization's directories may keep here."""

    user: ResourceType
    group: ResourceType
    user_as_it_is: Projection
    group_as_it_is: Projection

    def __iter__(self) -> Iterator[ResourceType]:
        return iter((self.user, self.group))

    def projection(self, type: ResourceType, attributes: str | None, excluded: str | None) -> Projection:
        """What to show of resources of one of these types; the usual case, everything, was prepared."""
        if attributes or excluded:
            return projection.parse(attributes, excluded, type)
        return self.user_as_it_is if type is self.user else self.group_as_it_is


async def resource_types(organization: uuid.UUID, version: int, seat_type_urn: str) -> ResourceTypes:
    """The resource types of an organization; `version` is its schema version, so that what is remembered stays true."""
    key = (organization, version, seat_type_urn)
    found = _known.get(key)
    if found is None:
        definitions = await organizations.extensions(OrganizationId(organization))
        registered = tuple(schemas.from_json(msgspec.json.decode(text)) for text in definitions)
        found = _known[key] = _assembled(user_type(seat_type_urn, registered))
        if len(_known) > _REMEMBERED:
            _known.popitem(last=False)
    return found


def _assembled(user: ResourceType) -> ResourceTypes:
    shown = (projection.parse(None, None, user), projection.parse(None, None, GROUP_TYPE))
    return ResourceTypes(user, GROUP_TYPE, *shown)
