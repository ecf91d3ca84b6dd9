"""What was edited here and not by a directory: the last write wins, field by field. Pure (REQUIREMENTS R158, C5).

A field that was edited here keeps its value until a directory writes another value than the one it had before, unless
somebody locked the field. Who wrote a field of which nothing is said here was the member's source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import msgspec

from db.rows import MemberRow

FIELDS = ("email", "display_name", "seat_type")
"""What may be edited, in the names of the member's columns."""


class Edit(msgspec.Struct, frozen=True):
    """An edit of a field: what the directory had said, by whom and when it was replaced, and whether it stays so."""

    was: str | None
    by: str
    at: datetime
    is_locked: bool = False


Edits = Mapping[str, Edit]


def read(text: str | None) -> dict[str, Edit]:
    """The edits that a member's row holds, by field."""
    return msgspec.json.decode(text, type=dict[str, Edit]) if text else {}


def to_json(edits: Edits) -> str | None:
    """The edits as a member's row holds them."""
    return msgspec.json.encode(edits).decode() if edits else None


def written(member: MemberRow, said: MemberRow) -> MemberRow:
    """The member after a directory said this of them; edits stay where it said nothing new."""
    if member.local is None:
        return _with_profile(member, said)
    edits = read(member.local)
    kept = {name: edit for name, edit in edits.items() if edit.is_locked or edit.was == getattr(said, name)}
    row = _with_profile(member, said)
    if "email" in kept:
        row = replace(row, email=member.email, email_key=member.email_key)
    if "display_name" in kept:
        row = replace(row, display_name=member.display_name)
    if "seat_type" in kept:
        row = replace(row, seat_type=member.seat_type)
    return _with_edits(row, kept)


def as_said(member: MemberRow) -> MemberRow:
    """The member as a directory had said, or whoever says something of them, without what was edited here.

    Of an address that was edited here, only what was said is known, and not how it is compared.
    """
    said = {name: edit.was for name, edit in read(member.local).items()}
    return replace(
        member,
        email=said.get("email", member.email),
        display_name=said.get("display_name", member.display_name),
        seat_type=said.get("seat_type", member.seat_type),
    )


def noted(member: MemberRow, edited: MemberRow, by: str, at: datetime, *, lock: bool) -> MemberRow:
    """The edited member, with what the directory had said of each field that is different now."""
    edits = read(member.local)
    for name in FIELDS:
        before, after = getattr(member, name), getattr(edited, name)
        if before != after or (lock and name in edits):
            was = edits[name].was if name in edits else before
            edits[name] = Edit(was, by, at, lock)
    same = {name for name, edit in edits.items() if edit.was == getattr(edited, name) and not edit.is_locked}
    return _with_edits(edited, {name: edit for name, edit in edits.items() if name not in same})


def locks(member: MemberRow) -> frozenset[str]:
    """The fields that are locked."""
    return frozenset(name for name, edit in read(member.local).items() if edit.is_locked)


def locked(member: MemberRow, names: frozenset[str], by: str, at: datetime) -> MemberRow:
    """The member with exactly these fields locked; what was edited stays so until a directory says something new."""
    edits = read(member.local)
    if locks(member) == names:
        return member
    for name in FIELDS:
        value = getattr(member, name)
        if name in names:
            edits[name] = msgspec.structs.replace(edits.get(name, Edit(value, by, at)), is_locked=True)
        elif name in edits and edits[name].was == value:
            del edits[name]
        elif name in edits:
            edits[name] = msgspec.structs.replace(edits[name], is_locked=False)
    return _with_edits(member, edits)


def _with_edits(member: MemberRow, edits: Edits) -> MemberRow:
    """The member with these edits; the same ones stay as PostgreSQL has printed them, so that nothing seems changed."""
    return member if read(member.local) == edits else replace(member, local=to_json(edits))


def _with_profile(member: MemberRow, said: MemberRow) -> MemberRow:
    return replace(
        member,
        email=said.email,
        email_key=said.email_key,
        display_name=said.display_name,
        seat_type=said.seat_type,
    )
