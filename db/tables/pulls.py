"""Directories whose people Rollcall fetches: where from, when, and what was there the last time."""

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class Pull(Table):
    """How the people of one directory are fetched from Google Workspace, and how it went."""

    organization_id = UUID(default=None)
    directory_id = UUID(primary_key=True, default=None)
    customer = Text(default=None, help_text="Google's id of the customer, or `my_customer`.")
    admin_email = Text(default=None, help_text="The administrator in whose name the service account reads.")
    client_email = Text(default=None, help_text="The service account.")
    user_query = Text(default="", help_text="Which users, in Google's search language; all if empty.")
    takes_groups = Boolean(default=True)
    every_minutes = Integer(default=None)
    credentials = Bytea(default=None, help_text="The service account's key file, sealed.")
    run = BigInt(default=0, help_text="Counts complete passes.")
    started_at = Timestamptz(null=True, default=None)
    finished_at = Timestamptz(null=True, default=None, help_text="The last complete pass.")
    next_at = Timestamptz()
    leased_until = Timestamptz(null=True, default=None, help_text="A worker is at it until then, or was killed.")
    failures = Integer(default=0, help_text="In a row.")
    problem = Text(null=True, default=None, help_text="What went wrong the last time, for people.")
    created_at = Timestamptz()


class PullItem(Table):
    """A user or group of Google's as it was when it was last taken over."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None, help_text="The directory user or group.")
    directory_id = UUID(default=None)
    kind = Text(default=None, help_text="User or Group.")
    external_id = Text(default=None, help_text="Google's id.")
    digest = Bytea(default=None, help_text="SHA-256 of what was taken over.")
