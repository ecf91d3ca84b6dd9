"""As whom PostgreSQL runs: never as root, and always as somebody who can reach data and programs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import embedded
from db.embedded import binaries as programs
from db.embedded import lifetime, refuge
from db.embedded.places import Places
from tests.db.embedded.conftest import AS_ROOT, ROOT, begin, has_ended, url_of
from tests.db.embedded.test_start import ask

NOBODY = 65534

USE_ONCE = """
import os, sys
from pathlib import Path
from db import embedded
assert os.geteuid() != 0
try:
    with embedded.start(Path(sys.argv[1])) as database:
        print(database.describe(), flush=True)
except embedded.EmbeddedDatabaseUnusable as error:
    print(type(error).__name__, error)
"""


def as_ordinary_user(script: str, *arguments: str) -> list[str]:
    """A command that runs this script as somebody other than root."""
    command = [sys.executable, "-c", script, *arguments]
    if not AS_ROOT:
        return command
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    try:
        subprocess.run([sys.executable, "-c", "import asyncpg"], cwd=ROOT, user=NOBODY, group=NOBODY, check=True)
    except PermissionError:
        # This Python lies in a closed folder, such as /root: let the user pass through, and nothing more.
        become += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return [*become, *command]


@pytest.fixture
def users_home(home: Path) -> Path:
    """A folder in which an ordinary user may write."""
    folder = home / "user"
    folder.mkdir()
    if AS_ROOT:
        os.chown(folder, NOBODY, NOBODY)
    return folder


def test_the_server_is_nobodys_but_an_unprivileged_users(data: Path) -> None:
    with embedded.start(data):
        process = lifetime.postmaster(data)
        owner = os.stat(f"/proc/{process}").st_uid if os.path.exists("/proc") else data.stat().st_uid
        assert owner == (data.stat().st_uid if AS_ROOT else os.geteuid())
        assert owner != 0


def test_an_ordinary_user_gets_a_server_of_its_own(users_home: Path) -> None:
    done = begin(as_ordinary_user(USE_ONCE, str(users_home / ".rollcall/postgres")))
    said, _ = done.communicate()
    assert done.returncode == 0
    assert said.startswith("Embedded PostgreSQL")
    assert (users_home / ".rollcall/postgres").stat().st_uid == users_home.stat().st_uid
    assert has_ended(users_home / ".rollcall/postgres")


def test_data_of_another_user_is_refused_to_an_ordinary_one() -> None:
    said, _ = begin(as_ordinary_user(USE_ONCE, "/usr")).communicate()
    assert said.startswith("DataUnusable /usr is another user's.")


def test_what_is_not_ours_to_write_is_refused_in_words(home: Path) -> None:
    home.chmod(0o555 if not AS_ROOT else 0o755)
    said, _ = begin(as_ordinary_user(USE_ONCE, str(home / ".rollcall/postgres"))).communicate()
    home.chmod(0o755)
    assert said.startswith("DataUnusable")
    assert f"{home}/.rollcall: Permission denied" in said


if AS_ROOT:

    def test_root_runs_an_ordinary_users_data_as_that_user_and_locks_nobody_out(users_home: Path) -> None:
        data = users_home / "postgres"
        command = as_ordinary_user(USE_ONCE, str(data))
        begin(command).communicate()
        shutil.rmtree(Places(data).locks)  # so that root makes them, as for data copied from elsewhere
        with embedded.start(data) as database:
            assert ask(database.url, "SELECT 1") == 1
            assert os.stat(f"/proc/{lifetime.postmaster(data)}").st_uid == NOBODY
        said, _ = begin(command).communicate()
        assert said.startswith("Embedded PostgreSQL")

    def test_root_and_the_ordinary_user_share_one_server(users_home: Path) -> None:
        script = USE_ONCE.replace("flush=True)", "flush=True); sys.stdin.read()")
        user = begin(as_ordinary_user(script, str(users_home / "postgres")))
        assert url_of(user).startswith("Embedded")
        with embedded.start(users_home / "postgres") as database:
            user.communicate()
            assert ask(database.url, "SELECT 1") == 1

    def test_a_socket_folder_of_another_user_is_refused(data: Path) -> None:
        sockets = Places(data).sockets
        sockets.mkdir(mode=0o700)
        os.chown(sockets, 4711, 4711)
        try:
            with pytest.raises(embedded.SocketDirectoryRefused, match="belongs to another user"):
                embedded.start(data)
        finally:
            sockets.rmdir()

    @pytest.fixture
    def closed(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        """A folder that only root can enter, as /root is; the refuge is not far."""
        monkeypatch.setattr(refuge, "REFUGE", home / "refuge")
        folder = home / "closed"
        folder.mkdir(mode=0o700)
        yield folder
        assert folder.stat().st_mode & 0o777 == 0o700, "a folder that is not ours was opened"

    def test_data_wanted_in_a_closed_folder_goes_to_the_refuge_and_is_found_there_again(
        closed: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        wanted = closed / "project/.rollcall/postgres"
        with embedded.start(wanted) as database:
            assert database.data.is_relative_to(refuge.REFUGE)
            assert str(database.data) in caplog.text
            ask(database.url, "CREATE TABLE kept AS SELECT 7 AS number")
        (closed / "project").rename(closed / "renamed")
        with embedded.start(closed / "renamed/.rollcall/postgres") as database:
            assert ask(database.url, "SELECT number FROM kept") == 7

    def test_a_note_that_leads_out_of_the_refuge_is_not_followed(closed: Path, home: Path) -> None:
        wanted = Places(closed / "postgres")
        wanted.moved_to.write_text(f"{home / 'elsewhere'}\n")
        assert refuge.settle(wanted).data.is_relative_to(refuge.REFUGE)

    def test_a_wheel_in_a_closed_folder_is_copied_and_never_imported(
        closed: Path, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        package = programs._folder_of_the_wheel()
        assert package is not None
        _install(package.parents[1], closed)
        _hide_the_machines_own(monkeypatch)
        monkeypatch.syspath_prepend(closed)
        with embedded.start(home / "postgres") as database:
            assert str(refuge.REFUGE / "binaries") in database.describe()
            ask(database.url, "CREATE EXTENSION pg_trgm")
        assert [one.name for one in (refuge.REFUGE / "binaries").iterdir() if "." in one.suffix[:1]] != []

    def test_programs_of_ones_own_in_a_closed_folder_are_refused(
        closed: Path, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (closed / "bin").symlink_to(programs.choose().folder)
        monkeypatch.setenv(programs.VARIABLE, str(closed / "bin"))
        with pytest.raises(embedded.Unreachable, match="cannot run the programs"):
            embedded.start(home / "postgres")

    def _install(package: Path, site: Path) -> None:
        """The wheel once more, where nobody but root can come, and with a start-up code that must not run."""
        for part in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, site / part.name, ignore=shutil.ignore_patterns("*.py", "include"))
        (site / package.name / "__init__.py").write_text("raise AssertionError('imported')\n")
        subprocess.run(["chmod", "-R", "go=", site], check=True)  # as installed with umask 077

    def _hide_the_machines_own(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(programs, "PLACES", ())
        monkeypatch.setattr(shutil, "which", lambda _: None)
