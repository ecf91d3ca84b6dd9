"""Directory users: the SCIM User as one directory sent it."""

from piccolo.columns import JSON, JSONB, UUID, BigInt, Boolean, Text, Timestamptz
from piccolo.table import Table


class DirectoryUser(Table):
    """A SCIM User (RFC 7643 §4.1) with the columns by which identity providers look for it."""

    organization_id = UUID(default=None)
    directory_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    member_id = UUID(default=None)
    user_name = Text(default=None)
    user_name_key = Text(default=None, help_text="userName, folded; unique in the directory.")
    external_id = Text(null=True, default=None)
    email = Text(null=True, default=None)
    email_key = Text(null=True, default=None, help_text="The work, primary or only address, folded.")
    active = Boolean(default=True)
    lets_in = Boolean(
        null=True,
        default=None,
        help_text="Whether this record lets the member in; null while its directory is deleted.",
    )
    display_name = Text(null=True, default=None)
    seat_type = Text(null=True, default=None)
    role_keys = JSONB(null=True, default=None, help_text="The roles that the directory names itself (R122).")
    document = JSON(default=None, help_text="The resource as kept, without id, meta and groups.")
    search = JSONB(default=None, help_text="The folded document that filters and sorting read.")
    version = BigInt(default=1)
    created_at = Timestamptz()
    updated_at = Timestamptz()


class DepartedUser(Table):
    """What remains of a deleted SCIM User: whose it was, so that the same person is recognised on return."""

    organization_id = UUID(default=None)
    directory_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    member_id = UUID(default=None)
    user_name_key = Text(default=None)
    external_id = Text(null=True, default=None)
    email_key = Text(null=True, default=None)
    document = JSON(
        null=True, default=None, help_text="The resource, where it can still be read (C1, afterDeleteRead)."
    )
    departed_at = Timestamptz()
