"""The account PostgreSQL runs as: our own, or an unprivileged one when we are root, whom PostgreSQL refuses."""

from __future__ import annotations

import errno
import os
import pwd
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from db.embedded.errors import CannotBecomeAnotherUser, DataUnusable

UNPRIVILEGED = ("postgres", "_postgres", "nobody")

# PG* would steer PostgreSQL's programs to another server, and secrets of ours are none of its business.
_KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine."""

    name: str
    uid: int
    gid: int


def of(data: Path) -> Account:
    """Who runs the server for this data directory: as root its owner or an unprivileged user, else ourselves.

    Raises DataUnusable when the data belongs to somebody we cannot act for.
    """
    if not is_root():
        if data.exists() and data.stat().st_uid != os.geteuid():
            raise DataUnusable(f"{data} is another user's. Run Rollcall as that user, or choose another folder.")
        return _by_id(os.geteuid())
    if not (data / "PG_VERSION").exists():
        return _unprivileged()
    owner = data.stat().st_uid
    if owner == 0:
        raise DataUnusable(f"{data} belongs to root, whom PostgreSQL refuses. Give it to another user (chown -R).")
    return _by_id(owner)


def is_root() -> bool:
    """Whether this process may, and has to, become somebody else to run PostgreSQL."""
    return os.geteuid() == 0


def run(account: Account, command: Sequence[str], *, pass_fds: Iterable[int] = ()) -> subprocess.CompletedProcess[str]:
    """Run a program to its end as this account, in a session of its own; all it says is in `stdout`.

    Raises CannotBecomeAnotherUser, and PermissionError when the account cannot reach the program.
    """
    try:
        return subprocess.run(
            command,
            cwd="/",
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            umask=0o077,
            start_new_session=True,  # Ctrl-C in a terminal goes to all of a session
            pass_fds=tuple(pass_fds),
            user=account.uid if is_root() else None,
            group=account.gid if is_root() else None,
            extra_groups=[] if is_root() else None,
        )
    except OSError as error:
        if is_root() and error.errno in (errno.EPERM, errno.EINVAL):
            raise CannotBecomeAnotherUser(
                f"PostgreSQL refuses to run as root, and this process may not become {account.name}. "
                "Run Rollcall as an ordinary user, or set DATABASE_URL."
            ) from error
        raise


def may_enter(account: Account, folder: Path) -> bool:
    """Whether the account can work in this folder, asked of the kernel because of ACLs and the like."""
    return not is_root() or run(account, ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]).returncode == 0


def give(path: Path, account: Account) -> None:
    """Make the account the owner of something we just made; nothing to do unless we are root."""
    if is_root():
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def environment() -> dict[str, str]:
    """The few variables that PostgreSQL's programs get."""
    return {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ} | {"LC_ALL": "C"}


def _unprivileged() -> Account:
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise CannotBecomeAnotherUser(
        "PostgreSQL refuses to run as root, and this machine has neither a user postgres nor nobody. "
        "Run Rollcall as an ordinary user, or set DATABASE_URL."
    )


def _by_id(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(str(uid), uid, os.getegid())
    return Account(entry.pw_name, uid, entry.pw_gid)
