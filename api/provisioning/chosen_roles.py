"""A role that somebody chooses for a member by hand, as part of another act. Writes nothing itself."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.queries import overrides
from db.together import Part

from .errors import BadSetting, Refused
from .occasion import Occasion
from .policy_values import OverrideMode
from .roles import Override

_LONGEST = timedelta(days=36_525)


@dataclass(frozen=True, slots=True)
class Chosen:
    """An override with the write of it, and what history says."""

    override: Override
    part: Part
    also: Mapping[str, Mapping[str, object]]


def choose(
    occasion: Occasion, member: uuid.UUID, key: str, reason: str, *, expires_at: datetime | None = None
) -> Chosen:
    """A role for a member from now on; raises BadSetting, and Refused where no overrides are allowed."""
    must_be_ahead(expires_at, occasion.at)
    if occasion.book.policies.override_mode is OverrideMode.FORBIDDEN:
        raise Refused("This organization does not allow overrides of roles (policy override_mode).")
    role, by = occasion.book.named(key), occasion.actor.who
    part = overrides.choose_part(
        occasion.actor.organization, member, role=role.id, reason=reason, by=by, at=occasion.at, expires_at=expires_at
    )
    also = {"override_set": {"role": key, "reason": reason, "expires_at": expires_at}}
    return Chosen(Override(role, by, occasion.at, reason, expires_at), part, also)


def must_be_ahead(expires_at: datetime | None, at: datetime) -> None:
    """Raise BadSetting for an end that is over, or so far away that clocks and databases have no such time."""
    if expires_at is not None and expires_at <= at:
        raise BadSetting("An override cannot expire in the past.")
    if expires_at is not None and expires_at > at + _LONGEST:
        raise BadSetting("An override expires within a hundred years. Leave the time out for one that does not.")
