"""How much a worker holds while the largest group is read and replaced."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from .operations import BASE, Request
from .populations import LARGE, Population
from .recording import headers
from .serving import Server

LIMIT = 300_000_000


@dataclass(frozen=True, slots=True)
class Held:
    """What the worker has held at most, in bytes, up to the end of a step, and how many seconds the step took."""

    step: str
    peak: int
    seconds: float


def measure(server: Server, key: str, population: Population) -> list[Held]:
    """Read the largest group, put the same members, all but ten out, and all back in."""
    target = f"{BASE}/Groups/{population.group(LARGE)}"
    everybody, some = _group(population, population.users), _group(population, min(10, population.users))
    steps = (
        (f"read {population.users:,} members", Request("GET", target)),
        (f"replace {population.users:,} by the same", Request("PUT", target, everybody)),
        ("replace them by 10", Request("PUT", target, some)),
        (f"replace 10 by {population.users:,}", Request("PUT", target, everybody)),
        (f"read {population.users:,} members again", Request("GET", target)),
    )
    found = [Held("before", server.memory()[1], 0.0)]
    for step, request in steps:
        seconds = _send(server.port, key, request)
        found.append(Held(step, server.memory()[1], seconds))
    return found


def _group(population: Population, count: int) -> bytes:
    document = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Team 0000",
        "externalId": "00g0000x5d7",
        "members": [{"value": str(population.user(number))} for number in range(count)],
    }
    return json.dumps(document, separators=(",", ":")).encode()


def _send(port: int, key: str, request: Request) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    began = time.perf_counter()
    connection.request(request.method, request.target, request.body or None, dict(headers(key, request)))
    answer = connection.getresponse()
    while answer.read(1_000_000):
        pass
    seconds = time.perf_counter() - began
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{request.method} {request.target} → {answer.status}")
    return seconds


def within_limit(held: Sequence[Held]) -> bool:
    """Whether the worker stayed under the limit."""
    return max(each.peak for each in held) < LIMIT
