"""Lists: `GET /Users`, `GET /Groups`, and `POST …/.search`, also over both kinds at once (RFC 7644 §3.4)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from api.provisioning import groups as group_service
from api.provisioning import listing
from api.provisioning.listing import After, Order, Selection
from db.ids import DirectoryGroupId
from db.rows import GroupRow, ShownMember

from . import cursors, queries, render, sorting
from .exchange import Answer, Exchange
from .filter_sql import Condition, compile_filter
from .groups import CHUNK
from .language import filters
from .language.errors import InvalidFilter, InvalidPath
from .language.folding import fold_text
from .language.projection import Projection
from .language.schemas import ResourceType
from .queries import ListRequest

MEMBERS_HELD = 20_000


async def users(exchange: Exchange) -> Answer:
    """GET /Users."""
    return await _users(exchange, queries.from_url(exchange))


async def search_users(exchange: Exchange) -> Answer:
    """POST /Users/.search."""
    return await _users(exchange, queries.from_body(exchange))


async def groups(exchange: Exchange) -> Answer:
    """GET /Groups."""
    return await _groups(exchange, queries.from_url(exchange))


async def search_groups(exchange: Exchange) -> Answer:
    """POST /Groups/.search."""
    return await _groups(exchange, queries.from_body(exchange))


async def everything(exchange: Exchange) -> Answer:
    """GET / : users first, then groups."""
    return await _everything(exchange, queries.from_url(exchange))


async def search_everything(exchange: Exchange) -> Answer:
    """POST /.search."""
    return await _everything(exchange, queries.from_body(exchange))


async def _users(exchange: Exchange, asked: ListRequest) -> Answer:
    exchange.resource_type = "User"
    type = exchange.known_types().user
    shape = exchange.known_types().projection(type, asked.attributes, asked.excluded)
    page = await listing.users(exchange.actor, _selection(exchange, asked, type), with_groups=shape.wants("groups"))
    shown = [render.user(user, user.groups, exchange.base_url, shape) for user in page.users]
    body = render.list_response(
        shown,
        total=page.total,
        start_index=asked.start_index if asked.cursor is None else None,
        next_cursor=_next(asked, type, page.next),
    )
    return Answer(200, body, results=len(shown))


async def _groups(exchange: Exchange, asked: ListRequest) -> Answer:
    exchange.resource_type = "Group"
    type = exchange.known_types().group
    shape = exchange.known_types().projection(type, asked.attributes, asked.excluded)
    page = await listing.groups(exchange.actor, _selection(exchange, asked, type))
    head = render.list_head(
        page.total,
        len(page.groups),
        asked.start_index if asked.cursor is None else None,
        _next(asked, type, page.next),
    )
    return Answer(200, _stream(head, _shown_groups(exchange, page.groups, shape)), results=len(page.groups))


async def _stream(head: bytes, resources: AsyncIterator[AsyncIterator[bytes]]) -> AsyncIterator[bytes]:
    yield head
    is_first = True
    async for resource in resources:
        if not is_first:
            yield b","
        is_first = False
        async for piece in resource:
            yield piece
    yield b"]}"


async def _shown_groups(
    exchange: Exchange, groups: Sequence[GroupRow], shape: Projection
) -> AsyncIterator[AsyncIterator[bytes]]:
    """Each group rendered; members come with one query for all of them, or streamed where they are very many."""
    wants_members = shape.wants("members")
    together: dict[uuid.UUID, list[ShownMember]] | None = None
    if wants_members and groups:
        together = await _members_together(exchange, [group.id for group in groups])
    for group in groups:
        members: AsyncIterator[Sequence[ShownMember]] | None = None
        if wants_members and together is not None:
            members = _at_once(together.get(group.id, []))
        elif wants_members:
            members = group_service.members(exchange.actor, DirectoryGroupId(group.id), chunk=CHUNK)
        yield render.group(group, members, exchange.base_url, shape)


async def _members_together(
    exchange: Exchange, groups: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[ShownMember]] | None:
    found = await listing.members_of(exchange.actor, groups, limit=MEMBERS_HELD)
    if found is None:
        return None
    members: dict[uuid.UUID, list[ShownMember]] = defaultdict(list)
    for group, value, type, display in found:
        members[group].append(ShownMember(value, type, display))
    return members


async def _at_once(members: list[ShownMember]) -> AsyncIterator[Sequence[ShownMember]]:
    yield members


def _selection(exchange: Exchange, asked: ListRequest, type: ResourceType) -> Selection:
    condition = _condition(exchange, asked, type)
    tolerant = exchange.settings.is_tolerant
    order = (
        Order(sorting.expression(asked.sort_by, type, tolerant=tolerant), asked.is_descending)
        if asked.sort_by
        else None
    )
    after = cursors.read(asked.cursor, _identity(asked, type)) if asked.cursor else None
    return Selection(
        condition=condition.sql if condition else None,
        args=condition.args if condition else (),
        order=order,
        offset=0 if asked.cursor is not None else asked.start_index - 1,
        after=after,
        limit=asked.count,
    )


def _condition(exchange: Exchange, asked: ListRequest, type: ResourceType) -> Condition | None:
    if asked.filter is None:
        return None
    parsed = filters.parse(asked.filter, type, tolerant=exchange.settings.is_tolerant)
    exchange.subject_key = _subject(parsed)
    kind: Literal["User", "Group"] = "User" if type.name == "User" else "Group"
    return compile_filter(parsed, kind, first=listing.FIRST, base_url=exchange.base_url)


def _subject(parsed: filters.Filter) -> str | None:
    """Whom a look-up is about, when it compares one name for equality: how identity providers match people."""
    if isinstance(parsed, filters.Comparison) and str(parsed.path).lower() in ("username", "displayname"):
        return fold_text(str(parsed.value)) if parsed.operator is filters.Operator.EQ else None
    return None


def _next(asked: ListRequest, type: ResourceType, following: After | None) -> str | None:
    if asked.cursor is None or following is None:
        return None
    return cursors.write(following, _identity(asked, type))


def _identity(asked: ListRequest, type: ResourceType) -> str:
    return f"{type.name}\n{asked.filter}\n{asked.sort_by}\n{asked.is_descending}"


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of resource in a search over all of them, with how many match."""

    type: ResourceType
    selection: Selection
    total: int


