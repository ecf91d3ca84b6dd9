"""Where the embedded database keeps what it needs: the data, beside it the log and the locks, and its socket."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from db.embedded import account as accounts
from db.embedded.account import Account
from db.embedded.errors import DataUnusable, SocketDirectoryRefused

VARIABLE = "ROLLCALL_DATA"
DEFAULT = ".rollcall/postgres"
SETTINGS = "rollcall.conf"
# Not the TMPDIR of one process: all have to meet there, and a socket's path has 100 bytes at most.
SOCKETS = Path("/tmp")
PORT = 5432  # only a part of the socket's name; nothing listens on a network
_IDENTIFIER_BYTES = 8


@dataclass(frozen=True, slots=True)
class Places:
    """The paths that belong to one data directory; everything but the socket lies beside it, with its name in front."""

    data: Path

    @property
    def log(self) -> Path:
        return self.data.with_name(f"{self.data.name}.log")

    @property
    def locks(self) -> Path:
        return self.data.with_name(f"{self.data.name}.locks")

    @property
    def unfinished(self) -> Path:
        """A data directory in the making; becomes `data` when it is complete."""
        return self.data.with_name(f"{self.data.name}.unfinished")

    @property
    def moved_to(self) -> Path:
        """A note that says where the data really is, for when PostgreSQL's account cannot come here."""
        return self.data.with_name(f"{self.data.name}.location")

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def major(self) -> int | None:
        """The major version of PostgreSQL that made the data; None when there is no data yet."""
        return int((self.data / "PG_VERSION").read_text().strip()) if self.exists else None

    @property
    def sockets(self) -> Path:
        """The folder of the socket, named after path and cluster: data made anew in the same place gets another one."""
        with (self.data / "global" / "pg_control").open("rb") as control:
            identifier = control.read(_IDENTIFIER_BYTES)  # PostgreSQL's "system identifier" comes first in this file
        return SOCKETS / f"rollcall-{hashlib.sha256(os.fsencode(self.data) + identifier).hexdigest()[:8]}"


def wanted(data_dir: Path | None) -> Places:
    """The data directory asked for, or that of ROLLCALL_DATA, or `.rollcall/postgres` under the current directory."""
    return Places((data_dir or Path(os.environ.get(VARIABLE) or DEFAULT)).expanduser().resolve())


def prepare(places: Places, account: Account) -> None:
    """Make the folders around the data, as far as they are missing, and the log.

    Raises DataUnusable when they cannot be made, or hold something else already.
    """
    if places.data.is_mount():
        # The log, the locks and the data in the making lie beside it, and belong on the same disk.
        raise DataUnusable(
            f"{places.data} is where a disk is mounted. Name a folder in it, such as {places.data}/postgres."
        )
    if places.data.exists() and any(places.data.iterdir()) and not (places.data / SETTINGS).exists():
        raise DataUnusable(f"{places.data} was not made by Rollcall. Choose another folder with {VARIABLE}.")
    try:
        make_parents(places.data)
        if not places.locks.is_dir():
            places.locks.mkdir(mode=0o700)
            accounts.give(places.locks, account)
        _make_log(places.log, account)
    except OSError as error:
        raise DataUnusable(
            f"{error.filename}: {error.strerror}. Run Rollcall as the user it belongs to, "
            f"or choose another folder with {VARIABLE}."
        ) from error


def make_parents(path: Path) -> None:
    """Make the missing folders above this path, passable for all when we are root; existing ones stay as they are."""
    missing = [folder for folder in path.parents if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        if accounts.is_root():
            folder.chmod(0o755)  # root's umask may be 077, and the server's account has to come through


def make_sockets(folder: Path, account: Account) -> None:
    """Make the socket's folder, for this account alone; raises SocketDirectoryRefused when something else is there."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    refuse_foreign(folder, account)
    accounts.give(folder, account)


def refuse_foreign(folder: Path, account: Account) -> None:
    """Raise SocketDirectoryRefused unless the folder, if it exists, is the account's alone.

    Whoever owned it could put a server of his own there, or lead us elsewhere.
    """
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (account.uid, os.geteuid()):
        raise SocketDirectoryRefused(f"{folder} is a link or belongs to another user. Remove it, then start again.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise SocketDirectoryRefused(f"{folder} is open to other users. Remove it, then start again.")


def _make_log(log: Path, account: Account) -> None:
    # O_NOFOLLOW: as root we must not write through a link somebody left in his own folder.
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        if accounts.is_root():
            os.fchown(descriptor, account.uid, account.gid)
    finally:
        os.close(descriptor)
