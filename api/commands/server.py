"""The HTTP server: granian in processes that start afresh, and end when this one does, however it ends."""

from __future__ import annotations

import errno
import gc
import logging
import multiprocessing
import socket
from pkgutil import resolve_name

from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server
from litestar import Litestar

from api.metrics import counting
from api.settings import Settings

from . import children
from .errors import CommandError

DRAIN_SECONDS = 20
"""How long requests under way may take when the server ends; PostgreSQL ends statements after as much."""

APPLICATION = "dashboard.app:app"
"""What is served. Named, and not imported: the dashboard stands above the commands."""

_COLLECT_AFTER = 50_000
"""So many more objects made than gone before garbage is looked for."""

# Of the addresses behind a name, some may be none of this machine's.
_NOT_OURS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)

_logger = logging.getLogger("rollcall.serve")

# granian's own messages go where ours go, in the same format.
_LOGGERS = {"_granian": {"handlers": [], "propagate": True}}


def free_address(chosen: Settings) -> str:
    """The IP address to listen on; raises CommandError when something listens there already.

    granian takes no names, and would not notice others: it opens its port so that several may share it, and two servers
    would answer in turns.
    """
    problem: OSError | None = None
    for family, address in _resolved(chosen.host):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, chosen.port))
            return address
        except OSError as error:
            problem = error
            if error.errno not in _NOT_OURS:
                break
    raise CommandError(
        f"Cannot listen on {chosen.host}, port {chosen.port}: {problem.strerror if problem else 'no such host'}. "
        "Perhaps Rollcall runs there already; ROLLCALL_HOST and ROLLCALL_PORT choose another place."
    )


def run(chosen: Settings, address: str) -> None:
    """Serve until SIGTERM or SIGINT; raises SystemExit when a process fails again and again."""
    # Forked processes would hold the embedded PostgreSQL of a parent that was killed, and share its threads' locks.
    multiprocessing.set_start_method("spawn", force=True)
    processes = "one process" if chosen.workers == 1 else f"{chosen.workers} processes"
    _logger.info("Listening on %s, port %d, with %s", address, chosen.port, processes)
    _logger.info("Identity providers come to %s", chosen.scim_url)
    server = Server(
        APPLICATION,
        address=address,
        port=chosen.port,
        interface=Interfaces.ASGI,
        workers=chosen.workers,
        loop=Loops.uvloop,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig={"formatters": {}, "handlers": {}, "loggers": _LOGGERS},
        respawn_failed_workers=True,
        workers_kill_timeout=DRAIN_SECONDS,
    )
    with counting.together(chosen.metrics_token is not None):
        server.serve(target_loader=application, wrap_loader=False)
    _logger.info("Stopped serving")


def application() -> Litestar:
    """The application, in a process of its own that ends with its parent."""
    children.end_with_parent()
    made: Litestar = resolve_name(APPLICATION)()
    collect_less()
    return made


def collect_less() -> None:
    """Let Python look for garbage less often, and never in what is there now: that stays until the process ends.

    Nearly everything goes when the last reference to it does. Looking through all objects for the rest, each time
    that 700 came to be, took a third of the time of a large answer.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 100)


def _resolved(host: str) -> list[tuple[socket.AddressFamily, str]]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror:
        return []
    return [(family, str(address[0])) for family, _, _, _, address in found]