async def _everything(exchange: Exchange, asked: ListRequest) -> Answer:
    """Users and groups behind each other, as one list; a kind that lacks a filtered attribute has no matches."""
    if asked.cursor is not None or asked.sort_by is not None:
        raise InvalidPath("A search over all kinds of resources has neither cursors nor an order; search one kind.")
    kinds = await _kinds(exchange, asked)
    offset, room, shown = asked.start_index - 1, asked.count, list[AsyncIterator[bytes]]()
    for kind in kinds:
        some = await _resources(exchange, asked, kind, max(0, offset), room) if offset < kind.total and room else []
        shown += some
        room -= len(some)
        offset -= kind.total
    head = render.list_head(sum(kind.total for kind in kinds), len(shown), asked.start_index, None)
    return Answer(200, _stream(head, _each(shown)), results=len(shown))


async def _kinds(exchange: Exchange, asked: ListRequest) -> list[_Kind]:
    kinds, problems = [], list[InvalidFilter]()
    for type in exchange.known_types():
        try:
            selection = _selection(exchange, asked, type)
        except InvalidFilter as problem:
            problems.append(problem)
            continue
        probe = Selection(selection.condition, selection.args, limit=0)
        kinds.append(_Kind(type, selection, await _total(exchange, type, probe)))
    if not kinds:
        raise problems[0]
    return kinds


async def _total(exchange: Exchange, type: ResourceType, probe: Selection) -> int:
    if type.name == "User":
        return (await listing.users(exchange.actor, probe, with_groups=False)).total
    return (await listing.groups(exchange.actor, probe)).total


async def _resources(
    exchange: Exchange, asked: ListRequest, kind: _Kind, offset: int, limit: int
) -> list[AsyncIterator[bytes]]:
    shape = exchange.known_types().projection(kind.type, asked.attributes, asked.excluded)
    selection = Selection(kind.selection.condition, kind.selection.args, offset=offset, limit=limit)
    if kind.type.name == "User":
        page = await listing.users(exchange.actor, selection, with_groups=shape.wants("groups"))
        return [_whole(render.user(user, user.groups, exchange.base_url, shape)) for user in page.users]
    found = (await listing.groups(exchange.actor, selection)).groups
    return [resource async for resource in _shown_groups(exchange, found, shape)]


async def _whole(resource: bytes) -> AsyncIterator[bytes]:
    yield resource


async def _each(resources: Iterable[AsyncIterator[bytes]]) -> AsyncIterator[AsyncIterator[bytes]]:
    for resource in resources:
        yield resource
