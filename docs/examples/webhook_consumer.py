"""A receiver of Rollcall's webhooks, to be made part of your application. It needs `pip install standardwebhooks`.

    export ROLLCALL_URL=https://rollcall.example.com  # where Rollcall is
    export ROLLCALL_TOKEN=rc_api_…                    # an API token with members.manage, for confirmations
    export ROLLCALL_WEBHOOK_SECRET=whsec_…            # what `webhooks create` showed; several with spaces between
    python webhook_consumer.py

What it shows, and what yours has to do as well:

- **Verify** the signature over the bytes as they came, and the time, before anything else.
- **Know a message again** by its id: it comes again when an answer was lost, or when somebody replays it.
- **Ignore what is older**: messages may overtake each other. Each tells the whole state of a member, with a sequence.
- **End sessions** that began before access was revoked, also when that message comes late; then confirm it.
- **Answer soon**, with 2xx when it was taken: whatever is not answered within 15 seconds is sent again.
"""

from __future__ import annotations

import json
import os
import sqlite3
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

TABLES = """
CREATE TABLE IF NOT EXISTS message (id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS member (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, state TEXT);
CREATE TABLE IF NOT EXISTS session (token TEXT PRIMARY KEY, member TEXT NOT NULL, began_at REAL NOT NULL);
"""
CONFIRM = """mutation ($ids: [ID!]!) { accessRevocationConfirm(ids: $ids) { userErrors { message } } }"""


class Consumer:
    """Takes messages into a database. Everything that it does may be done twice, in case it is stopped halfway."""

    def __init__(self, database: sqlite3.Connection, secrets: Sequence[str], confirm: Callable[[str], None]) -> None:
        self.database, self.confirm = database, confirm
        self.verifiers = [Webhook(secret) for secret in secrets]
        self.lock = Lock()
        database.executescript(TABLES)

    def receive(self, headers: Mapping[str, str], body: bytes) -> int:
        """The status to answer a message with. What raises is answered 500, and sent again."""
        event = self._verified(headers, body)
        if event is None:
            return 401
        with self.lock, self.database:
            if self._is_known(headers["webhook-id"]):
                return 204
            self._take(event)
        if event["type"] == "member.access_revoked":
            self.confirm(event["data"]["revocationId"])
        with self.lock, self.database:
            self.database.execute("INSERT INTO message (id) VALUES (?) ON CONFLICT DO NOTHING", [headers["webhook-id"]])
        return 204

    def _verified(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any] | None:
        """What a message says, if one of the secrets signed it within five minutes; None for anybody else's."""
        for verifier in self.verifiers:
            try:
                return dict(verifier.verify(body, dict(headers)))
            except WebhookVerificationError:
                continue
        return None

    def _is_known(self, id: str) -> bool:
        return self.database.execute("SELECT 1 FROM message WHERE id = ?", [id]).fetchone() is not None

    def _take(self, event: dict[str, Any]) -> None:
        data = event["data"]
        if "member" in data:
            self._update(data["memberId"], data["sequence"], data["member"])
        if event["type"] in ("member.access_revoked", "member.erased"):
            self._end_sessions(data["memberId"], event["timestamp"])

    def _update(self, member: str, sequence: int, state: dict[str, Any] | None) -> None:
        """Keep how a member is, unless something newer is known; nothing but the id of whoever was erased."""
        self.database.execute(
            """INSERT INTO member (id, sequence, state) VALUES (?, ?, ?)
               ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, state = excluded.state
               WHERE excluded.sequence >= member.sequence""",
            [member, sequence, json.dumps(state) if state else None],
        )

    def _end_sessions(self, member: str, before: str) -> None:
        """End what began before access ended. It may have been given back meanwhile: what began later stays."""
        ended = datetime.fromisoformat(before).timestamp()
        self.database.execute("DELETE FROM session WHERE member = ? AND began_at <= ?", [member, ended])


def confirming(url: str, token: str) -> Callable[[str], None]:
    """Tells Rollcall that sessions and tokens have ended."""

    def confirm(revocation: str) -> None:
        asked = json.dumps({"query": CONFIRM, "variables": {"ids": [revocation]}}).encode()
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(f"{url}/graphql", asked, headers), timeout=10) as answer:
            told = json.load(answer)
        errors = told.get("errors") or told["data"]["accessRevocationConfirm"]["userErrors"]
        if errors:
            raise RuntimeError(errors[0]["message"])

    return confirm


def server(consumer: Consumer, port: int) -> ThreadingHTTPServer:
    """An HTTP server that hands every POST to a consumer."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            try:
                status = consumer.receive({name.lower(): value for name, value in self.headers.items()}, body)
            except Exception as error:
                self.log_error("%r", error)
                status = 500
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


if __name__ == "__main__":
    kept = sqlite3.connect("webhooks.sqlite", check_same_thread=False)
    confirm = confirming(os.environ["ROLLCALL_URL"], os.environ["ROLLCALL_TOKEN"])
    server(Consumer(kept, os.environ["ROLLCALL_WEBHOOK_SECRET"].split(), confirm), 8080).serve_forever()
