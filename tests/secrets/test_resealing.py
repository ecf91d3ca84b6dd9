"""A newer key: everything is sealed anew by it, beside whatever goes on, and what cannot be opened is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.provisioning import sealed
from api.provisioning.errors import CannotSeal
from api.secrets import at_hand, ring, sealing
from api.secrets.ring import Ring
from api.secrets.sealing import Place
from db import sql
from db.engine import DB
from tests.factories import DirectoryFactory, PullFactory

KEYS = [ring.parse(ring.new_key()) for _ in range(2)]
OLD = KEYS[0]
BOTH = Ring(KEYS[1].first, {**KEYS[1].keys, **KEYS[0].keys})


@pytest.fixture(autouse=True)
def _keys(secret_keys: Path) -> Iterator[None]:
    sealing.use(OLD)
    yield
    at_hand.load(str(secret_keys))


async def _pulls(count: int) -> list[Place]:
    places = []
    for _ in range(count):
        directory = await DirectoryFactory.make()
        place = Place(directory.organization_id, "pull", directory.id, "credentials")
        await PullFactory.make(directory=directory, credentials=sealed.seal(str(directory.id).encode(), place))
        places.append(place)
    return places


async def _until_somebody_waits() -> None:
    """Until a statement waits for what another transaction has locked."""
    for _ in range(500):
        if await sql.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


async def test_everything_is_sealed_by_the_first_key(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "_AT_ONCE", 2)
    places = await _pulls(5)
    sealing.use(BOTH)
    assert await sealed.seal_anew() == 5
    assert await sealed.seal_anew() == 0
    sealing.use(KEYS[1])
    for place in places:
        [[secret]] = await sql.rows("SELECT credentials FROM pull WHERE directory_id = $1", place.row)
        assert sealed.unseal(secret, place) == str(place.row).encode()
    [found] = await sealed.standing()
    assert found.by_key == {KEYS[1].first.hex(): 5}


async def test_what_cannot_be_opened_is_told_after_the_rest_was_done(database: None) -> None:
    places = await _pulls(3)
    await sql.rows("UPDATE pull SET credentials = credentials || 'x' WHERE directory_id = $1", places[1].row)
    sealing.use(BOTH)
    with pytest.raises(CannotSeal, match="2 secrets were sealed anew, 1 cannot be opened"):
        await sealed.seal_anew()


async def test_a_secret_that_is_set_meanwhile_stays(database: None) -> None:
    [place] = await _pulls(1)
    sealing.use(BOTH)
    newer = sealed.seal(b"newer", place)
    async with DB.connection() as connection:
        async with connection.transaction():
            await connection.execute("UPDATE pull SET credentials = $2 WHERE directory_id = $1", place.row, newer)
            sealing_anew = asyncio.create_task(sealed.seal_anew())
            await _until_somebody_waits()
        await sealing_anew
    [[secret]] = await sql.rows("SELECT credentials FROM pull WHERE directory_id = $1", place.row)
    assert sealed.unseal(secret, place) == b"newer"


async def test_what_was_stopped_goes_on_where_it_was(database: None) -> None:
    places = await _pulls(3)
    sealing.use(BOTH)
    async with DB.connection() as connection, connection.transaction():
        await connection.execute("SELECT FROM pull WHERE directory_id = $1 FOR UPDATE", places[1].row)
        stopped = asyncio.create_task(sealed.seal_anew())
        await _until_somebody_waits()
        stopped.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stopped
    [found] = await sealed.standing()
    assert found.by_key == {KEYS[1].first.hex(): 1, OLD.first.hex(): 2}
    assert await sealed.seal_anew() == 2
