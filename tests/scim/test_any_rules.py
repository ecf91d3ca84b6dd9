"""Whatever directories send and admins choose: roles are what their explanation says, and an admin stays."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from api.provisioning import members
from api.provisioning.errors import ProvisioningError
from db import sql
from tests.conftest import NewDirectory

from .conftest import second_directory
from .conversation import Scim
from .conversation_strategies import WITHOUT_SHRINKING
from .governing import everybody, governor, person
from .rule_steps import BEGINNING, SENT, WISHED, play


async def _check(scim: Scim, had_admin: bool) -> bool:
    """The invariants; whether somebody can use the organization as an admin."""
    everyone = await everybody(scim)
    for member in everyone:
        outcome = await members.explain(governor(scim), member["id"])
        assert member["role"] == (outcome.role.key if outcome.role else None)
        assert (member["status"] == "SUSPENDED") <= outcome.is_suspended
        assert (member["status"] == "ACTIVE") <= (not outcome.is_suspended)
    admins = [each for each in everyone if each["role"] == "admin" and each["status"] == "ACTIVE"]
    assert admins or not had_admin
    return bool(admins)


async def _counted(scim: Scim) -> object:
    return await sql.value("SELECT count(*) FROM change WHERE organization_id = $1", scim.access.organization_id)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=WITHOUT_SHRINKING,
)
@given(st.lists(SENT | WISHED, min_size=4, max_size=14))
async def test_roles_are_what_their_explanation_says_and_an_admin_stays(
    scim: Scim, new_directory: NewDirectory, steps: list[tuple[Any, ...]]
) -> None:
    here, there = Scim(scim.http, await new_directory()), Scim(scim.http, await new_directory())
    elsewhere = await second_directory(here)
    await there.post("/Users", person())
    before, had_admin = await _counted(there), False
    for step in [*BEGINNING, *steps]:
        try:
            await play(here, elsewhere, step)
            note(f"{step}")
        except ProvisioningError as error:
            note(f"{step} refused: {error}")
        had_admin = await _check(here, had_admin)
    assert await _counted(there) == before
    assert [each["role"] for each in await everybody(there)] == ["viewer"]
