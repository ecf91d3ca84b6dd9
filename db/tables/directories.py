"""Directories: one identity provider connected to one organization, with its keys and its exact counts."""

from piccolo.columns import JSONB, UUID, BigInt, Bytea, SmallInt, Text, Timestamptz
from piccolo.table import Table

from db.enums import Provider


class Directory(Table):
    """The connection to one identity provider."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    name = Text(default=None)
    provider = Text(default=None, choices=Provider)
    settings = JSONB(default=None, help_text="The directory's policies, as provisioning.directories.Settings has them.")
    created_at = Timestamptz()
    deleted_at = Timestamptz(null=True, default=None, help_text="It can be restored for thirty days.")
    told_health = Text(null=True, default=None, help_text="STALE or FAILING once people were told so; null if well.")


class DirectoryKey(Table):
    """A bearer key of a directory; only its hash is kept."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    directory_id = UUID(default=None)
    hash = Bytea(default=None, help_text="SHA-256 of the whole key text.")
    last_four = Text(default=None)
    created_at = Timestamptz()
    expires_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
    first_used_at = Timestamptz(null=True, default=None, help_text="Since when it works (R142).")
    last_used_at = Timestamptz(null=True, default=None, help_text="Accurate to five minutes.")


class DirectoryCount(Table):
    """How many resources a directory holds, spread over slots so that parallel creates do not wait for one row."""

    organization_id = UUID(default=None)
    directory_id = UUID(primary_key=True, default=None)
    resource_type = Text(default=None)
    slot = SmallInt(default=None)
    total = BigInt(default=0)
