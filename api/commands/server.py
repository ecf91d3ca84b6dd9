"""The HTTP server: granian in processes that start afresh, and end when this one does, however it ends."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import threading

from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server
from litestar import Litestar

from api.app import app
from api.settings import Settings

from .errors import CommandError

DRAIN_SECONDS = 20
"""How long requests under way may take when the server ends; PostgreSQL ends statements after as much."""

_logger = logging.getLogger("rollcall.serve")

# granian's own messages go where ours go, in the same format.
_LOGGERS = {"_granian": {"handlers": [], "propagate": True}}


def must_be_free(host: str, port: int) -> None:
    """Raise CommandError when something listens there already.

    granian would not notice: it opens its port so that others may share it, and two servers would answer in turns.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in found:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError as error:
        raise CommandError(
            f"Cannot listen on {host}, port {port}: {error.strerror}. Perhaps Rollcall runs there already; "
            "another port can be chosen with ROLLCALL_PORT."
        ) from error


def run(chosen: Settings) -> None:
    """Serve until SIGTERM or SIGINT; raises SystemExit when a process fails again and again."""
    # Forked processes would hold the embedded PostgreSQL of a parent that was killed, and share its threads' locks.
    multiprocessing.set_start_method("spawn", force=True)
    _logger.info(
        "Serving at http://%s:%d with %d process%s; identity providers come to %s",
        chosen.host,
        chosen.port,
        chosen.workers,
        "" if chosen.workers == 1 else "es",
        chosen.scim_url,
    )
    Server(
        "api.app:app",
        address=chosen.host,
        port=chosen.port,
        interface=Interfaces.ASGI,
        workers=chosen.workers,
        loop=Loops.uvloop,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig={"formatters": {}, "handlers": {}, "loggers": _LOGGERS},
        respawn_failed_workers=True,
        workers_kill_timeout=DRAIN_SECONDS,
    ).serve(target_loader=application, wrap_loader=False)
    _logger.info("Stopped serving")


def application() -> Litestar:
    """The application, in a process of its own that ends with its parent."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_end_with, args=(parent,), daemon=True, name="end with parent").start()
    return app()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
