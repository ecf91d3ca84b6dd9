"""Accounts: one per person, in any number of organizations."""

from piccolo.columns import UUID, Text, Timestamptz
from piccolo.table import Table


class Account(Table):
    """One person's login. Holds nothing that one organization may not learn from another."""

    id = UUID(primary_key=True, default=None)
    email = Text(null=True, default=None)
    email_key = Text(null=True, default=None, help_text="The address in lower case; unique.")
    created_at = Timestamptz()
