"""Starting the embedded server, joining one that runs, and leaving it."""

from __future__ import annotations

import atexit
import logging
import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from db.embedded import account as accounts
from db.embedded import binaries as programs
from db.embedded import cluster, databases, lifetime, refuge
from db.embedded import places as at
from db.embedded.account import Account
from db.embedded.binaries import Binaries
from db.embedded.errors import CannotStart
from db.embedded.places import Places

DATABASE = "rollcall"
RECOVERY_SECONDS = 300.0  # after a crash, PostgreSQL first replays up to a gigabyte of its log
UNREACHABLE_SECONDS = 10.0  # for a server that has no socket here, or that is ready and yet gives no answer
_LOG = logging.getLogger("rollcall.database")

# The shell starts the server and ends, so that the server is nobody's child and nobody has to wait for it.
_LAUNCH = '"$0" -D "$1" >>"$2" 2>&1 &'


class Embedded:
    """A running PostgreSQL that this process uses; keeps running until `stop`, or until the process ends."""

    def __init__(self, places: Places, binaries: Binaries, account: Account, membership: int) -> None:
        self.data = places.data
        self.log = places.log
        self.sockets = places.sockets
        self._locks = places.locks
        self._binaries = binaries
        self._account = account
        self._membership: int | None = membership
        atexit.register(self.stop)

    @property
    def url(self) -> str:
        """The DSN of Rollcall's database, for asyncpg and Piccolo."""
        return databases.url(self.sockets, DATABASE)

    def create_database(self, name: str) -> str:
        """Make one more database, as tests want it, unless it is there; its DSN."""
        databases.ensure(self.sockets, name)
        return databases.url(self.sockets, quote(name, safe=""))

    def describe(self) -> str:
        """One sentence for people: which PostgreSQL this is and where its data lies."""
        return f"Embedded {self._binaries}, run by {self._account.name}, data in {self.data}, log in {self.log}."

    def stop(self) -> None:
        """Leave the server; it stops, before this returns, unless another process uses it."""
        membership, self._membership = self._membership, None
        if membership is None:
            return
        atexit.unregister(self.stop)
        if not self._locks.exists():
            os.close(membership)
            _LOG.warning("The data of the embedded PostgreSQL was deleted while it ran: %s", self.data)
            return
        with lifetime.alone(self._locks, "start"):
            os.close(membership)
            if lifetime.has_users(self._locks):
                return
            if lifetime.stop_server(self.data, self._locks, self.sockets):
                _LOG.info("Stopped the embedded PostgreSQL, data in %s", self.data)
            else:
                _LOG.error("The embedded PostgreSQL does not stop, see %s", self.log)

    def __enter__(self) -> Embedded:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def start(data_dir: Path | None = None) -> Embedded:
    """Start the server for this data directory, or join the one that runs; made anew when there is none.

    Call it once per program, in the process that outlives its workers, and hand them the `url`. Nothing needs to catch
    SIGTERM for it: however the last user ends, the watchdog stops the server. Raises EmbeddedDatabaseUnusable.
    """
    places = refuge.settle(at.wanted(data_dir))
    account = accounts.of(places.data)
    at.prepare(places, account)
    with lifetime.alone(places.locks, "start"):
        others = lifetime.is_held(places.locks, "users")
        membership = lifetime.join(places.locks)
        try:
            binaries = programs.choose(places.major)
            if places.exists and _joined(places, account, others=others):
                _guard(places)
            else:
                binaries = _started(places, account, binaries)
            databases.ensure(places.sockets, DATABASE)
        except BaseException:
            os.close(membership)  # and the watchdog stops what runs, if anything
            raise
        return Embedded(places, binaries, account, membership)


def _joined(places: Places, account: Account, *, others: bool) -> bool:
    """Whether a server runs and answers; one that cannot be reached and that no others use is stopped."""
    at.refuse_foreign(places.sockets, account)
    if not lifetime.is_running(places.data, places.locks):
        return False
    if _answers(places):
        _LOG.info("Using the embedded PostgreSQL that runs already, data in %s", places.data)
        return True
    if not lifetime.is_running(places.data, places.locks):
        return False
    if not others and lifetime.stop_server(places.data, places.locks, places.sockets):
        return False
    raise CannotStart(
        f"A PostgreSQL for {places.data} runs, but does not answer in {places.sockets}: perhaps it is in another "
        "container, or in a service with a /tmp of its own. Run this command there, or stop that one first."
    )


def _answers(places: Places) -> bool:
    """Wait for the server to answer; False when it ended, or when it cannot be reached from here."""
    sockets = places.sockets
    hopeful = time.monotonic()
    deadline = hopeful + RECOVERY_SECONDS
    while time.monotonic() < deadline and lifetime.is_running(places.data, places.locks):
        ready = lifetime.is_ready(places.data)
        if ready and databases.answering(sockets) == places.data:
            return True
        # The socket is there before a recovery begins, and "ready" is said when it has ended.
        if not ready and (sockets / f".s.PGSQL.{at.PORT}").exists():
            hopeful = time.monotonic()
        elif time.monotonic() - hopeful > UNREACHABLE_SECONDS:
            return False
        time.sleep(0.01)
    return False


def _started(places: Places, account: Account, binaries: Binaries) -> Binaries:
    """Start the server, and return what it is made of: these programs, or a copy that its account can reach."""
    began = time.monotonic()
    reachable = refuge.reachable(binaries, account)
    if not places.exists:
        cluster.make(places, reachable, account)
    _clear_away(places, account)
    at.make_sockets(places.sockets, account)
    cluster.configure(places, account)
    lifetime.trim(places.log)
    _guard(places)
    _launch(places, account, reachable)
    _LOG.info("Started an embedded %s in %.1f s, data in %s", reachable, time.monotonic() - began, places.data)
    return reachable


def _clear_away(places: Places, account: Account) -> None:
    """Remove what a dead server left, which PostgreSQL would believe if the process ids in it are in use again.

    Safe because no process of that server lives: `server` is free, and PostgreSQL checks its shared memory as well.
    """
    at.refuse_foreign(places.sockets, account)
    lifetime.remove_sockets(places.sockets)
    (places.data / "postmaster.pid").unlink(missing_ok=True)


def _launch(places: Places, account: Account, binaries: Binaries) -> None:
    held = lifetime.try_lock(places.locks, "server")
    if held is None:
        raise CannotStart(f"Processes of an earlier PostgreSQL for {places.data} are still running.")
    command = ["/bin/sh", "-c", _LAUNCH, binaries.program("postgres"), str(places.data), str(places.log)]
    try:
        # Inherited by every process of the server, and so held exactly as long as one of them lives.
        done = accounts.run(account, command, pass_fds=[held])
    finally:
        os.close(held)
    if not _answers(places):
        raise CannotStart(f"PostgreSQL did not start. {done.stdout.strip()}\n{_end_of(places.log)}".strip())


def _guard(places: Places) -> None:
    """See to it that a watchdog lives; it waits for the locks alone, so one serves any number of users."""
    held = lifetime.try_lock(places.locks, "watchdog")
    if held is None:
        return
    where = [str(path) for path in (places.data, places.locks, places.sockets, places.log)]
    try:
        subprocess.run(
            [sys.executable, "-I", "-S", lifetime.__file__, *where, str(held)],
            cwd="/",
            env=accounts.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[held],
            check=True,
        )
    finally:
        os.close(held)


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-10:])
