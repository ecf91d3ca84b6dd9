"""What is counted for the overview of an organization, as it is stored. No database in here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counted:
    """JSON texts are `members`, a list of source, status and number, and `dismissed`, a list of codes."""

    members: str
    invitations_open: int
    directories: int
    has_verified_domain: bool
    dismissed: str
    revocations_overdue: int
    endpoints_failing: int
