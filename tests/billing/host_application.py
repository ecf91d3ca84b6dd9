"""The host application of docs/examples, as it stands there, on loopback; what it is asked is kept."""

from __future__ import annotations

import importlib.util
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook

FILE = Path(__file__).parents[2] / "docs" / "examples" / "billing_host.py"


def _example() -> Any:
    spec = importlib.util.spec_from_file_location("billing_host", FILE)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


EXAMPLE = _example()


class Gone(BaseException):
    """The application ends just there."""


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def message(self) -> dict[str, Any]:
        """What it says."""
        return dict(json.loads(self.body))


@dataclass
class Application:
    """The example, what it was asked, and what goes wrong with the next requests.

    `troubles` close the connection without an answer, `before` that is done which is asked, or `after` it.
    """

    host: Any
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    together: threading.Barrier | None = None

    def share(self, *secrets: str) -> None:
        """Let it verify by these secrets only."""
        self.host.verifiers = [Webhook(secret) for secret in secrets]

    @property
    def acts(self) -> list[str]:
        """What it was asked, in order."""
        return [str(each.message["type"]) for each in self.asked]

    def purchases(self) -> list[tuple[str, int]]:
        """The state and the amount of purchases that it knows of, oldest first."""
        with self.host.lock:
            found = self.host.database.execute("SELECT state, amount_minor FROM purchase ORDER BY number")
            return list(found.fetchall())

    def receive(self, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        """What the server hands over."""
        self.asked.append(Asked(dict(headers), body))
        trouble = self.troubles.pop(0) if self.troubles else ""
        if self.together is not None:
            self.together.wait(10)
        if trouble == "before":
            raise Gone
        status, answer = self.host.receive(headers, body)
        if trouble == "after":
            raise Gone
        return status, answer


@contextmanager
def application() -> Iterator[Application]:
    """A host application for the length of the block; it knows no secret yet."""
    there = Application(EXAMPLE.Host(sqlite3.connect(":memory:", check_same_thread=False), []))
    server = EXAMPLE.server(there, 0)
    finish = server.finish_request

    def finish_request(*arguments: object) -> None:
        with suppress(Gone):
            finish(*arguments)

    server.finish_request = finish_request
    there.url = f"http://127.0.0.1:{server.server_address[1]}/billing"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
