"""Accounts: one per person, in any number of organizations; and how their people sign in."""

from piccolo.columns import JSONB, UUID, Boolean, Bytea, DoublePrecision, Integer, Text, Timestamptz
from piccolo.table import Table

from db.enums import Way


class Account(Table):
    """One person's login. Holds nothing that one organization may not learn from another."""

    id = UUID(primary_key=True, default=None)
    email = Text(null=True, default=None)
    email_key = Text(null=True, default=None, help_text="The address in lower case; unique.")
    password_hash = Text(null=True, default=None, help_text="By Argon2id; null for nobody's choice so far.")
    password_set_at = Timestamptz(null=True, default=None)
    is_operator = Boolean(default=False, help_text="Whether they run this installation.")
    created_at = Timestamptz()


class Session(Table):
    """Somebody who has signed in with a browser; only the hash of what the cookie says is kept.

    `vouched` lists the organizations whose single sign-on let them in, as {organization, connection, at}, and with
    `is_break_glass` those that they entered although single sign-on is enforced there.
    """

    id = UUID(primary_key=True, default=None)
    account_id = UUID(default=None)
    hash = Bytea(default=None, help_text="SHA-256 of the token.")
    way = Text(default=None, choices=Way, help_text="How they signed in last.")
    address_proved_at = Timestamptz(null=True, default=None, help_text="When they proved that the address is theirs.")
    vouched = JSONB(default="[]")
    browser = Text(null=True, default=None, help_text="What the browser calls itself.")
    ip = Text(null=True, default=None)
    created_at = Timestamptz()
    last_seen_at = Timestamptz(help_text="Accurate to five minutes.")
    ends_at = Timestamptz(help_text="When it ends, however much it is used.")


class SignInCode(Table):
    """A one-time code for whoever asked for one, whether there is such an account or not."""

    organization_id = UUID(null=True, default=None, help_text="Always null: an account belongs to none.")
    id = UUID(primary_key=True, default=None)
    email = Text(default=None)
    email_key = Text(default=None)
    browser_hash = Bytea(default=None, help_text="SHA-256 of what the browser has in a cookie: nobody else may try.")
    code = Bytea(null=True, default=None, help_text="The code, sealed; null until the worker made one.")
    tries = Integer(default=0)
    created_at = Timestamptz()
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)


class PasswordToken(Table):
    """A link by which somebody chooses a password; only its hash is kept."""

    hash = Bytea(primary_key=True, default=None, help_text="SHA-256 of the token.")
    account_id = UUID(default=None)
    created_at = Timestamptz()
    expires_at = Timestamptz()


class BreakGlass(Table):
    """A member who may sign in although single sign-on is enforced, for the day that it is broken."""

    organization_id = UUID(default=None)
    member_id = UUID(primary_key=True, default=None)
    reason = Text(default=None)
    granted_by = Text(default=None, help_text="Who, in words for people.")
    granted_at = Timestamptz()


class Rate(Table):
    """How much of something has been used up, such as tries for an address. Unlogged: a crash forgives."""

    key = Text(primary_key=True, default=None, help_text="What of whom, such as code:address:ann@example.com.")
    spent = DoublePrecision(default=0.0, help_text="As it was at that moment; it drains with time.")
    at = Timestamptz()
