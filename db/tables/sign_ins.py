"""Sign-ins of which host applications told Rollcall."""

from piccolo.columns import UUID, Bytea, Text, Timestamptz
from piccolo.table import Table

from db.enums import ReportOutcome


class SignInReport(Table):
    """A call that told of a sign-in, and what came of it; its id is the trace id that the caller was given."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    token_id = UUID(default=None, help_text="The API token of the caller.")
    call_id = Text(default=None, help_text="The caller's own id of the call: the same one is answered alike.")
    digest = Bytea(default=None, help_text="SHA-256 of the body.")
    email = Text(null=True, default=None)
    email_key = Text(null=True, default=None)
    member_id = UUID(null=True, default=None)
    outcome = Text(default=None, choices=ReportOutcome)
    code = Text(null=True, default=None, help_text="Why it was refused, for programs.")
    detail = Text(null=True, default=None, help_text="Why it was refused, for people.")
    answer = Text(null=True, default=None, help_text="What was answered, to be answered again; null if refused.")
    received_at = Timestamptz()
