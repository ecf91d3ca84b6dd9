"""Portal links: by which somebody without an account sets something up for an organization."""

from piccolo.columns import UUID, Bytea, Text, Timestamptz
from piccolo.table import Table

from db.enums import PortalPurpose


class PortalLink(Table):
    """A link that is used up once, and the session that it began; only hashes of both tokens are kept."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    purpose = Text(default=None, choices=PortalPurpose)
    hash = Bytea(default=None, help_text="SHA-256 of the token in the link.")
    email = Text(null=True, default=None, help_text="To whom it was sent, if Rollcall sent it.")
    created_by = Text(default=None, help_text="Who made it, in words for people.")
    created_at = Timestamptz()
    expires_at = Timestamptz(help_text="Until when the link can be used.")
    used_at = Timestamptz(null=True, default=None)
    session_hash = Bytea(null=True, default=None, help_text="SHA-256 of the session's token; null before it is used.")
    session_ends_at = Timestamptz(null=True, default=None)
