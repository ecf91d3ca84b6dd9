"""The PostgreSQL that Rollcall runs for itself when DATABASE_URL names none.

    with embedded.start() as database:
        DB.use(database.url)

Every process that wants the database calls `start`: the first one starts the server, the others get the running one,
and the server stops when the last of them has stopped or died, in whatever way. Rooms, in the order of a start:

    binaries   which PostgreSQL is used          account   as whom it runs when we are root
    places     where data and socket lie         refuge    where they go when that account cannot come in
    cluster    makes the data directory          server    starts, joins, stops
    lifetime   locks and watchdog: who uses the server, and its end
"""

from __future__ import annotations

from db.embedded.errors import (
    CannotBecomeAnotherUser,
    CannotStart,
    DataUnusable,
    EmbeddedDatabaseUnusable,
    NoPostgresFound,
    SocketDirectoryRefused,
    Unreachable,
)
from db.embedded.server import Embedded, start

__all__ = [
    "CannotBecomeAnotherUser",
    "CannotStart",
    "DataUnusable",
    "Embedded",
    "EmbeddedDatabaseUnusable",
    "NoPostgresFound",
    "SocketDirectoryRefused",
    "Unreachable",
    "start",
]
