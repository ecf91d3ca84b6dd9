"""The ladder of roles of each organization, and the roles that people were given by hand."""

from piccolo.columns import JSONB, UUID, Boolean, Integer, Text, Timestamptz
from piccolo.table import Table


class Role(Table):
    """A role; the rank says which of two is higher."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    key = Text(default=None, help_text="How programs name it; unique in the organization, never changed.")
    name = Text(default=None)
    rank = Integer(null=True, default=None, help_text="Higher is more; unique; null once archived.")
    permissions = JSONB(default="[]", help_text="A list of texts, for the application that asks.")
    is_admin = Boolean(default=False, help_text="Whether somebody must always have it.")
    is_default = Boolean(default=False)
    archived_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()


class RoleOverride(Table):
    """A role that somebody chose for a member."""

    organization_id = UUID(default=None)
    member_id = UUID(primary_key=True, default=None)
    role_id = UUID(default=None)
    reason = Text(default=None)
    set_by = Text(default=None, help_text="Who, in words for people.")
    set_at = Timestamptz()
    expires_at = Timestamptz(null=True, default=None)
