"""Directories: connecting an identity provider to an organization, and its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import msgspec

from db.enums import Provider
from db.ids import DirectoryId, OrganizationId, new_id
from db.queries import directories as rows
from db.queries import organizations
from db.transaction import transaction

from . import keys
from .actor import Actor, Right
from .errors import BadSetting, NotFound


class Profile(StrEnum):
    """How strictly a directory takes RFC 7644 (REQUIREMENTS C18)."""

    TOLERANT = "TOLERANT"
    STRICT = "STRICT"


class UnknownAttributes(StrEnum):
    """What becomes of attributes that no schema has (REQUIREMENTS C17)."""

    IGNORE_AND_REPORT = "IGNORE_AND_REPORT"
    REJECT = "REJECT"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The policies of one directory."""

    profile: Profile = Profile.TOLERANT
    unknown_attributes: UnknownAttributes = UnknownAttributes.IGNORE_AND_REPORT
    repeated_group_names: bool = False

    @property
    def is_tolerant(self) -> bool:
        """Whether deviations that real identity providers are known for are put right."""
        return self.profile is Profile.TOLERANT


@dataclass(frozen=True, slots=True)
class Connected:
    """A new directory and its first key, which is shown here and never again."""

    id: DirectoryId
    key: str


@lru_cache(maxsize=1024)
def read_settings(text: str) -> Settings:
    """The settings that a directory's row holds."""
    return msgspec.json.decode(text, type=Settings)


def parse_settings(values: Mapping[str, str]) -> Settings:
    """Settings from texts by name; raises BadSetting that lists what there is."""
    known = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    unknown = [name for name in values if name not in known]
    if unknown:
        raise BadSetting(f"There is no directory policy {unknown[0]!r}. There are: {', '.join(known)}.")
    try:
        return msgspec.convert(dict(values), Settings, strict=False)
    except msgspec.ValidationError as error:
        raise BadSetting(f"A directory policy has no such value: {error}. {_choices()}") from error


async def connect(actor: Actor, *, name: str, provider: Provider, settings: Settings) -> Connected:
    """A new directory with one key; raises NotFound when there is no such organization."""
    actor.must(Right.PLATFORM_MANAGE)
    directory = DirectoryId(new_id())

    async def work() -> Connected:
        if not await organizations.exists(actor.organization):
            raise NotFound(f"There is no organization with the id {actor.organization}.")
        text = msgspec.json.encode(settings).decode()
        await rows.add(actor.organization, directory, name=name, provider=provider, settings=text)
        return Connected(directory, await keys.add(actor.organization, directory, expires_at=None))

    return await transaction(work)


async def overview(organization: OrganizationId) -> list[dict[str, object]]:
    """The organization's directories, with how many users and groups each holds and its keys without their text."""
    found = await rows.overview(organization)
    for directory in found:
        directory["settings"] = msgspec.to_builtins(read_settings(str(directory["settings"])))
        directory["keys"] = await rows.keys(organization, DirectoryId(directory["id"]))  # type: ignore[arg-type]  # a UUID
    return found


def _choices() -> str:
    profiles, unknown = "|".join(Profile), "|".join(UnknownAttributes)
    return f"profile={profiles}, unknown_attributes={unknown}, repeated_group_names=true|false"
