"""Filling the demo, once: the same days each time, counted back from now."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import httpx

from api.provisioning import clock, request_log
from api.settings import Settings
from db import moment
from db.ids import OrganizationId

from . import keeping, others, people, today
from .access import Access
from .acme import Acme, found
from .days import Days

if TYPE_CHECKING:
    from litestar import Litestar

_LOGGER = "rollcall"


async def fill(application: Litestar, chosen: Settings) -> Access:
    """Live through all days, in an application that is running, of a process that does nothing else meanwhile."""
    days = Days(clock.now())
    with moment.elsewhere(days.start), _quietly():
        async with _client(application) as http:
            await others.run_it()
            made = await Acme.founded(days, http, chosen, await _begun(chosen, people.ORGANIZATION, people.DOMAIN))

            async def clinic() -> None:
                await others.staff(days, http, chosen, await _begun(chosen, others.SMALL, others.DOMAIN))

            async def studio() -> None:
                await _begun(chosen, others.EMPTY)

            await made.live([(64, "10:00", clinic), (8, "15:30", studio)])
            await today.live(made)
            await request_log.flush()
    keeping.keep(keeping.key_file(chosen), made.key)
    return Access(made.organization, made.directory, made.key)


async def _begun(chosen: Settings, name: str, *domains: str) -> OrganizationId:
    organization = await found(name, *domains)
    keeping.note_begun(chosen, organization)
    return organization


@asynccontextmanager
async def _client(application: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=application)  # type: ignore[arg-type]  # Litestar is an ASGI application
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@contextmanager
def _quietly() -> Iterator[None]:
    """Log no more than what is wrong: a hundred nights of a worker say nothing to anybody."""
    logger = logging.getLogger(_LOGGER)
    before = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(before)
