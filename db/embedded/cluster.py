"""Making the data directory, and the settings of the server that works on it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from db.embedded import account as accounts
from db.embedded.account import Account
from db.embedded.binaries import Binaries
from db.embedded.errors import CannotStart
from db.embedded.places import PORT, SETTINGS, Places

SUPERUSER = "rollcall"

# What text is made of (for lower() and pg_trgm) comes from one of these, named differently from system to system.
_CHARACTER_TYPES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8", "C")
_BUILTIN_LOCALE_SINCE = 17

_SETTINGS = """\
# Written by Rollcall at each start. Put your own settings at the end of postgresql.conf.
listen_addresses = ''
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off
synchronous_commit = on
fsync = on
full_page_writes = on
wal_compression = on
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
logging_collector = off
log_checkpoints = off
# Errors of statements reach Rollcall, which reports them; here they would only repeat people's data.
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
"""


def make(places: Places, binaries: Binaries, account: Account) -> None:
    """Make the data directory. It appears complete or not at all, so an interrupted start leaves nothing half-made.

    Raises CannotStart with what initdb said.
    """
    unfinished = places.unfinished
    for character_type in _CHARACTER_TYPES:
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700)
        accounts.give(unfinished, account)
        done = accounts.run(account, _initdb(binaries, unfinished, character_type))
        if done.returncode == 0:
            break
    else:
        shutil.rmtree(unfinished)
        raise CannotStart(f"{binaries.program('initdb')} failed:\n{done.stdout.strip()}")
    with (unfinished / "postgresql.conf").open("a") as settings:
        settings.write(f"\ninclude '{SETTINGS}'\n# Settings below this line win over Rollcall's.\n")
    (unfinished / SETTINGS).touch(mode=0o600)
    unfinished.rename(places.data)
    _sync(places.data.parent)


def configure(places: Places, account: Account) -> None:
    """Write the settings of this version of Rollcall, so that data made by an older one gets them too."""
    target = places.data / SETTINGS
    unfinished = places.data / f"{SETTINGS}.unfinished"
    unfinished.unlink(missing_ok=True)
    # The folder is the account's: as root, write only what we make ourselves, never through a link.
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as settings:
        settings.write(_SETTINGS.format(port=PORT, sockets=places.sockets))
    accounts.give(unfinished, account)
    unfinished.replace(target)


def _initdb(binaries: Binaries, folder: Path, character_type: str) -> list[str]:
    """Order is bytewise in every version and on every system; `builtin` also frees it from the system's C library."""
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [
        binaries.program("initdb"),
        f"--pgdata={folder}",
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        *(builtin if binaries.major >= _BUILTIN_LOCALE_SINCE else []),
        "--locale=C",
        f"--lc-ctype={character_type}",
        "--auth-local=trust",  # the socket's folder lets in only the account itself
        "--auth-host=reject",
        "--data-checksums",
        "--no-instructions",
    ]


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
