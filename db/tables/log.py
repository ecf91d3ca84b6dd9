"""What was asked, what was decided, what changed. Append-only; rows go by retention only."""

from piccolo.columns import JSONB, UUID, BigInt, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table


class Request(Table):
    """One SCIM request as received and answered; its id is the trace id that the client was given."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    directory_id = UUID(default=None)
    bulk_request_id = UUID(null=True, default=None, help_text="The bulk request of which this was one operation.")
    key_id = UUID(null=True, default=None)
    key_last_four = Text(null=True, default=None)
    oauth_client_id = UUID(null=True, default=None, help_text="Whose access token it came with.")
    user_agent = Text(null=True, default=None)
    method = Text(default=None)
    path = Text(default=None)
    query = Text(null=True, default=None)
    request_body = Text(null=True, default=None, help_text="Redacted, cut at 64 KiB.")
    response_body = Text(null=True, default=None, help_text="Of writes and refusals; cut at 16 KiB.")
    status = SmallInt(default=None)
    scim_type = Text(null=True, default=None)
    detail = Text(null=True, default=None, help_text="The error's text, for refused requests.")
    resource_type = Text(null=True, default=None)
    resource_id = UUID(null=True, default=None)
    subject_key = Text(null=True, default=None, help_text="Folded userName or name that the request was about.")
    results = Integer(null=True, default=None, help_text="How many resources a list held.")
    decisions = JSONB(default=None)
    duration_us = BigInt(default=None)
    received_at = Timestamptz()


class Change(Table):
    """One thing that was altered: by whom, before and after."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    request_id = UUID(null=True, default=None)
    actor_kind = Text(default=None)
    actor_id = UUID(null=True, default=None)
    subject_type = Text(default=None)
    subject_id = UUID(default=None)
    member_id = UUID(null=True, default=None, help_text="The member whom it concerns, if that is not the subject.")
    action = Text(default=None)
    before = JSONB(null=True, default=None)
    after = JSONB(null=True, default=None)
    changed_at = Timestamptz()
