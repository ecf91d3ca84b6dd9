"""Serves the floor as `python -m api serve` serves the application."""

from __future__ import annotations

import argparse
import multiprocessing
import os

from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from .floor import CONNECTIONS, application


def main() -> None:
    """Serve until told to end."""
    parser = argparse.ArgumentParser(prog="python -m bench.floor_server")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    arguments = parser.parse_args()
    os.environ.setdefault(CONNECTIONS, "10")
    multiprocessing.set_start_method("spawn", force=True)
    Server(
        "bench.floor:application",
        address="127.0.0.1",
        port=arguments.port,
        interface=Interfaces.ASGI,
        workers=arguments.workers,
        loop=Loops.uvloop,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve(target_loader=application, wrap_loader=False)


if __name__ == "__main__":
    main()
