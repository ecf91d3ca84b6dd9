"""Changes as they are kept: what was altered, before and after, and by whom."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from db.ids import RequestId, new_id
from db.queries import log
from db.rows import ChangeRow, GroupRow, MemberRow, UserRow

from .actor import Actor

SUBJECTS_PER_CHANGE = 1000
"""So many ids at most stand in one change."""


class Historian:
    """Makes the change rows of one act: same actor, same request, same time."""

    def __init__(self, actor: Actor, request: RequestId | None, at: datetime) -> None:
        self._actor = actor
        self.request = request or actor.request
        self.at = at

    def change(
        self,
        action: str,
        subject_type: str,
        subject: uuid.UUID,
        *,
        member: uuid.UUID | None = None,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
    ) -> ChangeRow:
        """One change row."""
        return ChangeRow(
            organization_id=self._actor.organization,
            id=new_id(),
            request_id=self.request,
            actor_kind=self._actor.kind,
            actor_id=self._actor.id,
            subject_type=subject_type,
            subject_id=subject,
            member_id=None if member == subject else member,
            action=action,
            before=None if before is None else msgspec.json.encode(before).decode(),
            after=None if after is None else msgspec.json.encode(after).decode(),
            changed_at=self.at,
        )

    def document(self, subject_type: str, old: UserRow | GroupRow, new: UserRow | GroupRow) -> ChangeRow:
        """What differs between two states of a directory user or group."""
        before, after = differences(msgspec.json.decode(old.document), msgspec.json.decode(new.document))
        member = new.member_id if isinstance(new, UserRow) else None
        return self.change("updated", subject_type, new.id, member=member, before=before, after=after)

    def member(
        self,
        action: str,
        row: MemberRow,
        before: MemberRow | None = None,
        *,
        told: Mapping[str, object] | None = None,
    ) -> ChangeRow:
        """What became of a member; `told` is what else has to be remembered of it, such as a reason."""
        after: Mapping[str, object] = _shown(row)
        known: Mapping[str, object] | None = None
        if before is not None:
            known, after = differences(_shown(before), after)
        return self.change(action, "member", row.id, member=row.id, before=known, after={**after, **(told or {})})

    def members(
        self, group: uuid.UUID, added: Sequence[uuid.UUID], removed: Sequence[uuid.UUID]
    ) -> Iterator[ChangeRow]:
        """Who joined and who left a group, in rows of at most a thousand."""
        for action, values in (("members_added", added), ("members_removed", removed)):
            for start in range(0, len(values), SUBJECTS_PER_CHANGE):
                some = [str(value) for value in values[start : start + SUBJECTS_PER_CHANGE]]
                yield self.change(action, "directory_group", group, after={"members": some})


def _shown(member: MemberRow) -> dict[str, object]:
    """What of a member belongs into its history."""
    names = ("status", "email", "display_name", "seat_type", "seat", "managed_by", "hold")
    return {name: getattr(member, name) for name in names}


async def remember(
    actor: Actor,
    at: datetime,
    action: str,
    subject_type: str,
    subject: uuid.UUID,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Write one change that no request of a directory caused, in the current transaction."""
    past = Historian(actor, None, at)
    await log.add_change(past.change(action, subject_type, subject, before=before, after=after))


def differences(
    before: Mapping[str, object], after: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, object]]:
    """The top-level entries in which two documents differ, as they were and as they are."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {n: before[n] for n in names if n in before}, {n: after[n] for n in names if n in after}
