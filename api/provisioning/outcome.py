"""What came of an act, and how an edge turns that into the record of the request that asked for it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from db.ids import RequestId
from db.rows import GroupRow, RequestRow, UserRow

from .decisions import Decision
from .lifecycle import CAN_USE


@dataclass(frozen=True, slots=True)
class UserOutcome:
    """A directory user as it is after the act; `groups` is the JSON list of its groups, or None."""

    user: UserRow
    groups: str | None
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class GroupOutcome:
    """A directory group as it is after the act, with how many members it has at least."""

    group: GroupRow
    members: int
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class MemberOutcome:
    """A member as they are after an act that no directory asked for, and why; `role` is the key of their role.

    `is_changed` is false when everything was so already.
    """

    member: uuid.UUID
    email: str | None
    status: str
    role: str | None
    seat: str | None
    is_changed: bool
    decisions: tuple[Decision, ...]

    @property
    def may_use(self) -> bool:
        """Whether the application lets the member in."""
        return self.status in CAN_USE


@dataclass(frozen=True, slots=True)
class UserReceipt:
    """The request for which a user is written: its id, and how its record follows from the outcome.

    `record` is called inside the transaction, must be pure, and may be called again when the transaction is repeated.
    """

    request: RequestId
    record: Callable[[UserOutcome], RequestRow]


@dataclass(frozen=True, slots=True)
class GroupReceipt:
    """The same for a group."""

    request: RequestId
    record: Callable[[GroupOutcome], RequestRow]
