"""Rows of what directories sent lately, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HourRow:
    """How the requests of a directory within one hour went."""

    directory_id: uuid.UUID
    hour: datetime
    written: int
    read: int
    refused: int


@dataclass(frozen=True, slots=True)
class ReceivedRow:
    """How many users a directory sent, and how many of them have each of some attributes, in their order."""

    directory_id: uuid.UUID
    users: int
    having: Sequence[int]
