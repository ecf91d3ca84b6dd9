"""API tokens, what they spend, and the answers that are given again for the same idempotency key."""

from piccolo.columns import JSONB, UUID, Bytea, DoublePrecision, Text, Timestamptz
from piccolo.table import Table


class ApiToken(Table):
    """A bearer token for GraphQL; only its hash is kept. Without an organization it is the operator's, for all."""

    organization_id = UUID(null=True, default=None)
    id = UUID(primary_key=True, default=None)
    name = Text(default=None)
    hash = Bytea(default=None, help_text="SHA-256 of the whole token text.")
    last_four = Text(default=None)
    signing_secret = Bytea(
        null=True,
        default=None,
        help_text="By which calls that tell of sign-ins are signed, sealed; null if it may not.",
    )
    rights = JSONB(default="[]", help_text="What it may do, a list of codes of provisioning.actor.Right.")
    created_by = Text(default=None, help_text="Who, in words for people.")
    created_at = Timestamptz()
    expires_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
    last_used_at = Timestamptz(null=True, default=None, help_text="Accurate to five minutes.")


class ApiBudget(Table):
    """How many points of its budget a token has spent. Unlogged: after a crash everybody begins anew."""

    token_id = UUID(primary_key=True, default=None)
    spent = DoublePrecision(default=0.0, help_text="Points, as they were at that moment; they drain with time.")
    at = Timestamptz()


class IdempotencyKey(Table):
    """A mutation that a caller may send again without it being done again."""

    organization_id = UUID(null=True, default=None)
    id = UUID(primary_key=True, default=None)
    caller_id = UUID(default=None, help_text="The token of a program, or the account of somebody who has signed in.")
    key = Text(default=None)
    digest = Bytea(default=None, help_text="SHA-256 of what was asked for.")
    result = JSONB(null=True, default=None, help_text="What came of it; null as long as it is being done.")
    created_at = Timestamptz()
