"""What somebody wants of a member's name, address and seat type, and what becomes of the member by that. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from db.enums import SeatType
from db.rows import MemberRow

from . import addresses, local_edits
from .errors import BadSetting

LONGEST_NAME = 500


class ProfileEdit(msgspec.Struct, frozen=True):
    """What is to be changed, and nothing else; None clears a name, and leaves the seat type to the organization.

    `locked` names the fields that no directory overwrites from now on.
    """

    email: str | UnsetType = UNSET
    display_name: str | UnsetType | None = UNSET
    seat_type: SeatType | UnsetType | None = UNSET
    locked: frozenset[str] | UnsetType = UNSET


def edited(member: MemberRow, edit: ProfileEdit, by: str, at: datetime) -> MemberRow:
    """The member after an edit, which remembers what a directory had said; raises BadAddress and BadSetting."""
    row = member
    if edit.email is not UNSET:
        address = addresses.read(edit.email)
        row = replace(row, email=address.email, email_key=address.key)
    if edit.display_name is not UNSET:
        row = replace(row, display_name=name(edit.display_name))
    if edit.seat_type is not UNSET:
        row = replace(row, seat_type=edit.seat_type)
    locks = local_edits.locks(member) if edit.locked is UNSET else _fields(edit.locked)
    return local_edits.locked(local_edits.noted(member, row, by, at, lock=False), locks, by, at)


def name(text: str | None) -> str | None:
    """The name that a text is, without blanks around it, None for nothing but blanks; raises BadSetting."""
    found = (text or "").strip()
    if len(found) > LONGEST_NAME:
        raise BadSetting(f"A name has at most {LONGEST_NAME} characters.")
    return found or None


def _fields(names: frozenset[str]) -> frozenset[str]:
    unknown = sorted(names.difference(local_edits.FIELDS))
    if unknown:
        raise BadSetting(f"There is no field {unknown[0]!r} to lock. There are: {', '.join(local_edits.FIELDS)}.")
    return names
