"""Whatever is done to an organization, by whichever door and in whichever order: it stays as it has to be."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from api.provisioning import clock, seat_pools
from api.provisioning.errors import ProvisioningError
from db.enums import SeatType
from tests.conftest import NewDirectory

from .conftest import second_directory
from .conversation import Scim
from .conversation_strategies import WITHOUT_SHRINKING
from .doors import Step, World, lives
from .doors.directories import create, found
from .doors.operators import accept, agree, choose, limit, map_group
from .governing import person
from .invariants import REMEMBERS_REFUSALS, State, digest, follows, sound

EXAMPLES = os.environ.get("ROLLCALL_EXAMPLES")
"""How many lives to try instead of a few; then there is also time to look for the shortest that fails."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What an organization is at one moment, and a digest of all that it has."""

    digest: Mapping[str, str | None]
    state: State


BEGINNING = [
    Step(create, (0, "ann", "full", True)),
    Step(create, (0, "bob", None, True)),
    Step(create, (0, "eve", None, True)),
    Step(create, (1, "ann", None, True)),
    Step(found, (0, "One", "ann")),
    Step(map_group, (0, "admin")),
]


def _chosen(policy: str, *values: str) -> st.SearchStrategy[Step]:
    return st.builds(Step, st.just(choose), st.tuples(st.tuples(st.just(policy), st.sampled_from(values))))


CONSENT = [Step(accept, (100_000,))]
NEWCOMERS = [Step(create, (0, "kim", None, True)), Step(create, (1, "lea", "lite", True))]
"""They may have to wait, or may not come in: it depends."""

CIRCUMSTANCES = st.tuples(
    st.builds(Step, st.just(agree), st.tuples(st.sampled_from([1, 3]), st.just(True))),
    _chosen("breaker_people", "1", "2"),
    _chosen("breaker_response", "HOLD", "HOLD", "THROTTLE"),
    _chosen("seat_limit", "HOLD", "AUTO_PURCHASE", "DOWNGRADE_TO_FREE", "HOLD", "BLOCK", "ALLOW_OVERAGE"),
    st.builds(Step, st.just(limit), st.tuples(st.just("full"), st.sampled_from([3, 4, 2, None]))),
    st.builds(Step, st.just(limit), st.tuples(st.just("free"), st.sampled_from([1, None, 0]))),
)


async def _play(world: World, step: Step) -> str | None:
    """Make a step; why it was refused, if it was."""
    world.go_on(seconds=1)
    try:
        answer = await step.play(world)
    except ProvisioningError as error:
        return f"{type(error).__name__}: {error}"
    if not isinstance(answer, httpx.Response) or answer.status_code < 300:
        return None
    assert answer.status_code < 500 or "allows" in answer.text, answer.text
    return f"{answer.status_code}: {answer.text}"


async def _looked_at(world: World) -> Moment:
    return Moment(await digest(world.organization), await sound(world.organization))


async def _made(world: World, step: Step, before: Moment) -> Moment:
    """Make a step, and look whether it left the organization as it has to be; as what."""
    refusal = await _play(world, step)
    note(f"{step}{f' refused: {refusal}' if refusal else ''}")
    after = await digest(world.organization)
    altered = {name for name, text in after.items() if text != before.digest[name]} - REMEMBERS_REFUSALS
    assert not refusal or not altered, f"refused, and yet altered: {altered}"
    if not altered:
        return before
    now = await sound(world.organization)
    follows(before.state, now)
    return Moment(after, now)


async def _new_world(scim: Scim, new_directory: NewDirectory) -> World:
    """An organization that may buy seats."""
    here = Scim(scim.http, await new_directory())
    world = World([here, await second_directory(here)], clock.now())
    for seat_type, price in ((SeatType.FULL, 3000), (SeatType.LITE, 1000)):
        await seat_pools.set_price(world.operator, seat_type, price)
    return world


@settings(
    max_examples=int(EXAMPLES or 30),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=list(Phase) if EXAMPLES else WITHOUT_SHRINKING,
)
@given(CIRCUMSTANCES, lives())
async def test_whatever_is_done_an_organization_stays_sound(
    scim: Scim, new_directory: NewDirectory, circumstances: Sequence[Step], steps: Sequence[Step]
) -> None:
    stranger = Scim(scim.http, await new_directory())
    await stranger.post("/Users", person())
    world, untouched = await _new_world(scim, new_directory), await digest(stranger.access.organization_id)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: world.now)
        for step in [*BEGINNING, *circumstances, *CONSENT]:
            assert await _play(world, step) is None
        current = await _looked_at(world)
        for step in [*NEWCOMERS, *steps]:
            current = await _made(world, step, current)
    assert await digest(stranger.access.organization_id) == untouched
