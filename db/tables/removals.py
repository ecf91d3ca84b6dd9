"""Access that directories ended, or would have ended, and what waits for a decision."""

from piccolo.columns import UUID, BigInt, SmallInt, Text, Timestamptz
from piccolo.table import Table

from db.enums import LinkState, RemovalState


class Removal(Table):
    """A member who lost access by a directory, or would have and is held (the mass-removal breaker)."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    directory_id = UUID(default=None)
    member_id = UUID(default=None)
    request_id = UUID(null=True, default=None)
    cause = Text(default=None, help_text="A code of provisioning.lifecycle.Cause.")
    state = Text(default=None, choices=RemovalState)
    role_id = UUID(null=True, default=None, help_text="The role that the member had.")
    removed_at = Timestamptz()
    decide_by = Timestamptz(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    decided_by = Text(null=True, default=None, help_text="Who, in words for people.")
    told_at = Timestamptz(null=True, default=None, help_text="When people were told that it waits.")
    reminded_at = Timestamptz(null=True, default=None, help_text="When they were told that its time runs out.")


class RemovalWindow(Table):
    """Against how many members the removals of a directory are measured."""

    organization_id = UUID(default=None)
    directory_id = UUID(primary_key=True, default=None)
    base = BigInt(null=True, default=None, help_text="Members who could use the organization when the window began.")
    counted_at = Timestamptz(null=True, default=None)


class RemovalCount(Table):
    """How many members lost access by a directory in a minute, spread over slots so that nobody waits for one row."""

    organization_id = UUID(default=None)
    directory_id = UUID(primary_key=True, default=None)
    minute = Timestamptz(default=None)
    slot = SmallInt(default=None)
    people = BigInt(default=0)


class LinkRequest(Table):
    """Somebody whom a directory brings and who is a member already: may the directory have them? (C11, ASK)"""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    directory_id = UUID(default=None)
    member_id = UUID(default=None)
    user_name = Text(default=None)
    email = Text(null=True, default=None)
    request_id = UUID(null=True, default=None, help_text="The request that asked last.")
    state = Text(default=None, choices=LinkState)
    asked_at = Timestamptz()
    decided_at = Timestamptz(null=True, default=None)
    decided_by = Text(null=True, default=None, help_text="Who, in words for people.")
