"""Single sign-on: identity providers that say who somebody is, whom they know, and sign-ins that have begun."""

from piccolo.columns import JSONB, UUID, Bytea, Text, Timestamptz
from piccolo.table import Table

from db.enums import ConnectionState, SsoKind


class SsoConnection(Table):
    """An identity provider by which an organization's people sign in."""

    organization_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    kind = Text(default=None, choices=SsoKind)
    name = Text(default=None)
    state = Text(default=None, choices=ConnectionState)
    issuer = Text(
        null=True, default=None, help_text="The issuer of OpenID Connect, or SAML's entity id; to the letter."
    )
    settings = JSONB(default="{}", help_text="Whatever else is known of it and no secret; identity.choices has it.")
    client_secret = Bytea(null=True, default=None, help_text="Sealed.")
    last_used_at = Timestamptz(null=True, default=None, help_text="When it let somebody in last; accurate to a minute.")
    created_at = Timestamptz()
    updated_at = Timestamptz()


class SsoIdentity(Table):
    """Who somebody is at an identity provider: what they are recognised by, and never by their address."""

    organization_id = UUID(default=None)
    connection_id = UUID(default=None)
    subject = Text(primary_key=True, default=None, help_text="Their id at the provider.")
    member_id = UUID(default=None)
    created_at = Timestamptz()
    last_sign_in_at = Timestamptz()


class SsoAttempt(Table):
    """A browser that was sent to an identity provider and may come back once; only the hash of the state is kept."""

    organization_id = UUID(default=None)
    state_hash = Bytea(primary_key=True, default=None, help_text="SHA-256 of what the provider gives back.")
    connection_id = UUID(default=None)
    browser_hash = Bytea(default=None, help_text="SHA-256 of what the browser has in a cookie.")
    nonce = Text(default=None, help_text="What the ID token has to repeat.")
    verifier = Text(default=None, help_text="What shows the provider that the code is ours (RFC 7636).")
    request_id = Text(null=True, default=None, help_text="The id of SAML's request.")
    return_to = Text(default=None, help_text="Where the browser goes afterwards, a path of ours.")
    created_at = Timestamptz()
    expires_at = Timestamptz()


class SamlAssertion(Table):
    """An assertion that has let somebody in and must not come again; only the hash of its id is kept."""

    organization_id = UUID(default=None)
    connection_id = UUID(default=None)
    id_hash = Bytea(primary_key=True, default=None, help_text="SHA-256 of the assertion's id.")
    expires_at = Timestamptz(help_text="When it would not be taken any more anyway.")


class SsoTicket(Table):
    """Somebody of whom a provider has spoken, until their browser comes for it; only the hash of its token is kept."""

    organization_id = UUID(default=None)
    ticket_hash = Bytea(primary_key=True, default=None, help_text="SHA-256 of what the browser brings.")
    connection_id = UUID(default=None)
    browser_hash = Bytea(
        null=True, default=None, help_text="SHA-256 of the browser's secret; null as long as it can be any browser's."
    )
    return_to = Text(default=None, help_text="Where the browser goes afterwards, a path of ours.")
    said = JSONB(default="{}", help_text="What the provider said of them.")
    expires_at = Timestamptz()
