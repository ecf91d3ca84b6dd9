"""A person's profile by the names of OpenID Connect, as applications know them (REQUIREMENTS R087, R088)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from api import settings
from api.provisioning import directory_profiles, history
from api.provisioning.actor import Actor, system
from api.provisioning.directory_profiles import LastSaid
from db.ids import OrganizationId

from . import seat_extension, user_map
from .language.projection import Projection
from .language.schemas import Document
from .resource_types import resource_types


@dataclass(frozen=True, slots=True)
class Profile:
    """What applications ask about a person; custom attributes are those of extensions, by the extension's URN."""

    email: str | None
    preferred_username: str
    name: str | None
    given_name: str | None
    family_name: str | None
    picture: str | None
    phone_number: str | None
    locale: str | None
    custom_attributes: Document


@dataclass(frozen=True, slots=True)
class Known:
    """What a directory last said of a person, for those who are told of changes."""

    document: Document
    shown: Projection

    @property
    def told(self) -> Document:
        """The profile as it is."""
        return msgspec.to_builtins(of(self.document, self.shown))  # type: ignore[no-any-return]  # a dataclass

    def differing(self, before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Document, Document]:
        """What differs of the profile when these attributes become those."""
        was, becomes = ({**self._without(before, after), **some} for some in (before, after))
        return differences(of(was, self.shown), of(becomes, self.shown))

    def _without(self, *some: Mapping[str, object]) -> Document:
        return {name: value for name, value in self.document.items() if not any(name in each for each in some)}


def of(document: Document, shown: Projection) -> Profile:
    """The profile of a User as it is stored; `shown` is what answers show of the organization's users."""
    visible = shown.apply(document)
    parts = visible.get("name")
    name = parts if isinstance(parts, dict) else {}
    return Profile(
        email=user_map.email_of(visible),
        preferred_username=str(visible["userName"]),
        name=user_map.full_name(visible),
        given_name=_text(name.get("givenName")),
        family_name=_text(name.get("familyName")),
        picture=_preferred(visible.get("photos")),
        phone_number=_preferred(visible.get("phoneNumbers")),
        locale=_text(visible.get("locale")),
        custom_attributes=_custom(visible, shown),
    )


def differences(before: Profile, after: Profile) -> tuple[Document, Document]:
    """The fields in which two profiles differ, as they were and as they are."""
    return history.differences(msgspec.to_builtins(before), msgspec.to_builtins(after))


async def of_member(actor: Actor, member: uuid.UUID, seat_type_urn: str) -> Profile | None:
    """A member's profile as a directory last said it, None where no directory has them; raises NotFound."""
    said = await directory_profiles.last_said(actor, member)
    return None if said is None else await read(actor, said, seat_type_urn)


async def read(actor: Actor, said: LastSaid, seat_type_urn: str) -> Profile:
    """The profile that a directory last said, by the schemas of the actor's organization."""
    types = await resource_types(actor.organization, said.schema_version, seat_type_urn)
    return of(msgspec.json.decode(said.document, type=dict[str, object]), types.user_as_it_is)


async def known(organization: OrganizationId, members: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Known]:
    """What directories last said of members; whom none has is left out. For Rollcall itself."""
    said = await directory_profiles.last_said_of(system(organization), members)
    urn, found = settings.read().seat_type_urn, dict[uuid.UUID, Known]()
    for member, each in said.items():
        types = await resource_types(organization, each.schema_version, urn)
        document = msgspec.json.decode(each.document, type=dict[str, object])
        found[member] = Known(document, types.user_as_it_is)
    return found


def _custom(document: Document, shown: Projection) -> Document:
    seats = seat_extension.urns(shown.resource_type)
    urns = [extension.id for extension in shown.resource_type.extensions if extension.id not in seats]
    return {urn: document[urn] for urn in urns if urn in document}


def _preferred(values: object) -> str | None:
    """The primary value of an attribute that has several, else the first, as it was sent."""
    given = (
        [each for each in values if isinstance(each, dict) and each.get("value")] if isinstance(values, list) else []
    )
    best = min(given, key=lambda each: each.get("primary") is not True, default={})
    return _text(best.get("value"))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
