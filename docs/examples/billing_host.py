"""A host application that charges for seats, to be made part of yours. It needs `pip install standardwebhooks`.

    export ROLLCALL_BILLING_SECRET=whsec_…  # what `billing host` showed; several with spaces between
    python billing_host.py

What it shows, and what yours has to do as well:

- **Verify** the signature over the bytes as they came, and the time, before anything else.
- **Charge once for each key**: the same is asked again when an answer was lost, perhaps by two at once.
- **Say no** by status 402 and a reason only where asking again would change nothing. Whatever else goes wrong may be
  answered 500: it is asked again.
- **Answer soon**: what is not answered within ten seconds is asked again.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

TABLE = """
CREATE TABLE IF NOT EXISTS purchase (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL DEFAULT 'RESERVED', amount_minor INTEGER NOT NULL);
"""
PRICES_MINOR = {"FULL": 3000, "LITE": 1000}
CURRENCY = "EUR"

Answer = tuple[int, dict[str, Any]]


class Host:
    """Takes questions into a database."""

    def __init__(self, database: sqlite3.Connection, secrets: Sequence[str]) -> None:
        self.database, self.lock = database, Lock()
        self.verifiers = [Webhook(secret) for secret in secrets]
        database.executescript(TABLE)

    def receive(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Status and answer to a question."""
        asked = self._verified(headers, body)
        if asked is None:
            return 401, {}
        act = {
            "billing.preview": preview,
            "billing.reserve": self.reserve,
            "billing.confirm": self.confirm,
            "billing.cancel": self.cancel,
        }.get(asked["type"])
        if act is None:
            return 501, {}
        with self.lock, self.database:
            return act(asked["data"])

    def reserve(self, data: dict[str, Any]) -> Answer:
        """Look whether the seats can be charged for; nothing is charged yet."""
        if data["seatType"] not in PRICES_MINOR:
            return 402, {"reason": f"{data['seatType']} seats are not sold."}
        # The period begins and ends where Rollcall says, so its amount is right. Yours may be another one.
        self.database.execute(
            "INSERT INTO purchase (key, amount_minor) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
            [data["key"], data["amountMinor"]],
        )
        number, state, amount = self._find(data["key"])
        if state == "CANCELLED":
            return 402, {"reason": "It was given up before."}
        return 200, {"reservation": f"R-{number}", "amountMinor": amount}

    def confirm(self, data: dict[str, Any]) -> Answer:
        """Charge for the seats, unless that was done before. This is where you would write a line of an invoice."""
        number, state, amount = self._find(data["key"])
        if state == "CANCELLED":
            return 402, {"reason": "It was given up before."}
        self.database.execute("UPDATE purchase SET state = 'CHARGED' WHERE key = ?", [data["key"]])
        return 200, {"reference": f"INV-{number}", "amountMinor": amount}

    def cancel(self, data: dict[str, Any]) -> Answer:
        """Let go of what was reserved, unless it is charged for already."""
        number, state, amount = self._find(data["key"])
        if state == "CHARGED":
            return 200, {"isCharged": True, "reference": f"INV-{number}", "amountMinor": amount}
        self.database.execute("UPDATE purchase SET state = 'CANCELLED' WHERE key = ?", [data["key"]])
        return 200, {"isCharged": False}

    def _find(self, key: str) -> tuple[int, str, int]:
        found = self.database.execute("SELECT number, state, amount_minor FROM purchase WHERE key = ?", [key])
        number, state, amount = found.fetchone()
        return number, state, amount

    def _verified(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any] | None:
        """What is asked, if one of the secrets signed it within five minutes; None for anybody else's."""
        for verifier in self.verifiers:
            try:
                return dict(verifier.verify(body, dict(headers)))
            except WebhookVerificationError:
                continue
        return None


def preview(data: dict[str, Any]) -> Answer:
    """What more seats would cost until the end of the month, from the day on which somebody asks; charges nothing."""
    price = PRICES_MINOR.get(data["seatType"])
    if price is None:
        return 402, {"reason": f"{data['seatType']} seats are not sold."}
    day = datetime.fromisoformat(data["at"]).astimezone(UTC).date()
    start = day.replace(day=1)
    end = (start + timedelta(days=31)).replace(day=1)
    line = {
        "text": f"{data['quantity']} more {data['seatType'].lower()} seats",
        "quantity": data["quantity"],
        "amountMinor": _charge(price * data["quantity"], day, start, end),
        "since": day.isoformat(),
        "until": end.isoformat(),
    }
    return 200, {
        "priceMinor": price,
        "currency": CURRENCY,
        "periodStart": start.isoformat(),
        "periodEnd": end.isoformat(),
        "lines": [line],
    }


def _charge(price_minor: int, day: date, start: date, end: date) -> int:
    """The part of a price for the days that are left, that day included, rounded half up."""
    left, days = (end - day).days, (end - start).days
    return (2 * price_minor * left + days) // (2 * days)


def server(host: Host, port: int) -> ThreadingHTTPServer:
    """An HTTP server that hands every POST to a host."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            try:
                status, answer = host.receive({name.lower(): value for name, value in self.headers.items()}, body)
            except Exception as error:
                self.log_error("%r", error)
                status, answer = 500, {}
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


if __name__ == "__main__":
    kept = sqlite3.connect("billing.sqlite", check_same_thread=False)
    server(Host(kept, os.environ["ROLLCALL_BILLING_SECRET"].split()), 8081).serve_forever()
