"""What a directory says of a user or group, as the rules see it: a few known fields and an opaque document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UserFields:
    """A directory user as its directory wants it; `full_name` is the best name there is for people to read.

    `role_keys` are the roles that the directory itself names; `document` and `search` JSON texts that only SCIM reads.
    """

    user_name: str
    user_name_key: str
    external_id: str | None
    email: str | None
    email_key: str | None
    active: bool
    display_name: str | None
    full_name: str | None
    seat_type: str | None
    role_keys: tuple[str, ...]
    document: str
    search: str


@dataclass(frozen=True, slots=True)
class GroupFields:
    """A directory group as its directory wants it, without members."""

    display_name: str
    display_name_key: str
    external_id: str | None
    document: str
    search: str
