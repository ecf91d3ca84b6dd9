"""Why the embedded database cannot be had; each text says what happened and what to do."""

from __future__ import annotations


class EmbeddedDatabaseUnusable(Exception):
    """The embedded PostgreSQL cannot be used; the text is meant for the person who started Rollcall."""


class NoPostgresFound(EmbeddedDatabaseUnusable):
    """No PostgreSQL on this machine fits: none at all, too old, without the extensions, or of another major version."""


class DataUnusable(EmbeddedDatabaseUnusable):
    """The data directory holds something that is not ours to use."""


class Unreachable(EmbeddedDatabaseUnusable):
    """The account that runs PostgreSQL cannot reach a folder it needs."""


class CannotBecomeAnotherUser(EmbeddedDatabaseUnusable):
    """This process is root, PostgreSQL refuses to run as root, and changing to another user is forbidden here."""


class SocketDirectoryRefused(EmbeddedDatabaseUnusable):
    """Something that is not ours sits where the socket belongs; connecting there could reach a stranger's server."""


class CannotStart(EmbeddedDatabaseUnusable):
    """PostgreSQL's own programs failed; the text carries what they said."""
