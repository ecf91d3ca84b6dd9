"""An act on members: who acts, by which rules, why, for which request, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db.ids import RequestId

from .actor import Actor
from .history import Historian
from .lifecycle import Cause
from .rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Occasion:
    """What all writes of one act have in common."""

    actor: Actor
    book: Rulebook
    cause: Cause
    request: RequestId | None
    at: datetime

    @property
    def past(self) -> Historian:
        """Who remembers what is changed on this occasion."""
        return Historian(self.actor, self.request, self.at)
