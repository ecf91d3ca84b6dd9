"""Relay connections over keyset pages: `first` with `after`, or `last` with `before`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated, Generic, TypeAlias, TypeVar

import msgspec
import strawberry

from db.pages import Page, Place, Span

from .access import field
from .errors import Problem

T = TypeVar("T")
R = TypeVar("R")

First: TypeAlias = Annotated[int | None, strawberry.argument(description="So many from the beginning, 1 to 100.")]
After: TypeAlias = Annotated[str | None, strawberry.argument(description="Only what comes behind this cursor.")]
Last: TypeAlias = Annotated[int | None, strawberry.argument(description="So many from the end, 1 to 100.")]
Before: TypeAlias = Annotated[str | None, strawberry.argument(description="Only what comes before this cursor.")]


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="Something in a list, with the place where it stands.")
class Edge(Generic[T]):
    cursor: str
    node: T


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]]
    nodes: list[T]
    page_info: PageInfo


@strawberry.type(name="Connection", description="A page of a list whose length is known.")
class CountedConnection(Generic[T]):
    edges: list[Edge[T]]
    nodes: list[T]
    page_info: PageInfo
    counted: strawberry.Private[Callable[[], Awaitable[int]]]

    @field(description="How many there are on all pages.")
    async def total_count(self) -> int:
        return await self.counted()


def span(
    list_: str, first: int | None, after: str | None, last: int | None, before: str | None, *, key: type = str
) -> Span:
    """The page that is asked for of a list, which is named so that its cursors fit no other; raises Problem.

    `key` is the type of what the list is sorted by.
    """
    if (first is None) == (last is None):
        raise Problem("BAD_REQUEST", "A list needs either `first` or `last`.")
    if (last is None and before is not None) or (first is None and after is not None):
        raise Problem("BAD_REQUEST", "Use `after` with `first`, and `before` with `last`.")
    cursor = after if last is None else before
    place = _read(cursor, list_, key) if cursor is not None else None
    return Span(first if first is not None else last or 0, place, is_backwards=last is not None)


def connection(list_: str, page: Page[R], asked: Span, node: Callable[[R], T]) -> Connection[T]:
    """The connection of a page; `node` makes of a row what the schema shows."""
    edges, info = _edges(list_, page, asked, node)
    return Connection(edges=edges, nodes=[edge.node for edge in edges], page_info=info)


def counted(
    list_: str, page: Page[R], asked: Span, node: Callable[[R], T], count: Callable[[], Awaitable[int]]
) -> CountedConnection[T]:
    """The same for a list that `count` counts when that is asked for."""
    edges, info = _edges(list_, page, asked, node)
    return CountedConnection(edges=edges, nodes=[edge.node for edge in edges], page_info=info, counted=count)


def _edges(list_: str, page: Page[R], asked: Span, node: Callable[[R], T]) -> tuple[list[Edge[T]], PageInfo]:
    digest = _digest(list_)
    edges = [
        Edge(cursor=_write(digest, place), node=node(row)) for row, place in zip(page.rows, page.places, strict=True)
    ]
    there = asked.place is not None
    return edges, PageInfo(
        has_next_page=there if asked.is_backwards else page.has_more,
        has_previous_page=page.has_more if asked.is_backwards else there,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )


def _write(digest: str, place: Place) -> str:
    cursor = [digest, place.id, None if place.key == place.id else place.key]
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def _read(cursor: str, list_: str, key: type) -> Place:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        found = msgspec.json.decode(base64.urlsafe_b64decode(padded), type=tuple[str, uuid.UUID, object])
        place = Place(found[1] if found[2] is None else msgspec.convert(found[2], key), found[1])
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise Problem("BAD_REQUEST", "The cursor is none of this server's; start again without it.") from None
    if found[0] != _digest(list_):
        raise Problem("BAD_REQUEST", "The cursor belongs to a list with another filter or order; start again.")
    return place


def _digest(list_: str) -> str:
    return hashlib.sha256(list_.encode("utf-8", "replace")).hexdigest()[:12]
