"""Measuring pages of the dashboard: for one client, beside a floor that runs the same statements, with their weight."""

from __future__ import annotations

import asyncio
import gzip
import pickle
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from api import settings
from api.identity import accounts, sessions
from api.identity.sessions import Browser, Proof
from api.provisioning.caller import the_operator
from dashboard import rendering
from dashboard.app import create_app
from db.engine import DB
from db.enums import Way

from . import measuring, people, recording, serving
from .measuring import Effort, Measured, Script, Side, to_application, to_floor
from .operations import Operation, Request, World
from .populations import Population

MILLISECONDS = 150.0
"""All but one of a hundred pages are there within so long, for one client."""

KILOBYTES = 60.0
"""A page with all that it loads, but images, as it is sent."""

_SAMPLES = 20


@dataclass(frozen=True, slots=True)
class Paged:
    """A page: how it is answered, and by the floor; how many statements it takes.

    `size` is in bytes, packed as it is sent; `weight` with style sheet and scripts, which browsers keep.
    """

    page: Operation
    statements: int
    size: int
    weight: int
    application: Measured
    floor: Measured


def _fixed(path: str) -> Callable[[World], Iterator[Request]]:
    return partial(_paths, lambda world, number: path)


def _searched(world: World, number: int) -> str:
    return f"/people?query={people.email(world.population.token(number)).split('@')[0]}"


def _paths(path: Callable[[World, int], str], world: World) -> Iterator[Request]:
    base = f"/o/{world.population.organization}"
    for number in world.users()[:_SAMPLES]:
        yield Request("GET", f"{base}{path(world, number)}", media_type="text/html")


PAGES: Sequence[Operation] = (
    Operation("page-overview", "overview", _fixed("")),
    Operation("page-people", "people, first page", _fixed("/people")),
    Operation(
        "page-people-filter", "people with a full seat who are active", _fixed("/people?seat=FULL&status=ACTIVE")
    ),
    Operation("page-people-sort", "people by name", _fixed("/people?sort=name")),
    Operation("page-people-search", "people, searched", partial(_paths, _searched)),
    Operation("page-groups", "groups", _fixed("/groups")),
    Operation("page-roles", "roles", _fixed("/roles")),
    Operation("page-seats", "seats", _fixed("/seats")),
    Operation("page-activity", "activity", _fixed("/activity")),
    Operation("page-provisioning", "provisioning", _fixed("/provisioning")),
)


def measure(
    url: str, population: Population, effort: Effort, generator: Executor, chosen: Sequence[Operation]
) -> list[Paged]:
    """Look at pages as somebody who runs the installation, one after another."""
    alone = replace(effort, connections=1)
    cookie, recorded, sizes = asyncio.run(_prepare(url, population, chosen))
    world = World(population, 0, _SAMPLES)
    scripts = [
        Script({each.name: write(cookie, each, list(each.requests(world))) for each in chosen})
        for write in (lambda key, _, requests: to_application(key, requests), to_floor)
    ]
    found = []
    with tempfile.TemporaryDirectory(prefix="rollcall-bench-") as folder:
        file = Path(folder) / "recording"
        file.write_bytes(pickle.dumps(recorded))
        with serving.application(url, workers=1) as server, serving.floor(url, file, workers=1) as floor:
            sides = Side(server, scripts[0]), Side(floor, scripts[1])
            for page in chosen:
                one, other, _ = measuring.measure(generator, page, sides, alone, lambda: None)
                size, statements = sizes[page.name], len(recorded[page.name][0].calls)
                found.append(Paged(page, statements, size, size + _loaded(), one, other))
    return found


def _loaded() -> int:
    """How much every page loads besides, packed."""
    return sum(len(rendering.assets()[name].zipped) for name in ("style.css", "htmx-2.0.11.min.js", "rollcall.js"))


async def _prepare(
    url: str, population: Population, chosen: Sequence[Operation]
) -> tuple[str, dict[str, list[recording.Recorded]], dict[str, int]]:
    DB.use(url)
    application = create_app(settings.read({"DATABASE_URL": url, "ROLLCALL_LOG_LEVEL": "warning"}))
    world, recorded, sizes = World(population, 0, _SAMPLES), {}, {}
    async with application.lifespan():
        operator = await accounts.make_operator(the_operator(), "bench@example.com")
        begun = await sessions.begin(operator.id, Proof(Way.CODE, proves_address=True), Browser("bench"))
        cookie = f"{recording.SESSION}{begun.token}"
        for page in chosen:
            requests = list(page.requests(world))
            recorded[page.name] = await recording.record(application, cookie, requests, run=measuring.RUN)
            answered = await recording.ask(application, cookie, requests[0])
            sizes[page.name] = len(gzip.compress(bytes(answered.body)))
    return cookie, recorded, sizes
