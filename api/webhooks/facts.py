"""What is known of a change and of the things that it is about, as events are composed of it. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import msgspec

from api.provisioning.global_ids import write
from db.audit_rows import AuditRow
from db.ids import new_id
from db.member_rows import MemberView
from db.provisioning_rows import DirectoryView, GroupView
from db.rule_rows import RoleRow

from . import event_types

Document: TypeAlias = Mapping[str, Any]


class Profile(Protocol):
    """A person by the names of OpenID Connect, as a directory last said it."""

    @property
    def told(self) -> Mapping[str, object]:
        """As it is now."""

    def differing(
        self, before: Mapping[str, object], after: Mapping[str, object]
    ) -> tuple[dict[str, object], dict[str, object]]:
        """What differs of it when these attributes of the SCIM User become those."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the things that some changes of one organization are about; `users` are directory users."""

    organization: uuid.UUID
    roles: Mapping[uuid.UUID, RoleRow] = field(default_factory=dict)
    members: Mapping[uuid.UUID, MemberView] = field(default_factory=dict)
    profiles: Mapping[uuid.UUID, Profile] = field(default_factory=dict)
    groups: Mapping[uuid.UUID, GroupView] = field(default_factory=dict)
    directories: Mapping[uuid.UUID, DirectoryView] = field(default_factory=dict)
    members_of_users: Mapping[uuid.UUID, uuid.UUID] = field(default_factory=dict)

    def id(self, type: str, id: uuid.UUID) -> str:
        """The global id of something in the organization."""
        return write(type, self.organization, id)


@dataclass(frozen=True, slots=True)
class Told:
    """A change that was taken out of the outbox, with its number there and its documents read.

    They are empty where an erasure has blanked them. `revocation` is the receipt for access that ended by it.
    """

    sequence: int
    row: AuditRow
    before: Document
    after: Document
    revocation: uuid.UUID = field(default_factory=new_id)

    @property
    def member(self) -> uuid.UUID | None:
        """The member whom it is about."""
        return self.row.subject_id if self.row.subject_type == "member" else self.row.member_id

    @property
    def values(self) -> list[uuid.UUID]:
        """Who joined or left a group: directory users and groups."""
        return [uuid.UUID(value) for value in self.after.get("members", ())]

    @property
    def types(self) -> tuple[str, ...]:
        """The types of the events that it is; KeyError for a change that nobody has thought of."""
        return event_types.of(self.row.subject_type, self.row.action, self.before, self.after)


def read(sequence: int, row: AuditRow) -> Told:
    """A change with its documents read."""
    return Told(sequence, row, _document(row.before), _document(row.after))


def _document(text: str | None) -> dict[str, Any]:
    return msgspec.json.decode(text) if text else {}
