"""Members: an account inside one organization, and the invitations by which some come."""

from piccolo.columns import JSONB, UUID, BigInt, Bytea, Text, Timestamptz
from piccolo.table import Table

from db.enums import Hold, MemberSource, MemberStatus, SeatType


class Member(Table):
    """What the organization knows and decided about a person; outlives every directory's record of them."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    account_id = UUID(default=None)
    status = Text(default=None, choices=MemberStatus)
    status_since = Timestamptz()
    source = Text(default="SCIM", choices=MemberSource, help_text="By which way the person came first.")
    managed_by = Text(default="DIRECTORY", help_text="DIRECTORY, or LOCAL for whom no directory has to have.")
    email = Text(null=True, default=None)
    email_key = Text(null=True, default=None)
    display_name = Text(null=True, default=None)
    seat_type = Text(null=True, default=None, choices=SeatType, help_text="The seat wanted; null for the default.")
    seat = Text(null=True, default=None, choices=SeatType, help_text="The seat held.")
    awaits_seat = Text(null=True, default=None, choices=SeatType, help_text="The seat to get as soon as one is free.")
    awaits_since = Timestamptz(null=True, default=None)
    role_id = UUID(null=True, default=None, help_text="The effective role, null for none.")
    hold = Text(null=True, default=None, choices=Hold)
    held_role_id = UUID(null=True, default=None, help_text="The role kept meanwhile.")
    locked_out_at = Timestamptz(null=True, default=None, help_text="When somebody deactivated the member by hand.")
    local = JSONB(null=True, default=None, help_text="What was edited here since a directory wrote it.")
    erase_after = Timestamptz(null=True, default=None, help_text="When the grace period after a removal ends.")
    version = BigInt(default=1)
    created_at = Timestamptz()
    updated_at = Timestamptz()


class Invitation(Table):
    """An invitation to become a member; only the hash of its token is kept."""

    organization_id = UUID(default=None)
    member_id = UUID(primary_key=True, default=None)
    token_hash = Bytea(default=None, help_text="SHA-256 of the token.")
    invited_by = Text(default=None, help_text="Who, in words for people.")
    invited_at = Timestamptz()
    expires_at = Timestamptz()
    accepted_at = Timestamptz(null=True, default=None)
