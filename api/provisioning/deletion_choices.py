"""What becomes of the people of a deleted directory whom no other directory has (REQUIREMENTS R146, C14). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import partial

from db.enums import Hold, MemberStatus
from db.rows import MemberRow

from . import lifecycle
from .policy_values import OnNoMappedGroup, Policies


class Choice(StrEnum):
    """What somebody has to choose who deletes a directory."""

    KEEP_LOCAL = "KEEP_LOCAL"
    DEACTIVATE_ALL = "DEACTIVATE_ALL"
    REMOVE_ALL = "REMOVE_ALL"


MEANINGS: Mapping[Choice, str] = {
    Choice.KEEP_LOCAL: "who has access keeps it, with the seat, and is managed here; who has none stays without",
    Choice.DEACTIVATE_ALL: "nobody has access; each can be activated again by hand",
    Choice.REMOVE_ALL: "nobody has access; all are removed as if the directory had deleted them",
}


def wanted(choice: Choice, policies: Policies, at: datetime) -> Callable[[MemberRow], MemberRow]:
    """What a choice wants of each member; who is deprovisioned already stays so."""
    match choice:
        case Choice.KEEP_LOCAL:
            return partial(_kept, policies=policies, at=at)
        case Choice.DEACTIVATE_ALL:
            return partial(_deactivated, at=at)
        case Choice.REMOVE_ALL:
            return _removed


def managed_again(member: MemberRow) -> MemberRow:
    """What a restoration wants of each member."""
    return replace(member, managed_by=lifecycle.DIRECTORY)


def _kept(member: MemberRow, *, policies: Policies, at: datetime) -> MemberRow:
    """The member as one of the organization's own, without more access than before.

    Groups of the directory let nobody in any more, so where only groups do, this choice takes their place.
    """
    if member.status in (MemberStatus.DEACTIVATED, MemberStatus.SUSPENDED):
        return _deactivated(member, at=at)
    if member.status == MemberStatus.DEPROVISIONED:
        return member
    needs_groups = policies.on_no_mapped_group is OnNoMappedGroup.SUSPEND
    hold = Hold.SUSPENSION_REJECTED if needs_groups else None
    return replace(member, managed_by=lifecycle.LOCAL, hold=hold)


def _deactivated(member: MemberRow, *, at: datetime) -> MemberRow:
    if member.status == MemberStatus.DEPROVISIONED:
        return member
    return replace(member, managed_by=lifecycle.LOCAL, hold=None, locked_out_at=member.locked_out_at or at)


def _removed(member: MemberRow) -> MemberRow:
    return replace(member, managed_by=lifecycle.DIRECTORY, hold=None)
