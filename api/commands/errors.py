"""What keeps a command from doing its work; each text is for the person at the terminal."""

from __future__ import annotations

from api.provisioning.errors import ProvisioningError
from api.settings import SettingsError
from db.embedded import EmbeddedDatabaseUnusable
from db.migrations import DatabaseUnusable


class CommandError(Exception):
    """Something expected is in the way; the text says what happened and what to do."""


EXPECTED: tuple[type[Exception], ...] = (
    CommandError,
    SettingsError,
    ProvisioningError,
    EmbeddedDatabaseUnusable,
    DatabaseUnusable,
)
"""What is told in one line, without a traceback."""
