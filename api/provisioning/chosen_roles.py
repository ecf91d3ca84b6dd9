"""A role that somebody chooses for a member by hand, as part of another act. Writes nothing itself."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from db.queries import overrides
from db.together import Part

from .errors import Refused
from .occasion import Occasion
from .policy_values import OverrideMode
from .roles import Override


@dataclass(frozen=True, slots=True)
class Chosen:
    """An override with the write of it, and what history says."""

    override: Override
    part: Part
    also: Mapping[str, Mapping[str, object]]


def choose(occasion: Occasion, member: uuid.UUID, key: str, reason: str) -> Chosen:
    """A role for a member from now on; raises BadSetting, and Refused where no overrides are allowed."""
    if occasion.book.policies.override_mode is OverrideMode.FORBIDDEN:
        raise Refused("This organization does not allow overrides of roles (policy override_mode).")
    role, by = occasion.book.named(key), occasion.actor.who
    part = overrides.choose_part(
        occasion.actor.organization, member, role=role.id, reason=reason, by=by, at=occasion.at, expires_at=None
    )
    also = {"override_set": {"role": key, "reason": reason, "expires_at": None}}
    return Chosen(Override(role, by, occasion.at, reason), part, also)
