"""Directories: connecting an identity provider to an organization, and its settings."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

import msgspec

from db.enums import Provider
from db.ids import DirectoryId, OrganizationId, new_id
from db.member_rows import DirectoryUserView
from db.pages import Page, PageOf, by_span
from db.provisioning_rows import DirectoryView
from db.queries import access_groups, oauth_clients
from db.queries import directories as rows
from db.queries import directory_views as views
from db.queries import roles as role_rows
from db.transaction import transaction

from . import aftermath, attribute_catalogue, clock, governance, keys, plans, rulebook, setting_up, sso
from .actor import Actor, Right
from .aftermath import Act
from .errors import BadSetting, NotFound
from .governance import Entry, Prepared, Written
from .history import differences, remember
from .lifecycle import Cause
from .occasion import Occasion
from .plan_catalogue import Feature


class Profile(StrEnum):
    """How strictly a directory takes RFC 7644 (REQUIREMENTS C18)."""

    TOLERANT = "TOLERANT"
    STRICT = "STRICT"


class UnknownAttributes(StrEnum):
    """What becomes of attributes that no schema has (REQUIREMENTS C17)."""

    IGNORE_AND_REPORT = "IGNORE_AND_REPORT"
    REJECT = "REJECT"


class State(StrEnum):
    """Whether a directory's requests are carried out (REQUIREMENTS R052, R148)."""

    LIVE = "LIVE"
    PILOT = "PILOT"
    PAUSED = "PAUSED"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The policies of one directory.

    A pilot lets in `pilot_users` people and no more. Without `import_new_users` only people come who are members
    already, without `import_changes` what a directory says of a person's name, address and seat stays with the
    directory, without `suspend_on_inactive` that it calls somebody inactive does, too (R048 to R050). With
    `suspend_on_leaving_groups` people are let in by those of its groups that give access, once there is one (R050).
    `left_out` are attributes of the catalogue that are not kept; who somebody is and whether they come in always is
    (R089).
    """

    profile: Profile = Profile.TOLERANT
    unknown_attributes: UnknownAttributes = UnknownAttributes.IGNORE_AND_REPORT
    repeated_group_names: bool = False
    state: State = State.LIVE
    pilot_users: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    import_new_users: bool = True
    import_changes: bool = True
    suspend_on_inactive: bool = True
    suspend_on_leaving_groups: bool = False
    left_out: tuple[str, ...] = ()

    def lets_in(self, *, active: bool) -> bool:
        """Whether a user of the directory lets their member in (R050)."""
        return active or not self.suspend_on_inactive

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


def parse_settings(values: Mapping[str, object], before: Settings | None = None) -> Settings:
    """Settings from values or texts by name, the others as before; raises BadSetting that lists what there is."""
    known = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    unknown = [name for name in values if name not in known]
    if unknown:
        raise BadSetting(f"There is no directory policy {unknown[0]!r}. There are: {', '.join(known)}.")
    given = dict(values)
    if isinstance(names := given.get("left_out"), str):
        given["left_out"] = [name.strip() for name in names.split(",") if name.strip()]
    try:
        kept = msgspec.to_builtins(before or Settings())
        found = msgspec.convert({**kept, **given}, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise BadSetting(f"A directory policy has no such value: {error}. {_choices()}") from error
    _check_left_out(found.left_out)
    return found


def _check_left_out(names: Sequence[str]) -> None:
    known = attribute_catalogue.by_name()
    for name in names:
        if name not in known:
            can = ", ".join(each.name for each in known.values() if not each.is_needed)
            raise BadSetting(f"There is no attribute {name!r} that can be left out. There are: {can}.")
        if known[name].is_needed:
            always = [each.label for each in known.values() if each.is_needed]
            told = f"{', '.join(always[:-1])} and {always[-1]}"
            raise BadSetting(f"{known[name].label} cannot be left out. {told} are always taken: people need them.")


async def connect(actor: Actor, *, name: str, provider: Provider, settings: Settings) -> Connected:
    """A new directory with one key; raises NotFound when there is no such organization, PlanRequired, SsoRequired.

    Raises BadSetting for an empty name.
    """
    actor.must(Right.SET_UP)
    directory, called = DirectoryId(new_id()), named(name)

    async def work() -> Connected:
        await add(actor, directory, name=called, provider=provider, settings=settings)
        key = await keys.add(actor.organization, directory, expires_at=None)
        after = {"name": called, "provider": provider, "settings": settings, "last_four": key[-4:]}
        await remember(actor, clock.now(), "directory_created", "directory", directory, after=after)
        return Connected(directory, key)

    return await transaction(work)


async def add(actor: Actor, directory: DirectoryId, *, name: str, provider: Provider, settings: Settings) -> None:
    """Write a directory, in the current transaction; raises what `connect` does."""
    await plans.require(actor.organization, Feature.SCIM)
    book = await rulebook.load(actor.organization)
    sso.must_satisfy(book.policies.require_sso, await sso.state(actor.organization, book.policies))
    text = msgspec.json.encode(settings).decode()
    await rows.add(actor.organization, directory, name=named(name), provider=provider, settings=text)


@dataclass(frozen=True, slots=True)
class ChangeDirectory:
    """A directory is to have these policies, and this name if one is given.

    They hold from its next request on, and for people at once.

    Raises NotFound and BadSetting; SeatLimitReached and LastAdmin for what would follow.
    """

    directory: DirectoryId
    values: Mapping[str, object]
    name: str | None = None

    @property
    def right(self) -> Right:
        """Beginning a pilot and going live belong to setting up, everything else is managing."""
        is_step = self.name is None and self.values.keys() <= {"state", "pilot_users"}
        is_step = is_step and self.values.get("state") in (State.PILOT, State.LIVE)
        return Right.SET_UP if is_step else Right.ORGANIZATION_MANAGE

    async def prepare(self, actor: Actor, at: datetime) -> Prepared:
        """Replace the policies."""
        await setting_up.must_be_new(actor, self.directory)
        await role_rows.lock_organization(actor.organization)
        book = await rulebook.load(actor.organization)
        await rows.lock(actor.organization, self.directory)
        name, before = await _found(actor, self.directory)
        called = name if self.name is None else named(self.name)
        after = parse_settings(self.values, before)
        if called != name:
            await rows.rename(actor.organization, self.directory, called)
        await rows.set_settings(actor.organization, self.directory, msgspec.json.encode(after).decode())
        old, new = differences(
            {"name": name, **msgspec.to_builtins(before)}, {"name": called, **msgspec.to_builtins(after)}
        )
        entry = Entry("directory_changed", "directory", [self.directory], old, new)
        chosen = [f"{policy}={value}" for policy, value in self.values.items()]
        headline = f"Changing *{', '.join([name, *chosen])}*"
        written = Written(headline, (), lambda _: [entry] if new else [], book, is_alone=True)
        if before.suspend_on_inactive != after.suspend_on_inactive:
            members = await rows.let_in(actor.organization, self.directory, inactive_too=after.lets_in(active=False))
            occasion = Occasion(actor, book, Cause.DIRECTORY, None, at)
            return await governance.watch(
                occasion, replace(written, members=members), lambda: aftermath.settle(occasion, [Act(members)])
            )
        if before.suspend_on_leaving_groups != after.suspend_on_leaving_groups:
            concerned = await access_groups.of_directory(actor.organization, self.directory)
            return await governance.follow(actor, replace(written, members=concerned), at)
        return await governance.follow(actor, written, at)


async def change(
    actor: Actor, directory: DirectoryId, values: Mapping[str, str], *, token: str | None = None
) -> Settings:
    """Choose other policies for a directory; all of them as they are then."""
    await governance.apply(actor, ChangeDirectory(directory, values), token=token)
    return (await _found(actor, directory))[1]


async def find(actor: Actor, directory: DirectoryId) -> dict[str, object]:
    """One directory as it is stored; raises NotFound, also for one that is deleted."""
    actor.must(Right.ORGANIZATION_READ)
    found = await rows.find(actor.organization, directory)
    if found is None:
        raise NotFound(f"There is no directory with the id {directory} in this organization.")
    return found


async def overview(organization: OrganizationId) -> list[dict[str, object]]:
    """The organization's directories, with how many users and groups each holds and its keys without their text."""
    found = await rows.overview(organization)
    for directory in found:
        directory["settings"] = msgspec.to_builtins(read_settings(str(directory["settings"])))
        directory["keys"] = await rows.keys(organization, DirectoryId(directory["id"]))  # type: ignore[arg-type]  # a UUID
    return found


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, DirectoryView]:
    """Directories by id, those too that are deleted and can be restored."""
    actor.must(Right.ORGANIZATION_READ, Right.SET_UP)
    return {row.id: row for row in await views.directories(actor.organization, ids)}


