"""Members: an account inside one organization."""

from piccolo.columns import UUID, BigInt, Text, Timestamptz
from piccolo.table import Table

from db.enums import MemberStatus


class Member(Table):
    """What the organization knows and decided about a person; outlives every directory's record of them."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    account_id = UUID(default=None)
    status = Text(default=None, choices=MemberStatus)
    email = Text(null=True, default=None)
    email_key = Text(null=True, default=None)
    display_name = Text(null=True, default=None)
    seat_type = Text(null=True, default=None, help_text="The seat asked for by a directory: full, lite or free.")
    role_id = UUID(null=True, default=None, help_text="The effective role, null for none.")
    version = BigInt(default=1)
    created_at = Timestamptz()
    updated_at = Timestamptz()
