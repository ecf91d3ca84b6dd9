"""A newer key: everything is sealed anew by it, beside whatever goes on, and what cannot be opened is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.provisioning import sealed
from api.provisioning.errors import CannotSeal
from api.secrets import at_hand, ring, sealing
from api.secrets.ring import Ring
from api.secrets.sealing import Place
from db import sql
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
    found, *_ = await sealed.standing()
    assert found.by_key == {KEYS[1].first.hex(): 5}


async def test_what_cannot_be_opened_is_told_after_the_rest_was_done(database: None) -> None:
    places = await _pulls(3)
    await sql.rows("UPDATE pull SET credentials = credentials || 'x' WHERE directory_id = $1", places[1].row)
    sealing.use(BOTH)
    with pytest.raises(CannotSeal, match="2 secrets were sealed anew, 1 cannot be opened"):
        await sealed.seal_anew()
