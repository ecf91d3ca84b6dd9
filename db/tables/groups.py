"""Directory groups and who is in them."""

from piccolo.columns import JSON, JSONB, UUID, BigInt, Boolean, Text, Timestamptz
from piccolo.table import Table


class DirectoryGroup(Table):
    """A SCIM Group (RFC 7643 §4.2) without its members."""

    organization_id = UUID(default=None)
    directory_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    display_name = Text(default=None)
    display_name_key = Text(default=None, help_text="displayName, folded.")
    unique_name = Text(null=True, default=None, help_text="display_name_key unless the directory allows repeats.")
    external_id = Text(null=True, default=None)
    role_id = UUID(null=True, default=None, help_text="The role that the group is mapped to.")
    gives_access = Boolean(default=False, help_text="Whether leaving all such groups suspends (R050).")
    is_urgent = Boolean(default=False, help_text="Whether removals of its members are never held.")
    document = JSON(default=None)
    search = JSONB(default=None)
    version = BigInt(default=1)
    created_at = Timestamptz()
    updated_at = Timestamptz()


class GroupMember(Table):
    """One direct member of a group: a user or another group of the same directory."""

    organization_id = UUID(default=None)
    group_id = UUID(primary_key=True, default=None)
    value = UUID(default=None, help_text="The id of the directory user or directory group.")
    type = Text(default=None, help_text="User or Group.")
    added_at = Timestamptz()


class ParkedMember(Table):
    """A member that an identity provider named before its resource arrived."""

    organization_id = UUID(default=None)
    directory_id = UUID(default=None)
    group_id = UUID(primary_key=True, default=None)
    value = Text(default=None, help_text="As sent: an id, externalId, userName or group name.")
    parked_at = Timestamptz()
