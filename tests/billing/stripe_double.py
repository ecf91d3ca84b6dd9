"""Stripe on loopback, as docs.stripe.com and Stripe's OpenAPI document describe it, for the endpoints that are used.

It is as strict as Stripe or stricter: a parameter that is not published is refused, and so are a body that is no form,
another version of the API, a key that Stripe never gave, and a number that is none. Answers are kept by idempotency key
once carrying out has begun, errors as well, and repeated; the same key with other parameters is refused.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from api.billing.stripe_client import VERSION

from .stripe_published import PUBLISHED, Refusal, checked

KEY = "sk_test_double"


@dataclass
class Trouble:
    """Something that goes wrong once with a change: before it is carried out, or after it.

    Without a refusal the connection is closed without an answer.
    """

    refusal: Refusal | None = None
    is_after: bool = False


@dataclass
class Kept:
    """What is kept for an idempotency key."""

    asked: tuple[str, str]
    status: int
    body: dict[str, Any]


@dataclass
class Double:
    """A subscription of full and lite seats, what was charged besides it, and what was asked."""

    start: int
    end: int
    url: str = ""
    full: int = 10
    lite: int = 3
    customer: str = "cus_1"
    currency: str = "eur"
    status: str = "active"
    unit_amount: int | None = 3000
    pending_update: dict[str, Any] | None = None
    page: int = 100
    troubles: list[Trouble] = field(default_factory=list)
    reading_troubles: list[Trouble] = field(default_factory=list)
    charged: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    kept: dict[str, Kept] = field(default_factory=dict)
    together: threading.Barrier | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    def quantity(self, item: str) -> int:
        """How many seats an item charges for."""
        return {"si_full": self.full, "si_lite": self.lite}[item]

    def subscription(self) -> dict[str, Any]:
        """The subscription as Stripe shows it, as far as it is needed."""
        items = [self._item(item) for item in ("si_lite", "si_full")]
        return {
            "id": "sub_1",
            "object": "subscription",
            "customer": self.customer,
            "currency": self.currency,
            "status": self.status,
            "collection_method": "charge_automatically",
            "pending_update": self.pending_update,
            "items": {"object": "list", "data": items[: self.page], "has_more": len(items) > self.page},
        }

    def _item(self, item: str) -> dict[str, Any]:
        price = {"id": f"price_{item}", "object": "price", "currency": self.currency, "unit_amount": self.unit_amount}
        return {
            "id": item,
            "object": "subscription_item",
            "quantity": self.quantity(item),
            "price": price,
            "current_period_start": self.start,
            "current_period_end": self.end,
            "subscription": "sub_1",
        }

    def prorations(self, item: str, quantity: int, at: int) -> list[dict[str, Any]]:
        """What is given back for the old quantity and charged for the new one, from a moment on, to the second."""
        if not self.start <= at < self.end:
            raise Refusal(400, "invalid_request_error", "Cannot prorate outside of the current period.")
        made = []
        for text, number, sign in (("Unused time", self.quantity(item), -1), ("Remaining time", quantity, 1)):
            amount = sign * round((self.unit_amount or 0) * number * (self.end - at) / (self.end - self.start))
            made.append(
                {
                    "amount": amount,
                    "currency": self.currency,
                    "description": f"{text} on {number} × seat",
                    "period": {"start": at, "end": self.end},
                    "quantity": number,
                    "item": item,
                }
            )
        return made

    # What endpoints do.

    def retrieve(self, _: dict[str, str]) -> dict[str, Any]:
        return self.subscription()

    def list_items(self, asked: dict[str, str]) -> dict[str, Any]:
        if asked.get("subscription") != "sub_1":
            raise Refusal(404, "invalid_request_error", "No such subscription", code="resource_missing")
        return {"object": "list", "data": [self._item(each) for each in ("si_lite", "si_full")], "has_more": False}

    def update(self, asked: dict[str, str]) -> dict[str, Any]:
        item, quantity = asked["items[0][id]"], int(asked["items[0][quantity]"])
        if item not in ("si_full", "si_lite"):
            raise Refusal(400, "invalid_request_error", f"No such subscription item: '{item}'")
        if self.status == "canceled":
            raise Refusal(404, "invalid_request_error", "No such subscription: 'sub_1'", code="resource_missing")
        if asked.get("proration_behavior", "create_prorations") == "create_prorations":
            at = int(asked.get("proration_date", self.start))
            for each in self.prorations(item, quantity, at):
                parent = {"type": "subscription_details", "subscription_details": {"subscription_item": each["item"]}}
                kept = {key: value for key, value in each.items() if key != "item"}
                id = f"ii_{len(self.charged):03}"
                self.charged.append({"id": id, "object": "invoiceitem", "proration": True, "parent": parent, **kept})
        if item == "si_full":
            self.full = quantity
        else:
            self.lite = quantity
        self.changes.append(asked)
        return self.subscription()

    def preview(self, asked: dict[str, str]) -> dict[str, Any]:
        if asked.get("subscription") != "sub_1" or asked.get("customer") != self.customer:
            raise Refusal(404, "invalid_request_error", "No such subscription", code="resource_missing")
        details = "subscription_details"
        item, quantity = asked[f"{details}[items][0][id]"], int(asked[f"{details}[items][0][quantity]"])
        lines = [
            {"id": f"il_{number}", "object": "line_item", **_line(each, is_proration=True)}
            for number, each in enumerate(self.prorations(item, quantity, int(asked[f"{details}[proration_date]"])))
        ]
        # Whatever else comes to the next invoice: the next period.
        renewal = {"amount": quantity * (self.unit_amount or 0), "currency": self.currency, "quantity": quantity}
        renewal |= {"item": item, "period": {"start": self.end, "end": self.end + 1}}
        lines.append({"id": "il_next", "object": "line_item", **_line(renewal, is_proration=False)})
        found = {"object": "list", "data": lines[: self.page], "has_more": len(lines) > self.page}
        return {"id": "upcoming_in_1", "object": "invoice", "lines": found}

    def list_invoice_items(self, asked: dict[str, str]) -> dict[str, Any]:
        if asked.get("customer") != self.customer:
            return {"object": "list", "data": [], "has_more": False}
        limit, after = min(int(asked.get("limit", "10")), self.page), asked.get("starting_after")
        newest = list(reversed(self.charged))
        first = next((number + 1 for number, each in enumerate(newest) if each["id"] == after), 0)
        return {"object": "list", "data": newest[first : first + limit], "has_more": len(newest) > first + limit}


def _line(found: dict[str, Any], *, is_proration: bool) -> dict[str, Any]:
    details = {"subscription": "sub_1", "subscription_item": found["item"], "proration": is_proration}
    parent = {"type": "subscription_item_details", "subscription_item_details": details, "invoice_item_details": None}
    return {**{key: value for key, value in found.items() if key != "item"}, "parent": parent}


@contextmanager
def stripe(start: int, end: int) -> Iterator[Double]:
    """Stripe for the length of the block, with a billing period between two moments."""
    double = Double(start, end)

    class Handler(_Handler):
        state = double

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    double.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    state: Double

    def do_GET(self) -> None:  # as the library calls it
        self._answer("GET", dict(parse_qsl(urlsplit(self.path).query, strict_parsing=bool(urlsplit(self.path).query))))

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.headers["Content-Type"] != "application/x-www-form-urlencoded":
            return self._send(400, Refusal(400, "invalid_request_error", "The body is no form.").body)
        return self._answer("POST", dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True)))

    def log_message(self, *_: object) -> None:
        """Nothing: what was asked is kept."""

    def _answer(self, method: str, asked: dict[str, str]) -> None:
        path = urlsplit(self.path).path
        self.state.asked.append(f"{method} {path}")
        try:
            self._send(*self._carried_out(method, path, asked))
        except Refusal as refusal:
            self._send(refusal.status, refusal.body, **refusal.headers)
        except ConnectionAbortedError:
            self.close_connection = True

    def _carried_out(self, method: str, path: str, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        state = self.state
        if self.headers["Authorization"] != f"Bearer {KEY}":
            raise Refusal(401, "invalid_request_error", "Invalid API Key provided: sk_test_*****")
        if self.headers["Stripe-Version"] != VERSION:
            raise Refusal(400, "invalid_request_error", "Invalid Stripe API version")
        shape = re.sub(r"/sub_\w+$", "/{id}", path)
        endpoint = f"{method} {shape}"
        if endpoint not in PUBLISHED:
            raise Refusal(404, "invalid_request_error", f"Unrecognized request URL ({endpoint})")
        checked(endpoint, asked)
        if shape.endswith("{id}") and not path.endswith("/sub_1"):
            raise Refusal(404, "invalid_request_error", f"No such subscription: '{path}'", code="resource_missing")
        act = {
            "GET /v1/subscriptions/{id}": state.retrieve,
            "POST /v1/subscriptions/{id}": state.update,
            "GET /v1/subscription_items": state.list_items,
            "POST /v1/invoices/create_preview": state.preview,
            "GET /v1/invoiceitems": state.list_invoice_items,
        }[endpoint]
        if endpoint != "POST /v1/subscriptions/{id}":
            with state.lock:
                if state.reading_troubles:
                    self._fail(state.reading_troubles.pop(0))
                return 200, act(asked)
        return self._changed(path, asked)

    def _changed(self, path: str, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        state, key = self.state, self.headers["Idempotency-Key"]
        if not key or len(key) > 255:
            raise Refusal(400, "invalid_request_error", "This test wants a key with each change.")
        state.keys.append(key)
        if state.together is not None:
            state.together.wait(10)
        what = (path, json.dumps(asked, sort_keys=True))
        with state.lock:
            known = state.kept.get(key)
            if known is not None:
                if known.asked != what:
                    text = f"Keys for idempotent requests can only be used with the same parameters: {key}"
                    raise Refusal(400, "idempotency_error", text)
                self.is_replayed = True
                return known.status, known.body
            trouble = state.troubles.pop(0) if state.troubles else None
            if trouble is not None and not trouble.is_after:
                self._fail(trouble, key, what)
            status, body = 200, state.update(asked)
            state.kept[key] = Kept(what, status, body)
            if trouble is not None:
                self._fail(trouble, key, what)
            return status, body

    def _fail(self, trouble: Trouble, key: str | None = None, what: tuple[str, str] | None = None) -> None:
        if trouble.refusal is None:
            raise ConnectionAbortedError
        if key is not None and what is not None and trouble.refusal.is_kept:
            self.state.kept[key] = Kept(what, trouble.refusal.status, trouble.refusal.body)
        raise trouble.refusal

    is_replayed = False

    def _send(self, status: int, body: dict[str, Any], **headers: str) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Request-Id", "req_double")
        if self.is_replayed:
            self.send_header("Idempotent-Replayed", "true")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(text)
