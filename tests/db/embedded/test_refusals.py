"""When a start is refused, and with which words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from db import embedded
from db.embedded import binaries as programs
from db.embedded import places as at
from db.embedded.account import Account
from db.embedded.places import Places


def test_a_folder_with_other_things_in_it_is_left_alone(home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "thesis.txt").write_text("mine")
    with pytest.raises(embedded.DataUnusable, match="was not made by Rollcall"):
        embedded.start(home / "postgres")
    assert os.listdir(home / "postgres") == ["thesis.txt"]


def test_the_place_where_a_disk_is_mounted_is_refused_with_a_better_one() -> None:
    with pytest.raises(embedded.DataUnusable, match="Name a folder in it"):
        at.prepare(Places(Path("/")), Account("somebody", 4711, 4711))


def test_data_of_a_version_that_is_not_here_is_refused_with_what_was_found(own_data: Path) -> None:
    (own_data / "PG_VERSION").write_text("99\n")
    with pytest.raises(embedded.NoPostgresFound, match=r"PostgreSQL 99, which made this data.*Found: .*PostgreSQL 18"):
        embedded.start(own_data)


def test_a_named_folder_without_postgres_is_refused_by_its_variable(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(programs.VARIABLE, str(home))
    with pytest.raises(embedded.NoPostgresFound, match=f"{programs.VARIABLE}.*{home}: has no postgres"):
        embedded.start(home / "postgres")


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("postgres (PostgreSQL) 14.9", "older than 15"),
        ("postgres (PostgreSQL) 19beta1", "without the extension btree_gin"),
        ("Segmentation fault", "does not run here"),
    ],
)
def test_an_unfit_postgres_is_listed_with_its_fault(home: Path, answer: str, fault: str) -> None:
    for name in programs.PROGRAMS:
        (home / name).write_text(f"#!/bin/sh\necho '{answer}'\n")
        (home / name).chmod(0o755)
    assert fault in str(programs.examine(home, "machine").fault)


def test_a_socket_folder_that_is_a_link_is_refused_and_nothing_behind_it_touched(data: Path, home: Path) -> None:
    elsewhere = home / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (elsewhere / ".s.PGSQL.5432").touch()
    sockets = Places(data).sockets
    sockets.symlink_to(elsewhere)
    try:
        with pytest.raises(embedded.SocketDirectoryRefused, match=f"{sockets} is a link"):
            embedded.start(data)
        assert (elsewhere / ".s.PGSQL.5432").exists()
    finally:
        sockets.unlink()


def test_a_socket_folder_of_another_user_or_open_to_others_is_refused(home: Path) -> None:
    somebody = Account("somebody", 4711, 4711)
    ourselves = Account("ourselves", os.geteuid(), os.getegid())
    foreign = Path("/usr") if os.geteuid() else _given_away(home / "foreign", somebody)
    with pytest.raises(embedded.SocketDirectoryRefused, match="another user"):
        at.make_sockets(foreign, ourselves)
    (home / "open").mkdir(mode=0o755)
    with pytest.raises(embedded.SocketDirectoryRefused, match="open to other users"):
        at.make_sockets(home / "open", ourselves)


def _given_away(folder: Path, account: Account) -> Path:
    folder.mkdir(mode=0o700)
    os.chown(folder, account.uid, account.gid)
    return folder
