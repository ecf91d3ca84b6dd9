"""Serves what Rollcall is measured against, as `python -m api serve` serves the application."""

from __future__ import annotations

import argparse
import multiprocessing
import os
from collections.abc import Callable
from functools import partial
from typing import Any

from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from api.commands.server import collect_less

from . import by_hand, floor
from .floor import CONNECTIONS

_APPLICATIONS: dict[str, Callable[..., Callable[..., Any]]] = {
    "floor": floor.application,
    "by_hand": by_hand.application,
}


def _load(which: str) -> Callable[..., Any]:
    made = _APPLICATIONS[which]()
    collect_less()
    return made


def main() -> None:
    """Serve until told to end."""
    parser = argparse.ArgumentParser(prog="python -m bench.floor_server")
    parser.add_argument("which", choices=_APPLICATIONS)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    arguments = parser.parse_args()
    os.environ.setdefault(CONNECTIONS, "10")
    multiprocessing.set_start_method("spawn", force=True)
    Server(
        f"bench.{arguments.which}:application",
        address="127.0.0.1",
        port=arguments.port,
        interface=Interfaces.ASGI,
        workers=arguments.workers,
        loop=Loops.uvloop,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve(target_loader=partial(_load, arguments.which), wrap_loader=False)


if __name__ == "__main__":
    main()
