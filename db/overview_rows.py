"""What is counted for the overview of an organization, and for what waits there. No database in here."""

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


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of what waits for somebody there is: rows of that name, directories whose last key ends."""

    removals: int
    link_requests: int
    members: int
    keys_ending: int
    domains_lapsed: int
    endpoints_failing: int
    revocations_overdue: int
