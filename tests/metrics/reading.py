"""What Prometheus would read."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import METRICS_TOKEN

Labels = frozenset[tuple[str, str]]
Numbers = Mapping[tuple[str, Labels], float]


async def numbers(client: httpx.AsyncClient) -> Numbers:
    """All samples by name and labels."""
    answer = await client.get("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
    assert answer.status_code == 200
    return read(answer.text)


def read(text: str) -> Numbers:
    """The samples in a text of Prometheus' format."""
    families = text_string_to_metric_families(text)
    return {(each.name, frozenset(each.labels.items())): each.value for family in families for each in family.samples}


def of(found: Numbers, name: str) -> dict[Labels, float]:
    """The samples of one name."""
    return {labels: value for (each, labels), value in found.items() if each == name}


def labels(**values: object) -> Labels:
    """Labels as they are read."""
    return frozenset((name, str(value)) for name, value in values.items())
