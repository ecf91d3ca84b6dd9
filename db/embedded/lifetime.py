"""How long the embedded server lives: who uses it, whether it runs, and stopping it when nobody uses it any more.

Four lock files lie beside the data, all held with flock, which the kernel gives back however a process ends:

    start     by whoever starts or stops the server, while doing so
    users     shared, by every process that uses the server
    server    by every process of PostgreSQL, inherited: when it is free, none is left, whatever postmaster.pid says
    watchdog  by the watchdog, which waits for `users` to become free and then stops the server

This file is also the watchdog's program. It runs alone, without the virtual environment, to be small and quick to
start; so it imports nothing of ours.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT  # what `pg_ctl stop -m fast` and `-m immediate` send
FAST_SECONDS, IMMEDIATE_SECONDS = 60.0, 20.0
LOG_BYTES = 10_000_000
LOG_CHECK_SECONDS = 60.0
_WATCHDOG_BLINK_SECONDS = 0.2


def open_lock(locks: Path, name: str) -> int:
    """A descriptor of a lock file, not locked yet; the file is the folder's owner's, so that root locks out nobody."""
    descriptor = os.open(locks / name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    if os.geteuid() == 0:
        owner = locks.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


def try_lock(locks: Path, name: str) -> int | None:
    """A descriptor that holds the lock alone until it is closed; None when somebody else holds it."""
    descriptor = open_lock(locks, name)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


@contextmanager
def alone(locks: Path, name: str) -> Iterator[None]:
    """Hold the lock for the length of the block, after waiting for it."""
    descriptor = open_lock(locks, name)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def join(locks: Path) -> int:
    """Become a user of the server until the descriptor is closed, in this process and in what it forked."""
    descriptor = open_lock(locks, "users")
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def is_held(locks: Path, name: str) -> bool:
    """Whether anybody holds this lock."""
    descriptor = try_lock(locks, name)
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is None


def has_users(locks: Path) -> bool:
    """Whether anybody uses the server."""
    # Waking up, the watchdog holds the lock for a moment, and that is no use.
    return not wait_until(lambda: not is_held(locks, "users"), _WATCHDOG_BLINK_SECONDS)


def is_running(data: Path, locks: Path) -> bool:
    """Whether any process of this data directory's server lives, also one that was started by hand."""
    return is_held(locks, "server") or postmaster(data) is not None


def postmaster(data: Path) -> int | None:
    """The id of the server's main process, by postmaster.pid and after a look at that process.

    After a crash or a restart of the machine the file can name a process that has nothing to do with PostgreSQL.
    """
    try:
        process = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    arguments = _arguments(process)
    is_postgres = bool(arguments) and os.path.basename(arguments[0]) in ("postgres", "postmaster")
    return process if is_postgres and (str(data) in arguments or _works_in(process, data)) else None


def is_ready(data: Path) -> bool:
    """Whether the server has written into postmaster.pid that it accepts connections."""
    try:
        return (data / "postmaster.pid").read_text().rstrip().endswith("\nready")
    except FileNotFoundError:
        return False


def stop_server(data: Path, locks: Path, sockets: Path) -> bool:
    """Stop the server, if it runs, and wait until its last process is gone; False when it is stuck. Hold `start`."""
    for how, seconds in ((FAST, FAST_SECONDS), (IMMEDIATE, IMMEDIATE_SECONDS)):
        process = postmaster(data)
        if process is not None:
            with suppress(ProcessLookupError):
                os.kill(process, how)
        if wait_until(lambda: not is_running(data, locks), seconds):
            remove_sockets(sockets)
            return True
    return False


def remove_sockets(sockets: Path) -> None:
    """Clear away a server's socket folder and what it left there; PostgreSQL would believe a stale lock file."""
    with suppress(FileNotFoundError, NotADirectoryError):
        for left in sockets.glob(".s.PGSQL.*"):
            left.unlink()
        sockets.rmdir()


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    """Wait for something to become true; False when it did not in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def trim(log: Path) -> None:
    """Keep the log from growing forever: past its size, the content goes to `….log.1` and the log begins anew."""
    with suppress(OSError):  # a full disk must not end the watchdog
        if log.stat().st_size > LOG_BYTES:
            kept = log.with_name(f"{log.name}.1")
            kept.unlink(missing_ok=True)
            shutil.copy2(log, kept, follow_symlinks=False)
            os.truncate(log, 0)


def watch(data: Path, locks: Path, sockets: Path, own: int) -> None:
    """Stop the server as soon as nobody uses it; `own` is the descriptor holding `watchdog`."""
    while True:
        with alone(locks, "users"):
            pass
        with alone(locks, "start"):
            if _in_charge(locks, own):
                if has_users(locks):
                    continue
                stop_server(data, locks, sockets)
            os.close(own)  # while `start` is held: whoever starts next must not count on us
            return


def _in_charge(locks: Path, own: int) -> bool:
    """Whether the locks are still the ones we guard; if the data was deleted and made anew, its server is not ours."""
    try:
        return os.path.samestat(os.fstat(own), (locks / "watchdog").stat())
    except FileNotFoundError:
        return False


def _arguments(process: int) -> list[str]:
    """The command line of a process; empty when there is none, also for one that died and was not waited for."""
    try:
        return Path(f"/proc/{process}/cmdline").read_text(errors="replace").rstrip("\0").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        if os.path.exists("/proc/self/cmdline"):
            return []
    shown = subprocess.run(
        ["/bin/ps", "-ww", "-o", "args=", "-p", str(process)], capture_output=True, text=True, check=False
    ).stdout.strip()
    program, _, data = shown.partition(" -D ")
    return [program, data] if shown else []


def _works_in(process: int, data: Path) -> bool:
    """Whether the process works in this data directory, as the server does; only known on Linux, if at all."""
    try:
        return os.path.samefile(f"/proc/{process}/cwd", data)
    except OSError:
        return False


def main() -> None:
    """The watchdog's life: `lifetime.py DATA LOCKS SOCKETS LOG DESCRIPTOR`."""
    data, locks, sockets, log = (Path(argument) for argument in sys.argv[1:5])
    if os.fork():
        os._exit(0)  # so that it is nobody's child and nobody has to wait for it
    # It ends when its work is done, also when all processes of a service are told to end.
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, lambda *_: trim(log))
    signal.setitimer(signal.ITIMER_REAL, LOG_CHECK_SECONDS, LOG_CHECK_SECONDS)
    with suppress(FileNotFoundError):  # the folder of the locks was deleted: nothing left to guard
        watch(data, locks, sockets, own=int(sys.argv[5]))


if __name__ == "__main__":
    main()
