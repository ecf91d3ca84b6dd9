"""The receiver of docs/examples, as it stands there."""

from __future__ import annotations

import importlib.util
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

FILE = Path(__file__).parents[2] / "docs" / "examples" / "webhook_consumer.py"


def module() -> ModuleType:
    """The example, imported."""
    spec = importlib.util.spec_from_file_location("webhook_consumer", FILE)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


EXAMPLE = module()


@dataclass(frozen=True, slots=True)
class Application:
    """A host application with the example in it."""

    consumer: Any
    database: sqlite3.Connection
    confirmed: list[str]

    def begin_session(self, member: str, at: float) -> None:
        """Let somebody sign in."""
        with self.consumer.lock, self.database:
            self.database.execute("INSERT INTO session VALUES (?, ?, ?)", [f"{member} {at}", member, at])

    def sessions(self) -> list[str]:
        """Who is signed in."""
        return [row[0] for row in self._rows("SELECT member FROM session ORDER BY token")]

    def member(self, id: str) -> tuple[int, str | None] | None:
        """What is known of a member: sequence and state."""
        found = self._rows("SELECT sequence, state FROM member WHERE id = ?", id)
        return found[0] if found else None

    def messages(self) -> int:
        """How many messages were taken."""
        return int(self._rows("SELECT count(*) FROM message")[0][0])

    def _rows(self, statement: str, *args: object) -> list[Any]:
        with self.consumer.lock:
            return self.database.execute(statement, args).fetchall()


def application(*secrets: str, confirm: Callable[[str], None] | None = None) -> Application:
    """A host application that knows these secrets, with an empty database."""
    database = sqlite3.connect(":memory:", check_same_thread=False)
    confirmed: list[str] = []
    return Application(EXAMPLE.Consumer(database, secrets, confirm or confirmed.append), database, confirmed)


@contextmanager
def serving(one: Application) -> Iterator[str]:
    """Its URL, for the length of the block."""
    server = EXAMPLE.server(one.consumer, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
