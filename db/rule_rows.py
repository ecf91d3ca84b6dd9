"""Rows of what organizations choose and of what follows from it, as frozen dataclasses. No database in here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role of the ladder."""

    id: uuid.UUID
    key: str
    name: str
    rank: int
    is_admin: bool
    is_default: bool


@dataclass(frozen=True, slots=True)
class GroupRules:
    """What follows from being in a group."""

    id: uuid.UUID
    directory_id: uuid.UUID
    display_name: str
    role_id: uuid.UUID | None
    gives_access: bool
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class MemberRoleFacts:
    """What a member's role follows from, and what it is; `groups` is a JSON list of name, role, id, `keys` of texts."""

    member_id: uuid.UUID
    status: str
    role_id: uuid.UUID | None
    hold: str | None
    held_role_id: uuid.UUID | None
    override_role_id: uuid.UUID | None
    override_reason: str | None
    override_by: str | None
    override_at: datetime | None
    override_expires_at: datetime | None
    groups: str | None
    keys: str | None
    lacks_access: bool


@dataclass(frozen=True, slots=True)
class RoleCombination:
    """Members who have the same status, seat and role, and for whom the same decides about it."""

    status: str
    seat: str | None
    role_id: uuid.UUID | None
    hold: str | None
    held_role_id: uuid.UUID | None
    override_role_id: uuid.UUID | None
    override_expires_at: datetime | None
    granted: Sequence[uuid.UUID]
    keys: Sequence[str]
    lacks_access: bool
    members: Sequence[uuid.UUID]


@dataclass(frozen=True, slots=True)
class DomainRow:
    """A domain of an organization."""

    id: uuid.UUID
    name: str
    include_subdomains: bool
    state: str
    verified_by: str | None
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProofRow:
    """A domain with what proves it; see the table for what the fields mean."""

    id: uuid.UUID
    name: str
    include_subdomains: bool
    state: str
    verified_by: str | None
    verified_at: datetime | None
    challenge: str | None
    challenge_ends: datetime | None
    checked_at: datetime | None
    check_result: str | None
    check_next: datetime | None
    missing_since: datetime | None
    lapses_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """An extension of the User schema; `definition` is a JSON text."""

    id: uuid.UUID
    urn: str
    definition: str
    state: str
    proposed_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrganizationRules:
    """What an organization has chosen, as it is stored: its name, its policies as JSON text, its roles from below.

    JSON texts or None are `domains`, a list of lists with the fields of `DomainRow`, `pools`, limit and price by seat
    type, and `terms`, a list with what was agreed about buying seats. `gates` are the directories whose people are let
    in by groups.
    """

    name: str
    policies: str
    domains: str | None
    gates: tuple[uuid.UUID, ...]
    pools: str | None
    terms: str | None
    roles: tuple[RoleRow, ...]


@dataclass(frozen=True, slots=True)
class OrganizationView:
    """An organization with its plan, and for how many days requests and their bodies are kept.

    `support_contact` is a JSON text, None where the plan's contact is asked; `attribute_notes` is one, too.
    """

    id: uuid.UUID
    name: str
    created_at: datetime
    plan: str
    add_ons: Sequence[str]
    request_retention_days: int
    body_retention_days: int
    support_contact: str | None
    attribute_notes: str


@dataclass(frozen=True, slots=True)
class CountsRow:
    """How many members and directories an organization has."""

    organization_id: uuid.UUID
    members: int
    directories: int


@dataclass(frozen=True, slots=True)
class SeenUser:
    """A directory's record of somebody who is looked for."""

    directory_id: uuid.UUID
    directory: str
    user_name: str
    user_name_key: str
    active: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class LookedFor:
    """What is known of somebody: their membership, if there is one, and what directories have of them."""

    member_id: uuid.UUID | None = None
    status: str | None = None
    email: str | None = None
    role: str | None = None
    since: datetime | None = None
    awaits_seat: str | None = None
    is_locked_out: bool = False
    users: Sequence[SeenUser] = ()


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request about somebody who is looked for."""

    id: uuid.UUID
    method: str
    status: int
    detail: str | None
    received_at: datetime
    directory: str


@dataclass(frozen=True, slots=True)
class SeenDirectory:
    """A directory that could have brought somebody."""

    name: str
    provider: str
    settings: str
    last_request_at: datetime | None


@dataclass(frozen=True, slots=True)
class CallsRow:
    """A directory with what tells whether it is alive: its last request, and how many of the recent were refused."""

    directory_id: uuid.UUID
    name: str
    provider: str
    is_paused: bool
    deleted_at: datetime | None
    last_request_at: datetime | None
    recent: int
    refused: int


@dataclass(frozen=True, slots=True)
class MisdirectedRow:
    """Requests that came with a key that has ended, or got no access token, or else found nothing at their path."""

    directory_id: uuid.UUID
    key_last_four: str | None
    path: str | None
    count: int


@dataclass(frozen=True, slots=True)
class EditedRow:
    """A member with what was edited here, as `local` has it; `total` is how many such members there are."""

    member_id: uuid.UUID
    email: str | None
    display_name: str | None
    seat_type: str | None
    local: str
    total: int


@dataclass(frozen=True, slots=True)
class RecountRow:
    """A directory user who let their member in, or not, against what their directory says; None: it was deleted."""

    id: uuid.UUID
    member_id: uuid.UUID
    before: bool | None
    after: bool | None


@dataclass(frozen=True, slots=True)
class SeatSumRow:
    """How many seats of a type are held: by the count, by the ledger, and by the members themselves."""

    seat_type: str
    counted: int
    entered: int
    held: int


@dataclass(frozen=True, slots=True)
class UnmanagedRow:
    """A member whom nobody manages, and why; `total` is how many such members there are."""

    member_id: uuid.UUID
    email: str | None
    status: str
    reason: str
    total: int
