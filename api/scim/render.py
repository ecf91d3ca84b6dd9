"""Resources as answers show them. The stored text is spliced, not parsed, unless a projection asks for less."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime

import msgspec

from db.rows import GroupRow, ShownMember, ShownUser, UserRow

from .language.projection import Projection
from .language.schemas import MESSAGES, Document

LIST_URN = MESSAGES + "ListResponse"


def etag(version: int, groups: str | None = None) -> str:
    """The entity tag of a version, and of the groups that are shown with it, which change without the user.

    Weak, because the order of values is not part of it (RFC 7644 §3.14).
    """
    return f'W/"{version}"' if groups is None else f'W/"{version}.{zlib.crc32(groups.encode()):08x}"'


def location(base_url: str, kind: str, id: object) -> str:
    """The URL of a user or group."""
    return f"{base_url}/{kind}s/{id}"


def user(shown: ShownUser | UserRow, groups: str | None, base_url: str, projection: Projection) -> bytes:
    """A user as JSON; `groups` is the JSON list of value and display of its groups."""
    id = str(shown.id)
    meta = _meta("User", id, shown.created_at, shown.updated_at, etag(shown.version, groups), base_url)
    if projection.untouched is not None:
        shown_groups = f'"groups":{msgspec.json.encode(_groups(groups, base_url)).decode()},' if groups else ""
        return f'{{"id":"{id}",{shown.document[1:-1]},{shown_groups}"meta":{meta}}}'.encode()
    resource: Document = {"id": id, **msgspec.json.decode(shown.document), "meta": msgspec.json.decode(meta)}
    if groups:
        resource["groups"] = _groups(groups, base_url)
    return msgspec.json.encode(projection.apply(resource))


async def group(
    shown: GroupRow, members: AsyncIterator[Sequence[ShownMember]] | None, base_url: str, projection: Projection
) -> AsyncIterator[bytes]:
    """A group as JSON, in pieces: members are rendered as they are read, so that any number of them can be shown."""
    meta = _meta("Group", shown.id, shown.created_at, shown.updated_at, etag(shown.version), base_url)
    if projection.untouched is not None:
        opening, closing = f'{{"id":"{shown.id}",{shown.document[1:-1]}', f',"meta":{meta}}}'
    else:
        whole: Document = {
            "id": str(shown.id),
            **msgspec.json.decode(shown.document),
            "meta": msgspec.json.decode(meta),
        }
        opening, closing = msgspec.json.encode(projection.apply(whole)).decode()[:-1], "}"
    yield opening.encode()
    if members is not None:
        async for piece in _members(members, base_url, projection):
            yield piece
    yield closing.encode()


async def _members(
    members: AsyncIterator[Sequence[ShownMember]], base_url: str, projection: Projection
) -> AsyncIterator[bytes]:
    is_first = True
    async for some in members:
        shown = [_shown(_member(member, base_url), projection) for member in some]
        if shown:
            yield (b',"members":[' if is_first else b",") + msgspec.json.encode(shown)[1:-1]
            is_first = False
    yield b',"members":[]' if is_first else b"]"


def _shown(member: Document, projection: Projection) -> Document:
    if projection.untouched is not None:
        return member
    shown = projection.apply({"members": [member]}).get("members")
    return shown[0] if isinstance(shown, list) and shown else {}


def _member(member: ShownMember, base_url: str) -> Document:
    shown: Document = {"value": str(member.value), "$ref": location(base_url, member.type, member.value)}
    if member.display is not None:
        shown["display"] = member.display
    return shown | {"type": member.type}


def list_response(
    resources: Iterable[bytes],
    *,
    total: int,
    start_index: int | None,
    next_cursor: str | None = None,
    previous_cursor: str | None = None,
) -> bytes:
    """A ListResponse (RFC 7644 §3.4.2, RFC 9865 §2); numbers are numbers, and Resources is there even when empty."""
    listed = list(resources)
    head = list_head(total, len(listed), start_index, next_cursor, previous_cursor)
    return head + b",".join(listed) + b"]}"


def list_head(
    total: int, shown: int, start_index: int | None, next_cursor: str | None, previous_cursor: str | None = None
) -> bytes:
    """A ListResponse up to where its resources begin."""
    head: Document = {"schemas": [LIST_URN], "totalResults": total, "itemsPerPage": shown}
    if start_index is not None:
        head["startIndex"] = start_index
    if previous_cursor is not None:
        head["previousCursor"] = previous_cursor
    if next_cursor is not None:
        head["nextCursor"] = next_cursor
    return msgspec.json.encode(head)[:-1] + b',"Resources":['


def _groups(groups: str, base_url: str) -> list[Document]:
    return [
        {
            "value": each["value"],
            "$ref": location(base_url, "Group", each["value"]),
            "display": each["display"],
            "type": "direct",
        }
        for each in msgspec.json.decode(groups)
    ]


def _meta(kind: str, id: object, created: datetime, modified: datetime, tag: str, base_url: str) -> str:
    made = _time(created)
    changed = made if modified == created else _time(modified)
    version = tag.replace('"', '\\"')
    return (
        f'{{"resourceType":"{kind}","created":"{made}","lastModified":"{changed}",'
        f'"location":"{base_url}/{kind}s/{id}","version":"{version}"}}'
    )


def _time(at: datetime) -> str:
    """A dateTime in UTC to the millisecond (RFC 7643 §2.3.5)."""
    return at.isoformat("T", "milliseconds")[:-6] + "Z"
