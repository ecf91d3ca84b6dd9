"""Everything that is counted and known, as Prometheus reads it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from . import counting
from .standing import standing

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


async def page() -> bytes:
    """The numbers of this moment, in Prometheus' text format; the database may be away."""
    known = await standing()
    return await asyncio.to_thread(_written, known)


def _written(known: Sequence[Metric]) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Ready([*counting.counted(), *known]))
    return generate_latest(registry)


class _Ready(Collector):
    """Metrics that are there already, as a registry wants to have them."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics
