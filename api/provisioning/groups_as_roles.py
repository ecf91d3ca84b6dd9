"""The mode in which each group is a role (REQUIREMENTS R107, C6)."""

from __future__ import annotations

import uuid
from datetime import datetime

from db.ids import new_id
from db.queries import roles as rows
from db.rows import GroupRow
from db.rule_rows import RoleRow
from db.together import Part

from .actor import Actor
from .decisions import Decided, Decision
from .ladder import key_of
from .policy_values import GroupMode
from .rulebook import Rulebook

_KEY_ENDING = 6


def role_for(group: GroupRow, book: Rulebook) -> RoleRow | None:
    """The role that a new group makes: the lowest, without permissions; None where groups are mapped by hand."""
    if book.policies.group_mode is not GroupMode.GROUPS_AS_ROLES:
        return None
    lowest = min((role.rank for role in book.ladder), default=1)
    key = f"{key_of(group.display_name)}-{_ending(group.id)}".lstrip("-")
    return RoleRow(new_id(), key, group.display_name, lowest - 1, is_admin=False, is_default=False)


def told(role: RoleRow | None) -> tuple[Decision, ...]:
    """What to tell about a role that a group made."""
    if role is None:
        return ()
    text = f"The group made the role {role.name}. It permits nothing yet: add permissions."
    return (Decision(Decided.ROLE, text),)


def end_of(group: uuid.UUID, role: uuid.UUID | None, book: Rulebook, actor: Actor, at: datetime) -> list[Part]:
    """The write that ends the role of a deleted group, if it is the one that the group made."""
    found = book.role(role)
    if found is None or found == book.default or book.policies.group_mode is not GroupMode.GROUPS_AS_ROLES:
        return []
    return [rows.end_part(actor.organization, found.id, at)] if found.key.endswith(_ending(group)) else []


def _ending(group: uuid.UUID) -> str:
    return group.hex[-_KEY_ENDING:]
