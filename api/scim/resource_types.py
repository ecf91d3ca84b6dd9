"""The resource types of each organization: Rollcall's own schemas and the extensions that it registered."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from api.provisioning import extensions
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
        definitions = await extensions.definitions(OrganizationId(organization))
        found = _known[key] = _assembled(seat_type_urn, tuple(definitions))
        if len(_known) > _REMEMBERED:
            _known.popitem(last=False)
    return found


@lru_cache(maxsize=256)
def _assembled(seat_type_urn: str, definitions: tuple[str, ...]) -> ResourceTypes:
    """The types with these extensions: the same objects for all organizations that registered the same, mostly none."""
    user = user_type(seat_type_urn, tuple(schemas.from_json(msgspec.json.decode(text)) for text in definitions))
    shown = (projection.parse(None, None, user), projection.parse(None, None, GROUP_TYPE))
    return ResourceTypes(user, GROUP_TYPE, *shown)
