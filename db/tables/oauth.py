"""OAuth clients of directories: what an identity provider gets short-lived access tokens by."""

from piccolo.columns import JSONB, UUID, Bytea, Text, Timestamptz
from piccolo.table import Table


class OauthClient(Table):
    """A client of one directory. Its id is the client id; it has secrets, or keys by which it signs, or both."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    directory_id = UUID(default=None)
    name = Text(default=None)
    jwks = JSONB(null=True, default=None, help_text="Public keys by which assertions are checked, a list of JWKs.")
    jwks_uri = Text(null=True, default=None, help_text="Where those keys are fetched instead.")
    issuer = Text(null=True, default=None, help_text="Who makes the assertions; null for the client itself.")
    subject = Text(null=True, default=None, help_text="About whom they are; null for the client itself.")
    audience = Text(null=True, default=None, help_text="For whom they are; null for the token endpoint or the issuer.")
    created_by = Text(default=None, help_text="Who, in words for people.")
    created_at = Timestamptz()
    revoked_at = Timestamptz(null=True, default=None)
    last_used_at = Timestamptz(null=True, default=None, help_text="Accurate to five minutes.")


class OauthSecret(Table):
    """A secret of a client; only its hash is kept. Two may live at once."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    client_id = UUID(default=None)
    hash = Bytea(default=None, help_text="SHA-256 of the whole text.")
    last_four = Text(default=None)
    created_at = Timestamptz()
    expires_at = Timestamptz()
    revoked_at = Timestamptz(null=True, default=None)
    last_used_at = Timestamptz(null=True, default=None, help_text="When a token was last got by it.")


class OauthToken(Table):
    """An access token; only its hash is kept. It ends with its client, and with the secret that it was got by."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    client_id = UUID(default=None)
    secret_id = UUID(null=True, default=None, help_text="Null for one that was got by an assertion.")
    hash = Bytea(default=None, help_text="SHA-256 of the whole text.")
    created_at = Timestamptz()
    expires_at = Timestamptz()


class OauthAssertion(Table):
    """An assertion that was used, so that it is not used again (RFC 7523 §3, `jti`)."""

    organization_id = UUID(default=None)
    client_id = UUID(default=None)
    hash = Bytea(primary_key=True, default=None, help_text="SHA-256 of its jti.")
    expires_at = Timestamptz(help_text="Until when it could be used.")
