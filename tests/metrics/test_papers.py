"""docs/metrics.md tells of every number with its labels, and alerts ask only for what there is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from api.metrics import counting
from api.outbox import tasks
from db import queue, sql
from tests.conftest import NewDirectory
from tests.factories import (
    DirectoryFactory,
    DirectoryKeyFactory,
    RemovalFactory,
    SeatPoolFactory,
    WebhookEndpointFactory,
)

from .reading import numbers

DOCS = Path(__file__).parents[2] / "docs"
ROW = re.compile(r"^\| `(rollcall_\w+)` \| ([^|]*)\|", re.MULTILINE)
ALERTS: list[dict[str, Any]] = [
    rule for group in yaml.safe_load((DOCS / "alerts.yaml").read_text())["groups"] for rule in group["rules"]
]


def told() -> Mapping[str, Set[str]]:
    """The labels of each number, as the paper has them."""
    return {
        name: set(re.findall(r"`(\w+)`", labels)) for name, labels in ROW.findall((DOCS / "metrics.md").read_text())
    }


def plain(name: str) -> str:
    """The name of a number without what histograms put behind it."""
    return re.sub(r"(_seconds)_(bucket|sum|count)$", r"\1", name)


async def test_the_paper_tells_of_every_number_with_its_labels(
    client: httpx.AsyncClient, new_directory: NewDirectory
) -> None:
    access = await new_directory()
    await client.get("/scim/v2/Users", headers={"Authorization": f"Bearer {access.key}"})
    await client.post("/graphql", json={"query": "{ viewer { name } }"})
    counting.note_connections()
    await DirectoryKeyFactory.make(directory=await DirectoryFactory.make(), last_used_at=datetime.now(UTC))
    await RemovalFactory.make()
    await SeatPoolFactory.make(seat_limit=1)
    await WebhookEndpointFactory.make()
    await tasks.put("letters.send", {})
    await sql.rows(
        f"""INSERT INTO {queue.SCHEDULE} (entrypoint, expression, status, last_run, next_run)
            VALUES ('a', '* * * * *', 'queued', now(), now())"""
    )
    found: dict[str, set[str]] = {}
    for name, where in await numbers(client):
        found.setdefault(plain(name), set()).update({label for label, _ in where} - {"le"})
    assert found == told()


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: str(alert["alert"]))
def test_an_alert_asks_for_what_there_is_and_says_what_to_do(alert: dict[str, Any]) -> None:
    asked = re.findall(r"(rollcall_\w+)(?:\{([^}]*)\})?", alert["expr"])
    assert asked
    possible: set[str] = {"le", "instance", "job"}
    for name, matchers in asked:
        labels = told()[plain(name)]
        assert set(re.findall(r"(\w+)\s*[!=]", matchers)) <= labels, name
        possible |= labels
    grouped = [
        each.strip() for part in re.findall(r"(?:by|ignoring) ?\(([^)]*)\)", alert["expr"]) for each in part.split(",")
    ]
    shown = re.findall(r"\$labels\.(\w+)", " ".join(alert["annotations"].values()))
    assert set(grouped) | set(shown) <= possible
    assert set(shown) - {"instance"} <= set(grouped)
    assert alert["annotations"].keys() == {"summary", "action"}
    assert alert["labels"]["severity"] in ("critical", "warning", "info")


def test_alerts_have_names_of_their_own() -> None:
    names = [alert["alert"] for alert in ALERTS]
    assert len(set(names)) == len(names) > 10
