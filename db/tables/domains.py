"""E-mail domains that organizations own."""

from piccolo.columns import UUID, Boolean, Text, Timestamptz
from piccolo.table import Table

from db.enums import DomainState


class Domain(Table):
    """A domain of an organization; one organization at most has it verified."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    name = Text(default=None, help_text="In lower case, A-labels.")
    include_subdomains = Boolean(default=False)
    state = Text(default=None, choices=DomainState)
    verified_by = Text(null=True, default=None, help_text="OPERATOR, who attested it, or DNS.")
    verified_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()
    challenge = Text(null=True, default=None, help_text="What proves it, as the token of a TXT record.")
    challenge_ends = Timestamptz(null=True, default=None, help_text="Until when the first proof may be given.")
    checked_at = Timestamptz(null=True, default=None)
    check_result = Text(null=True, default=None, help_text="What DNS said the last time, for people.")
    check_next = Timestamptz(null=True, default=None, help_text="When to look again by itself.")
    missing_since = Timestamptz(null=True, default=None, help_text="Since when the proof is not found any more.")
    lapses_at = Timestamptz(null=True, default=None, help_text="When it lapses unless the proof comes back.")
