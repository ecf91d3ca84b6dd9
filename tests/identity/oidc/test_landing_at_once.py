"""That somebody has come, and by which id, is written together or not at all."""

from __future__ import annotations

import asyncio

import pytest

from api.identity.landing import Landed
from db.queries import sso as sso_rows
from tests.scim.conversation import Scim
from tests.scim.governing import choose, everybody, member_of
from tests.scim.test_seats import limit

from .signing_in import Browser, known
from .test_landing import land, refused


async def test_a_member_is_never_made_without_the_id_that_they_came_by(
    ann: Browser, acme: Scim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever breaks between the two; the next sign-in does both."""
    with monkeypatch.context() as broken:
        broken.setattr(sso_rows, "let_in", _break)
        with pytest.raises(ConnectionError):
            await land(ann)
    assert (await everybody(acme), await known(ann.connection)) == ([], {})
    assert (await land(ann)).is_new
    assert await known(ann.connection) == {"ann-1": "ann@example.com"}


async def _break(*_: object) -> bool:
    raise ConnectionError("The database went away.")


async def test_somebody_new_who_has_to_wait_for_a_seat_waits_though_they_are_not_let_in(
    ann: Browser, acme: Scim
) -> None:
    await limit(acme, full=0)
    await choose(acme, seat_limit="HOLD")
    assert "you wait for a seat" in (await refused(ann))[0]
    assert (await member_of(acme))["status"] == "WAITING_FOR_SEAT"
    assert await known(ann.connection) == {}


async def test_of_many_sign_ins_at_once_each_leads_to_the_same_member(ann: Browser, acme: Scim) -> None:
    landed = await asyncio.gather(*(land(ann) for _ in range(10)))
    assert len({each.member for each in landed}) == len(await everybody(acme)) == 1
    assert sum(each.is_new for each in landed) == 1
    assert await known(ann.connection) == {"ann-1": "ann@example.com"}


async def test_of_two_people_who_come_at_once_by_one_address_one_comes_in(ann: Browser) -> None:
    """Who had it before, and whom it was given to."""
    came = await asyncio.gather(*(land(ann, subject=f"ann-{n}") for n in range(8)), return_exceptions=True)
    assert sum(isinstance(each, Landed) for each in came) == len(await known(ann.connection)) == 1
    assert all("belonged to somebody else" in str(each) for each in came if not isinstance(each, Landed))
