"""What is counted with each request, for all processes of a server together.

Each process counts in a file of its own (prometheus-client's multiprocess mode), and whichever is asked adds them up. A
process that is gone leaves its file, so that counters never fall while the server runs. Labels come from lists that
end: a status, a method that SCIM has, and of directories the first `DIRECTORIES` that each process meets.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from db.engine import DB
from db.rows import KeyRow

DIRECTORIES = 500
"""So many directories have counters of their own; those that come later are counted as `other`."""

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus-client reads it when it is imported
_LOOK_SECONDS = 5.0
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_NOBODY, _OTHER = "none", "other"

disable_created_metrics()  # type: ignore[no-untyped-call]  # prometheus-client leaves it untyped
_registry = CollectorRegistry()
_scim = Counter(
    "rollcall_scim_requests",
    "SCIM requests that were answered; `none` is whoever came without a key that was ever known.",
    ("organization", "directory", "status"),
    registry=_registry,
)
_scim_seconds = Histogram(
    "rollcall_scim_request_seconds",
    "From a SCIM request to the beginning of its answer.",
    ("method",),
    buckets=_BUCKETS,
    registry=_registry,
)
_graphql = Counter("rollcall_graphql_requests", "GraphQL requests that were answered.", ("status",), registry=_registry)
_graphql_seconds = Histogram(
    "rollcall_graphql_request_seconds",
    "From a GraphQL request to its answer.",
    buckets=_BUCKETS,
    registry=_registry,
)
_connections = Gauge(
    "rollcall_database_connections",
    "Connections of this server's processes to the database: busy, idle, and how many there may be at most.",
    ("state",),
    multiprocess_mode="livesum",
    registry=_registry,
)

_is_on = False
_scim_children: dict[tuple[uuid.UUID | None, int], Counter] = {}
_scim_seconds_children: dict[str, Histogram] = {}
_known: set[uuid.UUID] = set()


def switch(is_on: bool) -> None:
    """Whether to count from now on."""
    global _is_on
    _is_on = is_on


def scim(key: KeyRow | None, method: str, status: int, began: int) -> None:
    """Count a SCIM request with a directory's key, if with any, that began at `time.perf_counter_ns()`."""
    if not _is_on:
        return
    place = (key.directory_id if key else None, status)
    counter = _scim_children.get(place)
    if counter is None:
        counter = _counter(key, status)
    counter.inc()
    seconds = _scim_seconds_children.get(method)
    if seconds is None:
        seconds = _seconds_of(method)
    seconds.observe((time.perf_counter_ns() - began) / 1e9)


def graphql(status: int, began: int) -> None:
    """Count a GraphQL request that began at `time.perf_counter_ns()`."""
    if _is_on:
        _graphql.labels(str(status)).inc()
        _graphql_seconds.observe((time.perf_counter_ns() - began) / 1e9)


def counted() -> Iterable[Metric]:
    """What all processes of this server counted; reads files, so not for the thread that answers requests."""
    folder = os.environ.get(_FOLDER)
    if folder is None:
        return list(_registry.collect())
    _forget_the_dead(Path(folder))
    registry = CollectorRegistry()
    MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]  # prometheus-client leaves it untyped
    return list(registry.collect())


@contextlib.contextmanager
def together(is_on: bool) -> Iterator[None]:
    """Let processes that are started in this block count together, if anything is counted at all."""
    if not is_on:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="rollcall-metrics-", ignore_cleanup_errors=True) as folder:
        os.environ[_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[_FOLDER]


@contextlib.asynccontextmanager
async def watching() -> AsyncIterator[None]:
    """Look at this process's connections now and then, as long as the block lasts."""
    if not _is_on:
        yield
        return
    task = asyncio.create_task(_watch())
    try:
        yield
    finally:
        task.cancel()


async def _watch() -> None:
    while True:
        note_connections()
        await asyncio.sleep(_LOOK_SECONDS)


def note_connections() -> None:
    """Note how many connections this process has now."""
    if _is_on and (pool := DB.pool) is not None:
        idle = pool.get_idle_size()
        _connections.labels("idle").set(idle)
        _connections.labels("busy").set(pool.get_size() - idle)
        _connections.labels("most").set(pool.get_max_size())


def _counter(key: KeyRow | None, status: int) -> Counter:
    if key is None:
        return _scim_children.setdefault((None, status), _scim.labels(_NOBODY, _NOBODY, str(status)))
    if key.directory_id not in _known and len(_known) >= DIRECTORIES:
        return _scim.labels(_OTHER, _OTHER, str(status))
    _known.add(key.directory_id)
    counter = _scim.labels(str(key.organization_id), str(key.directory_id), str(status))
    return _scim_children.setdefault((key.directory_id, status), counter)


def _seconds_of(method: str) -> Histogram:
    """Not kept for methods that nobody knows: there is no end to those."""
    if method not in _METHODS:
        return _scim_seconds.labels(_OTHER)
    return _scim_seconds_children.setdefault(method, _scim_seconds.labels(method))


def _forget_the_dead(folder: Path) -> None:
    """Processes that are gone have no connections."""
    for file in folder.glob("gauge_live*.db"):
        pid = int(file.stem.rpartition("_")[2])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]  # prometheus-client leaves it untyped
        except PermissionError:
            pass