async def all_of_them(actor: Actor, *, deleted_too: bool = False) -> Sequence[DirectoryView]:
    """The directories of an organization, oldest first."""
    actor.must(Right.ORGANIZATION_READ, Right.SET_UP)
    return await views.all_directories(actor.organization, deleted_too=deleted_too)


async def users(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, DirectoryUserView]:
    """Directory users by id."""
    actor.must(Right.ORGANIZATION_READ)
    return {row.id: row for row in await views.users(actor.organization, ids)}


async def users_of(actor: Actor, asked: Sequence[PageOf]) -> Mapping[PageOf, Page[DirectoryUserView]]:
    """Pages of the users of directories: a statement for all directories that are asked for the same page."""
    actor.must(Right.ORGANIZATION_READ)
    found = dict[PageOf, Page[DirectoryUserView]]()
    for span, directories in by_span(asked).items():
        pages = await views.users_of_directories(actor.organization, directories, span)
        found |= {(directory, span): page for directory, page in pages.items()}
    return found


async def has_oauth_clients(actor: Actor) -> bool:
    """Whether the directory that asks has a client by which it could get access tokens."""
    actor.must(Right.PROVISION)
    return await oauth_clients.count(actor.organization, actor.directory) > 0


def named(text: str) -> str:
    """The name of a directory without blanks around it; raises BadSetting for an empty one."""
    name = text.strip()
    if not name:
        raise BadSetting("A directory needs a name.")
    return name


async def _found(actor: Actor, directory: DirectoryId) -> tuple[str, Settings]:
    found = await rows.find(actor.organization, directory)
    if found is None:
        raise NotFound(f"There is no directory with the id {directory} in this organization.")
    return str(found["name"]), read_settings(str(found["settings"]))


def _choices() -> str:
    chosen = {"profile": Profile, "unknown_attributes": UnknownAttributes, "state": State}
    listed = [f"{name}={'|'.join(values)}" for name, values in chosen.items()]
    fields = msgspec.structs.fields(Settings)
    switches = [f"{field.name}=true|false" for field in fields if isinstance(field.default, bool)]
    return ", ".join([*listed, *switches, "pilot_users=1…1000", "left_out=title,…"])
